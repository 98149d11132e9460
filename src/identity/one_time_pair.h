#ifndef PAWL_IDENTITY_ONE_TIME_PAIR_H_
#define PAWL_IDENTITY_ONE_TIME_PAIR_H_

#include "base/clock.h"
#include "base/status.h"
#include "crypto/ed25519.h"
#include "crypto/mlkem.h"
#include "crypto/x25519.h"
#include "identity/address.h"
#include "identity/prekey_id.h"

namespace pawl::identity {

constexpr Duration kOneTimeLifetime = Days(90);

// One X25519 + ML-KEM-768 pair that is handed out once, signed on its own: the relay cannot mix
// halves, nor pass one device's pair off as another's. Body: device address, uint32 id (from 1),
// x25519[32], mlkem[1184], uint64 expires_at.
struct OneTimePair {
  DeviceAddress device;
  PrekeyId id;
  crypto::X25519Public x25519{};
  crypto::MlKemPublic mlkem{};
  Timestamp expires_at;

  // kInvalidArgument for fields that Parse would refuse.
  absl::StatusOr<Bytes> Sign(const crypto::Ed25519KeyPair& device_key) const;
  // kMalformed, kUnsupportedVersion, kAuthFailed.
  static absl::StatusOr<OneTimePair> Parse(ByteView record,
                                           const crypto::Ed25519Public& device_key);
  // kExpired; kNotYetValid when it claims to live longer than any pair may.
  absl::Status CheckTime(Timestamp now) const;

  friend bool operator==(const OneTimePair&, const OneTimePair&) = default;
};

}  // namespace pawl::identity

#endif  // PAWL_IDENTITY_ONE_TIME_PAIR_H_
