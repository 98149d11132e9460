#include "identity/epoch_record.h"

#include "identity/record.h"

namespace pawl::identity {
namespace {

bool IsValid(const EpochRecord& record) {
  return record.device.device.value() != 0 && record.epoch.value() != 0 &&
         crypto::IsCanonicalX25519(record.identity_key);
}

absl::StatusOr<EpochRecord> ParseRecordBody(ByteView body) {
  codec::Reader in(body);
  PAWL_ASSIGN(DeviceAddress device, ReadDeviceAddress(in));
  const DeviceEpoch epoch(in.U32());
  EpochRecord record{std::move(device), epoch, in.Array<32>()};
  PAWL_TRY(in.Finish());
  if (!IsValid(record)) return Fail(Code::kMalformed, "epoch record with impossible fields");
  return record;
}

}  // namespace

absl::StatusOr<Bytes> EpochRecord::Sign(const crypto::Ed25519KeyPair& device_key) const {
  if (!IsValid(*this)) return Fail(Code::kInvalidArgument, "epoch record with impossible fields");
  codec::Writer out(kMaxEpochRecordSize);
  Write(out, device);
  out.U32(epoch.value()).Raw(identity_key);
  PAWL_ASSIGN(const Bytes body, std::move(out).Finish());
  return SignRecord(RecordType::kEpochRecord, body, device_key);
}

absl::StatusOr<EpochRecord> EpochRecord::Parse(ByteView record,
                                               const crypto::Ed25519Public& device_key) {
  PAWL_ASSIGN(const ByteView body, VerifyRecord(RecordType::kEpochRecord, record, device_key));
  return ParseRecordBody(body);
}

absl::StatusOr<EpochRecord> EpochRecord::Peek(ByteView record) {
  PAWL_ASSIGN(const ByteView body, PeekRecord(RecordType::kEpochRecord, record));
  return ParseRecordBody(body);
}

}  // namespace pawl::identity
