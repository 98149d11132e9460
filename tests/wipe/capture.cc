// Every secret passes one of these calls, as key, input or output. The linker puts these functions
// around them (--wrap, see CMakeLists.txt).
#include <sodium.h>

#include <cstring>
#include <string_view>

#include "wipe/secret_watch.h"

namespace {

using pawl::ByteView;
using pawl::wipe::Plant;

uint8_t FromHex(char digit) {
  return static_cast<uint8_t>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

// x'<64 hex digits>', and the key itself.
void PlantRawKey(const void* text, int size) {
  Plant({static_cast<const uint8_t*>(text) + 2, static_cast<size_t>(size) - 3},
        "database key, hex");
  const char* digits = static_cast<const char*>(text) + 2;
  uint8_t key[32];
  for (size_t i = 0; i < sizeof key; ++i) {
    key[i] = static_cast<uint8_t>(FromHex(digits[2 * i]) << 4 | FromHex(digits[2 * i + 1]));
  }
  Plant(key, "database key");
  sodium_memzero(key, sizeof key);
}

}  // namespace

using u8 = unsigned char;
using u64 = unsigned long long;

extern "C" {

#define PAWL_CAPTURE_SEAL(name)                                                         \
  int __real_##name(u8* c, u8* mac, u64* mac_size, const u8* m, u64 size, const u8* ad, \
                    u64 ad_size, const u8* nsec, const u8* npub, const u8* k);          \
  int __wrap_##name(u8* c, u8* mac, u64* mac_size, const u8* m, u64 size, const u8* ad, \
                    u64 ad_size, const u8* nsec, const u8* npub, const u8* k) {         \
    Plant({k, 32}, "AEAD key");                                                         \
    return __real_##name(c, mac, mac_size, m, size, ad, ad_size, nsec, npub, k);        \
  }
#define PAWL_CAPTURE_OPEN(name)                                                          \
  int __real_##name(u8* m, u8* nsec, const u8* c, u64 size, const u8* mac, const u8* ad, \
                    u64 ad_size, const u8* npub, const u8* k);                           \
  int __wrap_##name(u8* m, u8* nsec, const u8* c, u64 size, const u8* mac, const u8* ad, \
                    u64 ad_size, const u8* npub, const u8* k) {                          \
    Plant({k, 32}, "AEAD key");                                                          \
    return __real_##name(m, nsec, c, size, mac, ad, ad_size, npub, k);                   \
  }
PAWL_CAPTURE_SEAL(crypto_aead_xchacha20poly1305_ietf_encrypt_detached)
PAWL_CAPTURE_OPEN(crypto_aead_xchacha20poly1305_ietf_decrypt_detached)
PAWL_CAPTURE_SEAL(crypto_aead_aegis256_encrypt_detached)
PAWL_CAPTURE_OPEN(crypto_aead_aegis256_decrypt_detached)

int __real_crypto_generichash_blake2b_init(crypto_generichash_blake2b_state* state, const u8* key,
                                           size_t key_size, size_t out_size);
int __wrap_crypto_generichash_blake2b_init(crypto_generichash_blake2b_state* state, const u8* key,
                                           size_t key_size, size_t out_size) {
  Plant({key, key_size}, "BLAKE2b key");
  return __real_crypto_generichash_blake2b_init(state, key, key_size, out_size);
}

int __real_crypto_kdf_hkdf_sha512_extract_init(crypto_kdf_hkdf_sha512_state* state, const u8* salt,
                                               size_t size);
int __wrap_crypto_kdf_hkdf_sha512_extract_init(crypto_kdf_hkdf_sha512_state* state, const u8* salt,
                                               size_t size) {
  Plant({salt, size}, "HKDF salt");
  return __real_crypto_kdf_hkdf_sha512_extract_init(state, salt, size);
}
int __real_crypto_kdf_hkdf_sha512_extract_update(crypto_kdf_hkdf_sha512_state* state, const u8* ikm,
                                                 size_t size);
int __wrap_crypto_kdf_hkdf_sha512_extract_update(crypto_kdf_hkdf_sha512_state* state, const u8* ikm,
                                                 size_t size) {
  Plant({ikm, size}, "HKDF input");
  return __real_crypto_kdf_hkdf_sha512_extract_update(state, ikm, size);
}
int __real_crypto_kdf_hkdf_sha512_expand(u8* out, size_t size, const char* info, size_t info_size,
                                         const u8* prk);
int __wrap_crypto_kdf_hkdf_sha512_expand(u8* out, size_t size, const char* info, size_t info_size,
                                         const u8* prk) {
  Plant({prk, 64}, "HKDF key");
  const int result = __real_crypto_kdf_hkdf_sha512_expand(out, size, info, info_size, prk);
  Plant({out, size}, "HKDF output");
  return result;
}

