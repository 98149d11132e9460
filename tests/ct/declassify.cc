// What becomes public inside a call of the library, where no test can reach: the linker puts these
// functions around the library's and libsodium's own (--wrap, see CMakeLists.txt). A name that no
// longer exists leaves its results secret, and the tests report that.
#include <sodium.h>

#include "base/status.h"
#include "crypto/aead.h"
#include "ct/poison.h"

#define PAWL_OPEN                                                                        \
  "_ZN4pawl6crypto4OpenENS0_5SuiteERKNS0_6SecretINS0_10AeadKeyTagELm32EEESt4spanIKhLm18" \
  "446744073709551615EES9_S9_S9_S7_IhLm18446744073709551615EE"
#define PAWL_BLAKE2B_KEYED                                                                \
  "_ZN4pawl6crypto12Blake2bKeyedESt4spanIKhLm18446744073709551615EESt16initializer_listI" \
  "S3_ES1_IhLm18446744073709551615EE"
#define PAWL_ENCODE_CHUNK                                                              \
  "_ZN4pawl7ratchet5braid11EncodeChunkESt4spanIKhLm18446744073709551615EEtS2_IhLm1844" \
  "6744073709551615EE"

namespace pawl::ct {

extern "C" {
int __real_crypto_verify_16(const unsigned char* a, const unsigned char* b);
int __real_crypto_verify_32(const unsigned char* a, const unsigned char* b);
int __real_sodium_memcmp(const void* a, const void* b, size_t size);
int __real_crypto_scalarmult_curve25519(unsigned char* q, const unsigned char* n,
                                        const unsigned char* p);
int __real_crypto_scalarmult_curve25519_base(unsigned char* q, const unsigned char* n);
int __real_crypto_kem_mlkem768_seed_keypair(unsigned char* pk, unsigned char* sk,
                                            const unsigned char* seed);
}

absl::Status RealOpen(crypto::Suite suite, const crypto::AeadKey& key, ByteView nonce, ByteView ad,
                      ByteView ciphertext, ByteView tag,
                      MutableByteView plaintext) __asm__("__real_" PAWL_OPEN);
void RealBlake2bKeyed(ByteView key, std::initializer_list<ByteView> parts,
                      MutableByteView out) __asm__("__real_" PAWL_BLAKE2B_KEYED);
void RealEncodeChunk(ByteView message, uint16_t index,
                     MutableByteView out) __asm__("__real_" PAWL_ENCODE_CHUNK);

constexpr size_t kRouteTagSize = 16;
constexpr size_t kMlKemPrivateVectorSize = 1152;  // FIPS 203: dk = s || ek || H(ek) || z

extern "C" {

// Whether two values are equal, compared in constant time: the caller acts on it, all can see it.
int __wrap_crypto_verify_16(const unsigned char* a, const unsigned char* b) {
  return Declassified(__real_crypto_verify_16(a, b));
}
int __wrap_crypto_verify_32(const unsigned char* a, const unsigned char* b) {
  return Declassified(__real_crypto_verify_32(a, b));
}
int __wrap_sodium_memcmp(const void* a, const void* b, size_t size) {
  return Declassified(__real_sodium_memcmp(a, b, size));
}

// Whether the result is all-zero (RFC 7748 §6.1) follows from the peer's key alone: it is so for
// every private key, or for none.
int __wrap_crypto_scalarmult_curve25519(unsigned char* q, const unsigned char* n,
                                        const unsigned char* p) {
  return Declassified(__real_crypto_scalarmult_curve25519(q, n, p));
}

// Public keys.
int __wrap_crypto_scalarmult_curve25519_base(unsigned char* q, const unsigned char* n) {
  const int result = __real_crypto_scalarmult_curve25519_base(q, n);
  Declassify({q, crypto_scalarmult_curve25519_BYTES});
  return result;
}
int __wrap_crypto_kem_mlkem768_seed_keypair(unsigned char* pk, unsigned char* sk,
                                            const unsigned char* seed) {
  const int result = __real_crypto_kem_mlkem768_seed_keypair(pk, sk, seed);
  Declassify({pk, crypto_kem_mlkem768_PUBLICKEYBYTES});
  Declassify({sk + kMlKemPrivateVectorSize, crypto_kem_mlkem768_PUBLICKEYBYTES + 32});
  return result;
}
}

// What was sealed by somebody who knows the key: header fields and lengths steer what is done next.
// Nothing of it before the tag verified.
absl::Status WrapOpen(crypto::Suite suite, const crypto::AeadKey& key, ByteView nonce, ByteView ad,
                      ByteView ciphertext, ByteView tag,
                      MutableByteView plaintext) __asm__("__wrap_" PAWL_OPEN);
absl::Status WrapOpen(crypto::Suite suite, const crypto::AeadKey& key, ByteView nonce, ByteView ad,
                      ByteView ciphertext, ByteView tag, MutableByteView plaintext) {
  absl::Status opened = RealOpen(suite, key, nonce, ad, ciphertext, tag, plaintext);
  if (opened.ok()) Declassify(plaintext);
  return opened;
}

// Route tags stand on every envelope. They are the only ones of this size.
void WrapBlake2bKeyed(ByteView key, std::initializer_list<ByteView> parts,
                      MutableByteView out) __asm__("__wrap_" PAWL_BLAKE2B_KEYED);
void WrapBlake2bKeyed(ByteView key, std::initializer_list<ByteView> parts, MutableByteView out) {
  RealBlake2bKeyed(key, parts, out);
  if (out.size() == kRouteTagSize) Declassify(out);
}

// The Braid's streams: an encapsulation key, a ciphertext, their MACs, about to be sent. The code
// multiplies by tables.
void WrapEncodeChunk(ByteView message, uint16_t index,
                     MutableByteView out) __asm__("__wrap_" PAWL_ENCODE_CHUNK);
void WrapEncodeChunk(ByteView message, uint16_t index, MutableByteView out) {
  Declassify(message);
  RealEncodeChunk(message, index, out);
}

}  // namespace pawl::ct
