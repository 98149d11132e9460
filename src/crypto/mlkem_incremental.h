#ifndef PAWL_CRYPTO_MLKEM_INCREMENTAL_H_
#define PAWL_CRYPTO_MLKEM_INCREMENTAL_H_

#include "base/bytes.h"
#include "base/rng.h"
#include "base/status.h"
#include "crypto/mlkem.h"
#include "crypto/secret.h"

namespace pawl::crypto {

// ML-KEM-768 encapsulation (FIPS 203, Algorithm 17) in two steps, for a peer whose encapsulation
// key arrives in two parts: the first step needs its header alone and gives the secret and 960 of
// the 1,088 bytes of the ciphertext; the second needs the vector and gives the other 128. Together
// they are MlKemEncapsulate's, and MlKemDecapsulate opens them. Constant time but for what is
// public.

// ek = vector || rho; the header is rho || H(ek), H being SHA3-256.
constexpr size_t kMlKemVectorSize = 1152;
constexpr size_t kMlKemHeaderSize = 64;
using MlKemVector = ByteArray<kMlKemVectorSize>;
using MlKemHeader = ByteArray<kMlKemHeaderSize>;

MlKemHeader HeaderOf(const MlKemPublic& key);
MlKemVector VectorOf(const MlKemPublic& key);
// kInvalidKey when the vector is not the one that the header commits to, or fails the modulus check
// of FIPS 203 §7.2.
absl::StatusOr<MlKemPublic> Join(const MlKemHeader& header, const MlKemVector& vector);

// ciphertext = c1 || c2: u and v, compressed.
constexpr size_t kMlKemCiphertext1Size = 960;
constexpr size_t kMlKemCiphertext2Size = 128;
using MlKemCiphertext1 = ByteArray<kMlKemCiphertext1Size>;
using MlKemCiphertext2 = ByteArray<kMlKemCiphertext2Size>;

MlKemCiphertext Join(const MlKemCiphertext1& c1, const MlKemCiphertext2& c2);

// The randomness m of FIPS 203 §6.2.
using MlKemRandomness = Secret<struct MlKemRandomnessTag, 32>;

// What the second step knows of the first: m || header, secret, for one key. These bytes are all;
// the polynomials that follow from them are derived anew, in a few microseconds. So what is stored
// or restored elsewhere cannot depend on a machine's byte order (libcrux issue 1275: its stored
// state did, and had to be migrated), nor contradict itself: any 96 bytes are a state.
using MlKemEncapsulationState = Secret<struct MlKemEncapsulationStateTag, 32 + kMlKemHeaderSize>;

struct MlKemFirstStep {
  MlKemCiphertext1 c1;
  SharedSecret shared;
  MlKemEncapsulationState state;
};

// Any 64 bytes are a header; whether a key belongs to it shows in the second step.
MlKemFirstStep Encapsulate1(const MlKemHeader& header, Rng& rng);
// The deterministic form: vectors and differential tests.
MlKemFirstStep Encapsulate1Deterministic(const MlKemHeader& header, const MlKemRandomness& m);

// Errors as Join's for the header in `state`; nothing is computed from a vector before it passed.
absl::StatusOr<MlKemCiphertext2> Encapsulate2(const MlKemEncapsulationState& state,
                                              const MlKemVector& vector);

}  // namespace pawl::crypto

#endif  // PAWL_CRYPTO_MLKEM_INCREMENTAL_H_
