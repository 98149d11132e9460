#ifndef PAWL_DB_STATEMENT_H_
#define PAWL_DB_STATEMENT_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/status.h"

struct sqlite3_stmt;

namespace pawl::db {

class Connection;

// One use of a compiled statement: bind, step, read; at the end of its life it is reset and goes
// back to its connection. Parameters count from 1, columns from 0. A failed bind sticks and is
// returned by the next Step or Run. Thread-compatible, with its connection.
class Statement {
 public:
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  Statement& Bind(int parameter, int64_t value);
  // A BLOB (of length 0, never NULL, when empty), copied into SQLite's memory.
  Statement& Bind(int parameter, ByteView bytes);
  // TEXT, copied.
  Statement& Bind(int parameter, std::string_view text);
  Statement& Bind(int parameter, std::nullopt_t);
  template <typename T>
  Statement& Bind(int parameter, const std::optional<T>& value) {
    return value ? Bind(parameter, *value) : Bind(parameter, std::nullopt);
  }
  // The first parameters, in order.
  template <typename... T>
  Statement& BindAll(const T&... values) {
    int parameter = 0;
    (Bind(++parameter, values), ...);
    return *this;
  }
  // A BLOB that SQLite reads where it is: for large values, and for secrets, of which it then keeps
  // no copy of its own. The bytes must stay until Run returned or the statement is gone.
  Statement& BindInPlace(int parameter, ByteView bytes);
  Statement& BindInPlace(int parameter, Bytes&&) = delete;

  // True: a row is there to be read. False: there are no more, and the statement is reset.
  absl::StatusOr<bool> Step();
  // Steps to the end, dropping rows, and resets: ready for other values.
  absl::Status Run();

  // Of the row that Step reached. Views are valid until the next Step, Run or the statement's end.
  // A value of another type reads as SQLite converts it; NULL reads as 0 or empty.
  int64_t Int(int column) const;
  ByteView Blob(int column) const;
  std::string_view Text(int column) const;
  bool IsNull(int column) const;
  // kCorrupt unless the column holds exactly N bytes.
  template <size_t N>
  absl::StatusOr<ByteArray<N>> Array(int column) const {
    const ByteView bytes = Blob(column);
    if (bytes.size() != N) return Fail(Code::kCorrupt, "column of unexpected size");
    ByteArray<N> out;
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return out;
  }

 private:
  friend class Connection;
  Statement(Connection* connection, const char* text, sqlite3_stmt* statement)
      : connection_(connection), text_(text), statement_(statement) {}

  void NoteBind(int result);
  absl::Status FailedStep(int result);
  void Reset();

  Connection* connection_;
  const char* text_;  // the literal it was compiled from: its place in the connection's cache
  sqlite3_stmt* statement_;
  int bind_result_ = 0;
};

}  // namespace pawl::db

#endif  // PAWL_DB_STATEMENT_H_
