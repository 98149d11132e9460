#ifndef PAWL_CRYPTO_MLKEM_SAMPLING_H_
#define PAWL_CRYPTO_MLKEM_SAMPLING_H_

#include "base/bytes.h"
#include "crypto/mlkem_ring.h"
#include "crypto/secret.h"

namespace pawl::crypto::mlkem {

// The randomness r of K-PKE.Encrypt.
using EncryptionRandomness = Secret<struct MlKemEncryptionRandomnessTag, 32>;

// FIPS 203, Algorithm 7 (SampleNTT) of rho || j || i: the entry in row i and column j of the public
// matrix A. Its time depends on rho, which is public.
Tq SampleNtt(std::span<const uint8_t, 32> rho, uint8_t j, uint8_t i);

// FIPS 203, Algorithm 8 (SamplePolyCBD, eta = 2) of PRF(r, n) = SHAKE256(r || n). Constant time.
Rq SamplePolyCbd(const EncryptionRandomness& r, uint8_t n);

}  // namespace pawl::crypto::mlkem

#endif  // PAWL_CRYPTO_MLKEM_SAMPLING_H_
