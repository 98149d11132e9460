#include "identity/one_time_pair.h"

#include "identity/device_list.h"
#include "identity/record.h"

namespace pawl::identity {
namespace {

bool IsValid(const OneTimePair& pair) {
  return pair.device.device.value() != 0 && pair.id.value() != 0 &&
         crypto::IsCanonicalX25519(pair.x25519) && pair.expires_at <= kLatestTime;
}

}  // namespace

absl::StatusOr<Bytes> OneTimePair::Sign(const crypto::Ed25519KeyPair& device_key) const {
  if (!IsValid(*this)) return Fail(Code::kInvalidArgument, "one-time pair with impossible fields");
  codec::Writer out(2048);
  Write(out, device);
  out.U32(id.value()).Raw(x25519).Raw(mlkem);
  WriteTime(out, expires_at);
  PAWL_ASSIGN(const Bytes body, std::move(out).Finish());
  return SignRecord(RecordType::kOneTimePair, body, device_key);
}

absl::StatusOr<OneTimePair> OneTimePair::Parse(ByteView record,
                                               const crypto::Ed25519Public& device_key) {
  PAWL_ASSIGN(const ByteView body, VerifyRecord(RecordType::kOneTimePair, record, device_key));
  codec::Reader in(body);
  PAWL_ASSIGN(DeviceAddress device, ReadDeviceAddress(in));
  OneTimePair pair{std::move(device), {}, {}, {}, {}};
  pair.id = PrekeyId(in.U32());
  pair.x25519 = in.Array<32>();
  pair.mlkem = in.Array<crypto::kMlKemPublicSize>();
  pair.expires_at = ReadTime(in);
  PAWL_TRY(in.Finish());
  if (!IsValid(pair)) return Fail(Code::kMalformed, "one-time pair with impossible fields");
  return pair;
}

absl::Status OneTimePair::CheckTime(Timestamp now) const {
  if (now > expires_at + kClockTolerance) return Fail(Code::kExpired, "one-time pair has expired");
  if (expires_at > now + kOneTimeLifetime + kClockTolerance) {
    return Fail(Code::kNotYetValid, "one-time pair from the future");
  }
  return OkStatus();
}

}  // namespace pawl::identity
