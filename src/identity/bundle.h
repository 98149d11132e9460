#ifndef PAWL_IDENTITY_BUNDLE_H_
#define PAWL_IDENTITY_BUNDLE_H_

#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "crypto/aead.h"
#include "crypto/ed25519.h"
#include "crypto/mlkem.h"
#include "crypto/x25519.h"
#include "crypto/xwing.h"
#include "identity/address.h"
#include "identity/record.h"

namespace pawl::identity {

constexpr Duration kBundleLifetime = Days(90);
constexpr Duration kBundleRenewal = Days(7);

using PrekeyId = StrongAlias<struct PrekeyIdTag, uint32_t>;

// Binds a device's X25519 identity key to its monotone epoch: the device re-keys itself without the account key.
struct EpochRecord {
  DeviceAddress device;
  DeviceEpoch epoch;
  crypto::X25519Public identity_key{};

  Bytes Sign(const crypto::Ed25519KeyPair& device_key) const;
  static absl::StatusOr<EpochRecord> Parse(ByteView record, const crypto::Ed25519Public& device_key);
};

// What a stranger needs to start a session without the device being online (PQXDH's prekey bundle less the one-time
// part). Valid [issued_at - 7 d, expires_at + 7 d] by the reader's clock.
struct Bundle {
  DeviceAddress device;
  DeviceEpoch epoch;
  crypto::X25519Public identity_key{};
  PrekeyId seal_key_id;                      // rotated weekly
  crypto::XWingPublic seal_key{};            // first messages are sealed to it
  PrekeyId signed_prekey_id;                 // rotated weekly
  crypto::X25519Public signed_prekey{};
  PrekeyId last_resort_id;                   // rotated weekly
  crypto::MlKemPublic last_resort{};
  std::vector<crypto::Suite> suites;         // best first, at least one, at most 8; unknown ones are kept out on parse
  Timestamp issued_at;
  Timestamp expires_at;

  Bytes Sign(const crypto::Ed25519KeyPair& device_key) const;
  static absl::StatusOr<Bundle> Parse(ByteView record, const crypto::Ed25519Public& device_key);
  absl::Status CheckTime(Timestamp now) const;  // kExpired, kNotYetValid
};

// One X25519 + ML-KEM-768 pair that is handed out once.
struct OneTimePair {
  DeviceAddress device;
  PrekeyId id;
  crypto::X25519Public x25519{};
  crypto::MlKemPublic mlkem{};
  Timestamp expires_at;

  Bytes Sign(const crypto::Ed25519KeyPair& device_key) const;
  static absl::StatusOr<OneTimePair> Parse(ByteView record, const crypto::Ed25519Public& device_key);
};

// The best suite both announce: the initiator's order among the responder's suites, AEGIS-256 first when both have it.
// kNoCommonSuite.
absl::StatusOr<crypto::Suite> ChooseSuite(const std::vector<crypto::Suite>& initiator,
                                          const std::vector<crypto::Suite>& responder);

}  // namespace pawl::identity

#endif  // PAWL_IDENTITY_BUNDLE_H_
