#include "store/values.h"

#include "codec/reader.h"
#include "codec/writer.h"
#include "store/rows.h"

namespace pawl::store {
namespace {

constexpr size_t kMaxValue = 64 * 1024;

}  // namespace

absl::StatusOr<std::optional<crypto::SecretBytes>> Values::Get(Literal name) {
  PAWL_ASSIGN(db::Statement query, batch().Prepare("SELECT value FROM value WHERE name = ?"));
  BindValues(query, name.text());
  return FirstRow<crypto::SecretBytes>(
      batch(), query, [](Columns& in, crypto::SecretBytes& value) { in.Read(value); });
}

absl::Status Values::Put(Literal name, ByteView value) {
  if (value.size() > kMaxValue) return Fail(Code::kTooLarge, "a value has at most 64 KiB");
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("INSERT OR REPLACE INTO value (name, value) VALUES (?, ?)"));
  BindValues(change, name.text(), value);
  return batch().Change(change).status();
}

absl::StatusOr<std::optional<int64_t>> Values::GetInt(Literal name) {
  PAWL_ASSIGN(const std::optional<crypto::SecretBytes> value, Get(name));
  if (!value) return std::optional<int64_t>();
  codec::Reader in(value->Expose());
  const uint64_t number = in.U64();
  if (!in.Finish().ok()) return Fail(Code::kCorrupt, "a value of the store is no number");
  return std::optional<int64_t>(static_cast<int64_t>(number));
}

absl::Status Values::PutInt(Literal name, int64_t value) {
  ByteArray<8> encoded{};
  codec::FixedWriter(encoded).U64(static_cast<uint64_t>(value));
  return Put(name, encoded);
}

absl::Status Values::Erase(Literal name) {
  PAWL_ASSIGN(db::Statement change, batch().Prepare("DELETE FROM value WHERE name = ?"));
  BindValues(change, name.text());
  return batch().Change(change).status();
}

}  // namespace pawl::store
