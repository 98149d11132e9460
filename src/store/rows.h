#ifndef PAWL_STORE_ROWS_H_
#define PAWL_STORE_ROWS_H_

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/status.h"
#include "base/strong_alias.h"
#include "crypto/secret.h"
#include "db/statement.h"
#include "store/batch.h"

namespace pawl::store {

// --- Values into a statement's parameters ---

// kNever is NULL, so that `expires_at <= now` and min() pass over it.
inline void BindValue(db::Statement& statement, int parameter, Timestamp time) {
  if (time == kNever) {
    statement.Bind(parameter, std::nullopt);
  } else {
    statement.Bind(parameter, time.ms);
  }
}
inline void BindValue(db::Statement& statement, int parameter, std::string_view text) {
  statement.Bind(parameter, text);
}
inline void BindValue(db::Statement& statement, int parameter, const std::string& text) {
  statement.Bind(parameter, std::string_view(text));
}
// Bytes are read where they lie: nothing of an envelope or a secret is copied on its way in.
inline void BindValue(db::Statement& statement, int parameter, ByteView bytes) {
  statement.BindInPlace(parameter, bytes);
}
inline void BindValue(db::Statement& statement, int parameter, const Bytes& bytes) {
  statement.BindInPlace(parameter, ByteView(bytes));
}
inline void BindValue(db::Statement& statement, int parameter, const crypto::SecretBytes& bytes) {
  statement.BindInPlace(parameter, bytes.Expose());
}
template <size_t N>
void BindValue(db::Statement& statement, int parameter, const ByteArray<N>& bytes) {
  statement.BindInPlace(parameter, ByteView(bytes));
}
template <typename T, typename = std::enable_if_t<std::is_integral_v<T> || std::is_enum_v<T>>>
void BindValue(db::Statement& statement, int parameter, T value) {
  statement.Bind(parameter, static_cast<int64_t>(value));
}
template <typename Tag, typename T>
void BindValue(db::Statement& statement, int parameter, const StrongAlias<Tag, T>& id) {
  BindValue(statement, parameter, id.value());
}
template <typename T>
void BindValue(db::Statement& statement, int parameter, const std::optional<T>& value) {
  if (value) {
    BindValue(statement, parameter, *value);
  } else {
    statement.Bind(parameter, std::nullopt);
  }
}

// Whether a parameter type holds the bytes that it binds.
template <typename T>
struct HoldsBytes : std::false_type {};
template <>
struct HoldsBytes<Bytes> : std::true_type {};
template <>
struct HoldsBytes<crypto::SecretBytes> : std::true_type {};
template <size_t N>
struct HoldsBytes<ByteArray<N>> : std::true_type {};
template <typename Tag, typename T>
struct HoldsBytes<StrongAlias<Tag, T>> : HoldsBytes<T> {};
template <typename T>
struct HoldsBytes<std::optional<T>> : HoldsBytes<T> {};

// Parameters 1, 2, …; whatever holds bytes must stay until the statement has run.
template <typename... T>
void BindValues(db::Statement& statement, T&&... values) {
  static_assert(((std::is_lvalue_reference_v<T&&> || !HoldsBytes<std::decay_t<T>>::value) && ...),
                "a temporary would be gone when the statement runs");
  int parameter = 0;
  (BindValue(statement, ++parameter, values), ...);
}

// --- Columns of a row into values ---

// Reads the columns of the current row from left to right. What a column may not hold sticks and
// makes Finish() kCorrupt: the file authenticates, so it is a defect of ours or of its disk.
class Columns {
 public:
  explicit Columns(const db::Statement& statement) : statement_(&statement) {}

