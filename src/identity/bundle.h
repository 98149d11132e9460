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
#include "identity/epoch_record.h"
#include "identity/one_time_pair.h"
#include "identity/prekey_id.h"

namespace pawl::identity {

constexpr Duration kBundleLifetime = Days(90);
constexpr Duration kBundleRenewal = Days(7);
constexpr size_t kMaxSuites = 8;

// What a stranger needs to start a session without the device being online (PQXDH's prekey bundle
// less the one-time part). Valid [issued_at - 7 d, expires_at + 7 d] by the reader's clock, and
// never longer than kBundleLifetime. Body: device address, uint32 epoch, identity_key[32], each
// prekey as uint32 id and key, suites<2..16>, uint64 issued_at, uint64 expires_at.
struct Bundle {
  DeviceAddress device;
  DeviceEpoch epoch;
  crypto::X25519Public identity_key{};
  PrekeyId seal_key_id;            // rotated weekly
  crypto::XWingPublic seal_key{};  // first messages are sealed to it
  PrekeyId signed_prekey_id;       // rotated weekly
  crypto::X25519Public signed_prekey{};
  PrekeyId last_resort_id;  // rotated weekly
  crypto::MlKemPublic last_resort{};
  // Best first, 1 to kMaxSuites on the wire. Parse leaves out those that we do not know: the list
  // may be empty then.
  std::vector<crypto::Suite> suites;
  Timestamp issued_at;
  Timestamp expires_at;

  // kInvalidArgument for fields that Parse would refuse.
  absl::StatusOr<Bytes> Sign(const crypto::Ed25519KeyPair& device_key) const;
  // kMalformed, kUnsupportedVersion, kAuthFailed.
  static absl::StatusOr<Bundle> Parse(ByteView record, const crypto::Ed25519Public& device_key);
  absl::Status CheckTime(Timestamp now) const;  // kExpired, kNotYetValid

  friend bool operator==(const Bundle&, const Bundle&) = default;
};

// The best suite both announce: AEGIS-256 when both have it, else the first of the initiator's that
// the responder has. kNoCommonSuite.
absl::StatusOr<crypto::Suite> ChooseSuite(const std::vector<crypto::Suite>& initiator,
                                          const std::vector<crypto::Suite>& responder);

}  // namespace pawl::identity

#endif  // PAWL_IDENTITY_BUNDLE_H_
