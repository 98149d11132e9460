#ifndef PAWL_IDENTITY_EPOCH_RECORD_H_
#define PAWL_IDENTITY_EPOCH_RECORD_H_

#include "base/ids.h"
#include "base/status.h"
#include "crypto/ed25519.h"
#include "crypto/x25519.h"
#include "identity/address.h"

namespace pawl::identity {

// Binds a device's X25519 identity key to its monotone epoch: the device re-keys itself without the
// account key. Body: device address, uint32 epoch (from 1), identity_key[32].
struct EpochRecord {
  DeviceAddress device;
  DeviceEpoch epoch;
  crypto::X25519Public identity_key{};

  // kInvalidArgument for fields that Parse would refuse.
  absl::StatusOr<Bytes> Sign(const crypto::Ed25519KeyPair& device_key) const;
  // kMalformed, kUnsupportedVersion, kAuthFailed. `device_key` is the device's entry in a verified
  // list; the caller compares `device` to the one it asked for.
  static absl::StatusOr<EpochRecord> Parse(ByteView record,
                                           const crypto::Ed25519Public& device_key);
  // The claims of a record whose signature is not checked: to learn whose key must check it.
  static absl::StatusOr<EpochRecord> Peek(ByteView record);

  friend bool operator==(const EpochRecord&, const EpochRecord&) = default;
};

// The longest record: name 64, domain 253.
constexpr size_t kMaxEpochRecordSize = 4 + (1 + 64 + 1 + 253 + 4) + 4 + 32 + 64;

}  // namespace pawl::identity

#endif  // PAWL_IDENTITY_EPOCH_RECORD_H_
