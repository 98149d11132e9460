#ifndef PAWL_CRYPTO_AES_GCM_H_
#define PAWL_CRYPTO_AES_GCM_H_

#include "base/bytes.h"
#include "base/status.h"

namespace pawl::crypto {

// AES-128-GCM (NIST SP 800-38D) with a 96-bit nonce and a 128-bit tag, for the standards that
// demand it. From libcrypto, whose only home this is; it allocates. Everything else of ours uses
// crypto/aead.h.
constexpr size_t kAes128GcmKeySize = 16;
constexpr size_t kAes128GcmNonceSize = 12;
constexpr size_t kAes128GcmTagSize = 16;

// `sealed` = ciphertext || tag, plaintext.size() + 16 bytes, not overlapping `plaintext`. `nonce`
// must never repeat under `key`. kInvalidArgument for wrong sizes, kOutOfMemory.
absl::Status Aes128GcmSeal(ByteView key, ByteView nonce, ByteView associated_data,
                           ByteView plaintext, MutableByteView sealed);

// `plaintext` is sealed.size() - 16 bytes, not overlapping `sealed`; zeroed on any error.
// kAuthFailed, kInvalidArgument for wrong sizes, kOutOfMemory.
absl::Status Aes128GcmOpen(ByteView key, ByteView nonce, ByteView associated_data, ByteView sealed,
                           MutableByteView plaintext);

}  // namespace pawl::crypto

#endif  // PAWL_CRYPTO_AES_GCM_H_
