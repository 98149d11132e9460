#ifndef PAWL_IDENTITY_RECORD_H_
#define PAWL_IDENTITY_RECORD_H_

#include "base/bytes.h"
#include "base/clock.h"
#include "base/status.h"
#include "codec/reader.h"
#include "codec/writer.h"
#include "crypto/ed25519.h"

namespace pawl::identity {

// Every signed record is
//   uint8 version = 1; uint8 type; opaque body<0..2^16-1>; opaque signature[64]
// with the signature over version || type || body under the type's own label, so that no record can
// be replayed as another and a newer version is refused, not misread.
enum class RecordType : uint8_t {
  kDeviceList = 1,   // signed by the account key
  kEpochRecord = 2,  // signed by the device's signing key, as all below
  kBundle = 3,
  kOneTimePair = 4,
};
constexpr uint8_t kRecordVersion = 1;
constexpr size_t kMaxRecordSize = 16 * 1024;

// kTooLarge.
absl::StatusOr<Bytes> SignRecord(RecordType type, ByteView body, const crypto::Ed25519KeyPair& key);
// The body, borrowed from `record`. kMalformed, kUnsupportedVersion, kAuthFailed.
absl::StatusOr<ByteView> VerifyRecord(RecordType type, ByteView record,
                                      const crypto::Ed25519Public& key);
// The body before its signature is checked: only to learn which key must check it.
absl::StatusOr<ByteView> PeekRecord(RecordType type, ByteView record);

// Times in records are uint64 milliseconds up to the year 9999, so that adding a lifetime to what a
// peer wrote cannot overflow.
constexpr Timestamp kLatestTime{253'402'300'799'999};
// A host's clock brought into that range.
constexpr Timestamp ClampTime(Timestamp time) {
  return time < Timestamp{0} ? Timestamp{0} : (time > kLatestTime ? kLatestTime : time);
}
void WriteTime(codec::Writer& out, Timestamp time);
Timestamp ReadTime(codec::Reader& in);

}  // namespace pawl::identity

#endif  // PAWL_IDENTITY_RECORD_H_
