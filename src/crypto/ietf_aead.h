#ifndef PAWL_CRYPTO_IETF_AEAD_H_
#define PAWL_CRYPTO_IETF_AEAD_H_

#include "base/bytes.h"
#include "base/status.h"

namespace pawl::crypto {

// The AEADs of HPKE and MLS (RFC 5116 interface), by their HPKE ids (RFC 9180 §7.3). Both have a
// 96-bit nonce, too short to be random: only for protocols that count.
enum class IetfAead : uint16_t {
  kAes128Gcm = 0x0001,
  kChaCha20Poly1305 = 0x0003,
};

constexpr size_t kIetfNonceSize = 12;  // Nn
constexpr size_t kIetfTagSize = 16;    // Nt
constexpr size_t kMaxIetfKeySize = 32;
constexpr size_t KeySize(IetfAead aead) { return aead == IetfAead::kAes128Gcm ? 16 : 32; }  // Nk

// `sealed` = ciphertext || tag, plaintext.size() + 16 bytes, not overlapping `plaintext`. `key` has
// KeySize(aead) bytes; `nonce` must never repeat under it. kInvalidArgument for wrong sizes,
// kOutOfMemory.
absl::Status IetfSeal(IetfAead aead, ByteView key, ByteView nonce, ByteView associated_data,
                      ByteView plaintext, MutableByteView sealed);

// `plaintext` is sealed.size() - 16 bytes, not overlapping `sealed`; zeroed on any error.
// kAuthFailed, kInvalidArgument for wrong sizes, kOutOfMemory.
absl::Status IetfOpen(IetfAead aead, ByteView key, ByteView nonce, ByteView associated_data,
                      ByteView sealed, MutableByteView plaintext);

}  // namespace pawl::crypto

#endif  // PAWL_CRYPTO_IETF_AEAD_H_
