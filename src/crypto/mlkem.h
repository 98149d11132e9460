#ifndef PAWL_CRYPTO_MLKEM_H_
#define PAWL_CRYPTO_MLKEM_H_

#include "base/bytes.h"
#include "base/rng.h"
#include "base/status.h"
#include "crypto/secret.h"
#include "crypto/x25519.h"

namespace pawl::crypto {

// ML-KEM-768 (FIPS 203).
constexpr size_t kMlKemPublicSize = 1184;
constexpr size_t kMlKemCiphertextSize = 1088;
using MlKemPublic = ByteArray<kMlKemPublicSize>;
using MlKemCiphertext = ByteArray<kMlKemCiphertextSize>;
using MlKemSeed = Secret<struct MlKemSeedTag, 64>;
// The 2,400-byte decapsulation key, FIPS form. What is stored is the 64-byte seed (d || z).
using MlKemPrivate = Secret<struct MlKemPrivateTag, 2400>;

struct MlKemKeyPair {
  MlKemPrivate secret;
  MlKemPublic pub;
  static MlKemKeyPair FromSeed(const MlKemSeed& seed);
};

struct MlKemEncapsulation {
  MlKemCiphertext ciphertext;
  SharedSecret shared;
};

// kInvalidKey when the encapsulation key fails the modulus check of FIPS 203 §7.2.
absl::StatusOr<MlKemEncapsulation> MlKemEncapsulate(const MlKemPublic& key, Rng& rng);
// The deterministic form, `m` 32 bytes: vectors and differential tests.
absl::StatusOr<MlKemEncapsulation> MlKemEncapsulateDeterministic(const MlKemPublic& key,
                                                                 ByteView m);
// Implicit rejection (FIPS 203 §7.3): a wrong ciphertext gives an unrelated secret, not an error.
SharedSecret MlKemDecapsulate(const MlKemPrivate& key, const MlKemCiphertext& ciphertext);

}  // namespace pawl::crypto

#endif  // PAWL_CRYPTO_MLKEM_H_
