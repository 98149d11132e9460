#ifndef PAWL_SESSION_PREKEYS_H_
#define PAWL_SESSION_PREKEYS_H_

#include <optional>
#include <span>
#include <vector>

#include "base/clock.h"
#include "base/rng.h"
#include "base/status.h"
#include "crypto/mlkem.h"
#include "crypto/xwing.h"
#include "identity/bundle.h"
#include "session/devices.h"
#include "session/types.h"

namespace pawl::session {

constexpr Duration kPrekeyRotation = Days(7);  // a new set of bundle keys this often
// Private parts are kept this long after they were replaced: what was sealed to them before may
// still be on its way. A device that sleeps keeps the set it announced last.
constexpr Duration kPrekeyRetention = Days(30);
using identity::kOneTimeLifetime;
constexpr size_t kOneTimePoolTarget = 100;  // pairs at the relay after a refill
constexpr size_t kOneTimePoolLow = 20;      // refill below
// Handshakes remembered per last-resort key; when it is full the key is erased before its time.
constexpr size_t kMaxReplayCacheEntries = 10'000;

// The private halves of one bundle. Its three ids are consecutive numbers of the device's own
// counter, which is never reused. Move-only (Clone); thread-compatible.
struct BundleKeys {
  PrekeyId seal_key_id;
  crypto::XWingKeyPair seal_key;
  PrekeyId signed_prekey_id;
  crypto::X25519KeyPair signed_prekey;
  PrekeyId last_resort_id;
  crypto::MlKemSeed last_resort;
  std::vector<crypto::Suite> suites;  // as announced: a handshake is judged by what its sender read
  Timestamp created_at;
  std::optional<Timestamp> replaced_at;

  static constexpr uint32_t kIds = 3;
  static BundleKeys Generate(PrekeyId first_id, std::vector<crypto::Suite> suites, Timestamp now,
                             Rng& rng);
  // The public record, valid for kBundleLifetime from `now`; sign it with the device's signing key.
  identity::Bundle MakeBundle(const LocalDevice& device, Timestamp now) const;
  BundleKeys Clone() const;
  crypto::SecretBytes Encode() const;
  // kMalformed, kUnsupportedVersion.
  static absl::StatusOr<BundleKeys> Decode(ByteView bytes);
};

// The private half of a pair that is handed out once. Erase it in the transaction that commits the
// session it began.
struct OneTimeKeys {
  PrekeyId id;
  crypto::X25519KeyPair x25519;
  crypto::MlKemSeed mlkem;
  Timestamp expires_at;

  static OneTimeKeys Generate(PrekeyId id, Timestamp now, Rng& rng);
  identity::OneTimePair MakePair(const identity::DeviceAddress& device) const;
  crypto::SecretBytes Encode() const;
  // kMalformed, kUnsupportedVersion.
  static absl::StatusOr<OneTimeKeys> Decode(ByteView bytes);
};

// Suites this machine should announce, best first: AEGIS-256 only where the hardware has AES.
std::vector<crypto::Suite> AnnouncedSuites();

bool DueForRotation(const BundleKeys& newest, Timestamp now);
bool DueForErasure(const BundleKeys& keys, Timestamp now);
bool DueForErasure(const OneTimeKeys& keys, Timestamp now);
// Null when none has that id.
const BundleKeys* FindBySignedPrekey(std::span<const BundleKeys> keys, PrekeyId signed_prekey_id);

}  // namespace pawl::session

#endif  // PAWL_SESSION_PREKEYS_H_
