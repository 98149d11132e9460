#ifndef PAWL_CLIENT_ENGINE_ACCOUNT_BACKUP_H_
#define PAWL_CLIENT_ENGINE_ACCOUNT_BACKUP_H_

#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/rng.h"
#include "base/status.h"
#include "client/engine/event.h"
#include "client/engine/relay_call.h"
#include "crypto/ed25519.h"
#include "crypto/password.h"
#include "identity/address.h"
#include "identity/device_list.h"

namespace pawl::client {

// The recovery backup: what makes a new device the account's first again. Contains no ratchet state
// and no prekey, so an old copy repeats nothing.
struct BackedUpContact {
  identity::Address address;
  identity::AccountPublic account_key{};
  identity::ListRef list{};
  ContactState state = ContactState::kNone;
  bool verified = false;
  std::optional<DeliveryKey> delivery_key{};
};
struct AccountBackup {
  identity::Address address;
  crypto::Ed25519Seed account_key;
  Bytes device_list{};  // the latest record known when it was made
  DeliveryKey delivery_key{};
  std::vector<BackedUpContact> contacts{};
};

// A key and how it came from a passphrase (Argon2id; salt and parameters travel in the sealed
// blob).
struct BackupKey {
  crypto::AeadKey key;
  ByteArray<16> salt{};
  crypto::Argon2Params params{};
};

// Takes about a second and params.memory_mib of memory: for the caller's thread of a blocking call.
absl::StatusOr<BackupKey> DeriveBackupKey(std::string_view passphrase,
                                          const crypto::Argon2Params& params, Rng& rng);
// "PWAB" || u8 version = 1 || salt[16] || u32 memory_mib || u8 passes || nonce[24] || sealed ||
// tag.
Bytes SealBackup(const AccountBackup& account, const BackupKey& key, Rng& rng);
// As slow as DeriveBackupKey. kWrongKey (passphrase or damage: no telling which), kMalformed,
// kUnsupportedVersion.
absl::StatusOr<AccountBackup> OpenBackup(ByteView blob, std::string_view passphrase);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_ACCOUNT_BACKUP_H_