int __real_crypto_scalarmult_curve25519(u8* q, const u8* n, const u8* p);
int __wrap_crypto_scalarmult_curve25519(u8* q, const u8* n, const u8* p) {
  Plant({n, 32}, "X25519 private key");
  const int result = __real_crypto_scalarmult_curve25519(q, n, p);
  Plant({q, 32}, "X25519 shared secret");
  return result;
}
int __real_crypto_scalarmult_curve25519_base(u8* q, const u8* n);
int __wrap_crypto_scalarmult_curve25519_base(u8* q, const u8* n) {
  Plant({n, 32}, "X25519 private key");
  return __real_crypto_scalarmult_curve25519_base(q, n);
}

int __real_crypto_kem_mlkem768_seed_keypair(u8* pk, u8* sk, const u8* seed);
int __wrap_crypto_kem_mlkem768_seed_keypair(u8* pk, u8* sk, const u8* seed) {
  Plant({seed, 64}, "ML-KEM seed");
  const int result = __real_crypto_kem_mlkem768_seed_keypair(pk, sk, seed);
  Plant({sk, 64}, "ML-KEM private key");
  return result;
}
int __real_crypto_kem_mlkem768_dec(u8* ss, const u8* ct, const u8* sk);
int __wrap_crypto_kem_mlkem768_dec(u8* ss, const u8* ct, const u8* sk) {
  const int result = __real_crypto_kem_mlkem768_dec(ss, ct, sk);
  Plant({ss, 32}, "ML-KEM shared secret");
  return result;
}
int __real_crypto_kem_mlkem768_enc_deterministic(u8* ct, u8* ss, const u8* pk, const u8* m);
int __wrap_crypto_kem_mlkem768_enc_deterministic(u8* ct, u8* ss, const u8* pk, const u8* m) {
  Plant({m, 32}, "ML-KEM randomness");
  const int result = __real_crypto_kem_mlkem768_enc_deterministic(ct, ss, pk, m);
  Plant({ss, 32}, "ML-KEM shared secret");
  return result;
}

int __real_crypto_kem_xwing_seed_keypair(u8* pk, u8* sk, const u8* seed);
int __wrap_crypto_kem_xwing_seed_keypair(u8* pk, u8* sk, const u8* seed) {
  Plant({seed, 32}, "X-Wing seed");
  return __real_crypto_kem_xwing_seed_keypair(pk, sk, seed);
}
int __real_crypto_kem_xwing_enc_deterministic(u8* ct, u8* ss, const u8* pk, const u8* seed);
int __wrap_crypto_kem_xwing_enc_deterministic(u8* ct, u8* ss, const u8* pk, const u8* seed) {
  Plant({seed, 64}, "X-Wing randomness");
  const int result = __real_crypto_kem_xwing_enc_deterministic(ct, ss, pk, seed);
  Plant({ss, 32}, "X-Wing shared secret");
  return result;
}
int __real_crypto_kem_xwing_dec(u8* ss, const u8* ct, const u8* sk);
int __wrap_crypto_kem_xwing_dec(u8* ss, const u8* ct, const u8* sk) {
  Plant({sk, 32}, "X-Wing seed");
  const int result = __real_crypto_kem_xwing_dec(ss, ct, sk);
  Plant({ss, 32}, "X-Wing shared secret");
  return result;
}

int __real_crypto_sign_ed25519_detached(u8* sig, u64* sig_size, const u8* m, u64 size,
                                        const u8* sk);
int __wrap_crypto_sign_ed25519_detached(u8* sig, u64* sig_size, const u8* m, u64 size,
                                        const u8* sk) {
  Plant({sk, 32}, "Ed25519 private key");  // the other half is the public key
  return __real_crypto_sign_ed25519_detached(sig, sig_size, m, size, sk);
}

int __real_crypto_pwhash_argon2id(u8* out, u64 size, const char* text, u64 text_size,
                                  const u8* salt, u64 passes, size_t memory, int algorithm);
int __wrap_crypto_pwhash_argon2id(u8* out, u64 size, const char* text, u64 text_size,
                                  const u8* salt, u64 passes, size_t memory, int algorithm) {
  Plant({reinterpret_cast<const u8*>(text), text_size}, "passphrase");
  const int result =
      __real_crypto_pwhash_argon2id(out, size, text, text_size, salt, passes, memory, algorithm);
  Plant({out, size}, "stretched passphrase");
  return result;
}

struct sqlite3;
int __real_sqlite3_key(sqlite3* handle, const void* key, int size);
int __wrap_sqlite3_key(sqlite3* handle, const void* key, int size) {
  PlantRawKey(key, size);
  return __real_sqlite3_key(handle, key, size);
}
int __real_sqlite3_rekey(sqlite3* handle, const void* key, int size);
int __wrap_sqlite3_rekey(sqlite3* handle, const void* key, int size) {
  PlantRawKey(key, size);
  return __real_sqlite3_rekey(handle, key, size);
}
}
