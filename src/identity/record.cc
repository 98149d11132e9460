#include "identity/record.h"

#include <algorithm>

#include "codec/reader.h"
#include "codec/writer.h"

namespace pawl::identity {
namespace {

std::string_view Label(RecordType type) {
  switch (type) {
    case RecordType::kDeviceList:
      return "Pawl device list v1";
    case RecordType::kEpochRecord:
      return "Pawl epoch record v1";
    case RecordType::kBundle:
      return "Pawl bundle v1";
    case RecordType::kOneTimePair:
      return "Pawl one-time pair v1";
  }
  return "Pawl unknown record";
}

struct Parts {
  ByteView body;
  ByteView signature;
  ByteView signed_part;  // version || type || length || body, as they stand in the record
};

absl::StatusOr<Parts> Split(RecordType type, ByteView record) {
  if (record.size() > kMaxRecordSize) return Fail(Code::kMalformed, "record too long");
  codec::Reader in(record);
  const uint8_t version = in.U8();
  if (in.ok() && version != kRecordVersion) {
    return Fail(Code::kUnsupportedVersion, "record of another version");
  }
  const uint8_t found = in.U8();
  Parts parts;
  parts.body = in.Vector16();
  parts.signature = in.Fixed(std::tuple_size_v<crypto::Ed25519Signature>);
  PAWL_TRY(in.Finish());
  if (found != static_cast<uint8_t>(type)) return Fail(Code::kMalformed, "record of another type");
  parts.signed_part = record.first(record.size() - parts.signature.size());
  return parts;
}

}  // namespace

absl::StatusOr<Bytes> SignRecord(RecordType type, ByteView body,
                                 const crypto::Ed25519KeyPair& key) {
  codec::Writer out(body.size() + 128);
  out.U8(kRecordVersion).U8(static_cast<uint8_t>(type)).Vector16(body);
  out.Raw(key.Sign(Label(type), out.view()));
  PAWL_ASSIGN(Bytes record, std::move(out).Finish());
  if (record.size() > kMaxRecordSize) return Fail(Code::kTooLarge, "record too long");
  return record;
}

absl::StatusOr<ByteView> VerifyRecord(RecordType type, ByteView record,
                                      const crypto::Ed25519Public& key) {
  PAWL_ASSIGN(const Parts parts, Split(type, record));
  crypto::Ed25519Signature signature;
  std::copy(parts.signature.begin(), parts.signature.end(), signature.begin());
  PAWL_TRY(crypto::Verify(key, Label(type), parts.signed_part, signature));
  return parts.body;
}

absl::StatusOr<ByteView> PeekRecord(RecordType type, ByteView record) {
  PAWL_ASSIGN(const Parts parts, Split(type, record));
  return parts.body;
}

void WriteTime(codec::Writer& out, Timestamp time) { out.U64(static_cast<uint64_t>(time.ms)); }

Timestamp ReadTime(codec::Reader& in) {
  const uint64_t ms = in.U64();
  if (ms > static_cast<uint64_t>(kLatestTime.ms)) in.SetFailed();
  return in.ok() ? Timestamp{static_cast<int64_t>(ms)} : Timestamp{};
}

}  // namespace pawl::identity
