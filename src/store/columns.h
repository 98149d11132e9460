#ifndef PAWL_STORE_COLUMNS_H_
#define PAWL_STORE_COLUMNS_H_

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/status.h"
#include "base/strong_alias.h"
#include "crypto/secret.h"
#include "db/statement.h"

namespace pawl::store {

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

}  // namespace pawl::store

#endif  // PAWL_STORE_COLUMNS_H_
