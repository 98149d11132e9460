#ifndef PAWL_TESTS_UNIT_CRYPTO_HPKE_VECTORS_H_
#define PAWL_TESTS_UNIT_CRYPTO_HPKE_VECTORS_H_

#include <vector>

#include "crypto/hpke.h"
#include "support/vectors.h"

namespace pawl::crypto {

constexpr const char* kRfc9180Vectors = "hpke/vectors_rfc9180_5f503c5.json.gz";
constexpr const char* kHpkePqVectors = "hpke/hpke-pq.json";

// The cases of a vector file that we speak: our KEMs, HKDF-SHA256, modes base and psk, and an AEAD.
inline std::vector<test::Json> SupportedHpkeVectors(const test::Json& file) {
  constexpr int64_t kHkdfSha256 = 1, kModePsk = 1, kAes256Gcm = 2, kExportOnly = 0xffff;
  std::vector<test::Json> supported;
  for (const test::Json& vector : file.Items()) {
    const int64_t kem = vector.Int("kem_id"), aead = vector.Int("aead_id");
    if ((kem == 0x0020 || kem == 0x647a) && vector.Int("kdf_id") == kHkdfSha256 &&
        vector.Int("mode") <= kModePsk && aead != kAes256Gcm && aead != kExportOnly) {
      supported.push_back(vector);
    }
  }
  return supported;
}

inline HpkeKem KemOf(const test::Json& vector) {
  return static_cast<HpkeKem>(vector.Int("kem_id"));
}

}  // namespace pawl::crypto

#endif  // PAWL_TESTS_UNIT_CRYPTO_HPKE_VECTORS_H_