  void Read(bool& out) { out = Integer(0, 1) != 0; }
  void Read(uint16_t& out) { out = static_cast<uint16_t>(Integer(0, UINT16_MAX)); }
  void Read(uint32_t& out) { out = static_cast<uint32_t>(Integer(0, UINT32_MAX)); }
  void Read(uint64_t& out) { out = static_cast<uint64_t>(Integer(0, INT64_MAX)); }
  void Read(int64_t& out) { out = Integer(INT64_MIN, INT64_MAX); }
  void Read(Timestamp& out) {
    out = statement_->IsNull(column_) ? kNever : Timestamp{statement_->Int(column_)};
    ++column_;
  }
  void Read(Code& out) {
    out = static_cast<Code>(Integer(0, INT32_MAX));
    if (CodeName(out).empty()) ok_ = false;
  }
  void Read(std::string& out) { out = statement_->Text(column_++); }
  void Read(Bytes& out) { out = ToBytes(statement_->Blob(column_++)); }
  void Read(crypto::SecretBytes& out) {
    out = crypto::SecretBytes::From(statement_->Blob(column_++));
  }
  template <size_t N>
  void Read(ByteArray<N>& out) {
    const ByteView bytes = statement_->Blob(column_++);
    if (bytes.size() == N) {
      std::copy(bytes.begin(), bytes.end(), out.begin());
    } else {
      ok_ = false;
    }
  }
  template <typename Tag, size_t N>
  void ReadSecret(crypto::Secret<Tag, N>& out) {
    const ByteView bytes = statement_->Blob(column_++);
    if (bytes.size() == N) {
      out = crypto::Secret<Tag, N>::From(bytes.first<N>());
    } else {
      ok_ = false;
    }
  }
  template <typename Tag, typename T>
  void Read(StrongAlias<Tag, T>& out) {
    T value{};
    Read(value);
    out = StrongAlias<Tag, T>(value);
  }
  template <typename T>
  void Read(std::optional<T>& out) {
    out.reset();
    if (statement_->IsNull(column_)) {
      ++column_;
    } else {
      Read(out.emplace());
    }
  }
  // An enumeration whose values are first … last without gaps.
  template <typename E>
  void ReadEnum(E& out, E first, E last) {
    out = static_cast<E>(Integer(static_cast<int64_t>(first), static_cast<int64_t>(last)));
  }
  // Something decoded from a column's bytes.
  template <typename T>
  void Accept(absl::StatusOr<T> decoded, T& out) {
    if (decoded.ok()) {
      out = *std::move(decoded);
    } else {
      ok_ = false;
    }
  }
  template <typename... T>
  void ReadAll(T&... out) {
    (Read(out), ...);
  }

  absl::Status Finish() const {
    return ok_ ? OkStatus() : Fail(Code::kCorrupt, "a column of the store holds what it cannot");
  }

 private:
  int64_t Integer(int64_t least, int64_t most) {
    const int64_t value = statement_->Int(column_++);
    if (value >= least && value <= most) return value;
    ok_ = false;
    return least;
  }

  const db::Statement* statement_;
  int column_ = 0;
  bool ok_ = true;
};

// --- Rows of a query ---

// `read` fills a Row from Columns.
template <typename Row, typename ReadRow>
absl::StatusOr<std::vector<Row>> CollectRows(Batch& batch, db::Statement& statement,
                                             const ReadRow& read) {
  std::vector<Row> rows;
  while (true) {
    PAWL_ASSIGN(const bool found, batch.Step(statement));
    if (!found) return rows;
    Columns columns(statement);
    read(columns, rows.emplace_back());
    PAWL_TRY(batch.Note(columns.Finish()));
  }
}

// The first row, nullopt when there is none.
template <typename Row, typename ReadRow>
absl::StatusOr<std::optional<Row>> FirstRow(Batch& batch, db::Statement& statement,
                                            const ReadRow& read) {
  std::optional<Row> row;
  PAWL_ASSIGN(const bool found, batch.Step(statement));
  if (!found) return row;
  Columns columns(statement);
  read(columns, row.emplace());
  PAWL_TRY(batch.Note(columns.Finish()));
  return row;
}

// The one value of a query that always has a row.
template <typename T>
absl::StatusOr<T> SingleValue(Batch& batch, db::Statement& statement) {
  PAWL_ASSIGN(const auto value,
              FirstRow<T>(batch, statement, [](Columns& in, T& out) { in.Read(out); }));
  if (!value) return Fail(Code::kCorrupt, "a query of the store has no answer");
  return *value;
}

// Limits are bound as SQLite's signed integers.
inline int64_t RowLimit(size_t limit) {
  return static_cast<int64_t>(std::min<size_t>(limit, INT64_MAX));
}

}  // namespace pawl::store

#endif  // PAWL_STORE_ROWS_H_
