#ifndef PAWL_STORE_KEY_WRAP_H_
#define PAWL_STORE_KEY_WRAP_H_

#include <optional>
#include <string>
#include <variant>

#include "base/bytes.h"
#include "base/rng.h"
#include "base/status.h"
#include "crypto/password.h"
#include "crypto/secret.h"
#include "db/key.h"

namespace pawl::store {

// What opens a store: 32 bytes that the host keeps (Keystore, Keychain, TPM, …), or a passphrase of
// 1..1024 bytes that Argon2id turns into such a key.
using HostKey = crypto::Secret<struct HostKeyTag, 32>;
struct Passphrase {
  crypto::SecretBytes text;
};
// Opens nothing as long as neither is put into it.
using WrapKey = std::variant<Passphrase, HostKey>;

// The database's own random key: SQLCipher gets it raw.
using DatabaseKey = db::Key;

// What the file DIR/key.wrap protects. `next` is there only while the database is being
// re-encrypted: until that ends, either key may be the one that opens it.
struct DatabaseKeys {
  DatabaseKey current;
  std::optional<DatabaseKey> next;
};

// src/store/FORMAT.md: fixed 171 bytes, 32 of them a checksum that tells a damaged file from a
// wrong key.
constexpr size_t kKeyWrapSize = 171;

// Encodes `keys` under `key`. `params` count for a passphrase only; kInvalidArgument outside their
// bounds, or for a passphrase that is empty or longer than 1024 bytes.
absl::StatusOr<Bytes> WrapKeys(const DatabaseKeys& keys, const WrapKey& key,
                               const crypto::Argon2Params& params, Rng& rng);

// kCorrupt: not our file, or damaged, or asking for Argon2id outside the bounds (checked before
// anything is allocated). kUnsupportedVersion. kWrongKey: whole, but not wrapped by `key` or by
// another kind of key. kOutOfMemory.
absl::StatusOr<DatabaseKeys> UnwrapKeys(ByteView file, const WrapKey& key);

// The Argon2id parameters a file was wrapped with; nullopt when a host key wraps it. Errors as
// above.
absl::StatusOr<std::optional<crypto::Argon2Params>> WrapParams(ByteView file);

}  // namespace pawl::store

#endif  // PAWL_STORE_KEY_WRAP_H_
