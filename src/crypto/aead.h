#ifndef PAWL_CRYPTO_AEAD_H_
#define PAWL_CRYPTO_AEAD_H_

#include "base/bytes.h"
#include "base/status.h"
#include "crypto/secret.h"

namespace pawl::crypto {

// Body suites for two; the value is what bundles announce and transcripts bind.
enum class Suite : uint16_t {
  kXChaCha20Poly1305 = 1,
  kAegis256 = 2,
};

constexpr size_t kAeadKeySize = 32;
constexpr size_t kMaxAeadNonceSize = 32;
constexpr size_t kMaxAeadTagSize = 32;

// AEGIS-256: 32-byte nonce, 32-byte tag. XChaCha20-Poly1305: 24-byte nonce, 16-byte tag.
constexpr size_t NonceSize(Suite suite) { return suite == Suite::kAegis256 ? 32 : 24; }
constexpr size_t TagSize(Suite suite) { return suite == Suite::kAegis256 ? 32 : 16; }
constexpr bool IsKnownSuite(uint16_t value) { return value == 1 || value == 2; }

using AeadKey = Secret<struct AeadKeyTag, kAeadKeySize>;

// Encrypts `text` in place and writes TagSize(suite) bytes to `tag`. `nonce` must be
// NonceSize(suite) bytes and never repeat under `key`. Allocates nothing. A nonce or tag of another
// size is the caller's defect and zeroes `text` and `tag`: plaintext never stays where ciphertext
// was promised.
void SealInPlace(Suite suite, const AeadKey& key, ByteView nonce, ByteView associated_data,
                 MutableByteView text, MutableByteView tag);

// Decrypts `ciphertext` into `plaintext` (same size; may be the same memory). kAuthFailed leaves
// nothing of the plaintext behind in `plaintext`, which is zeroed (in place: the ciphertext is gone
// too). Wrong sizes are kAuthFailed as well. Allocates nothing unless it fails.
absl::Status Open(Suite suite, const AeadKey& key, ByteView nonce, ByteView associated_data,
                  ByteView ciphertext, ByteView tag, MutableByteView plaintext);

}  // namespace pawl::crypto

#endif  // PAWL_CRYPTO_AEAD_H_
