#ifndef PAWL_CRYPTO_MLKEM_COMPRESS_H_
#define PAWL_CRYPTO_MLKEM_COMPRESS_H_

#include <span>

#include "base/bytes.h"
#include "base/status.h"
#include "crypto/mlkem_ring.h"

namespace pawl::crypto::mlkem {

constexpr size_t kVectorSize = 384 * kK;  // ByteEncode_12 of the vector t
constexpr size_t kEncodedUSize = 320;     // ByteEncode_10 of one polynomial of u: 32 * d_u
constexpr size_t kEncodedVSize = 128;     // ByteEncode_4 of v: 32 * d_v

// Compress_d (FIPS 203 §4.2.1): round(2^d / q * x) mod 2^d, for x in (-q, q). By multiplication,
// for the time of a division depends on its operands, and x is secret. The unsigned product is
// right mod 2^64, hence the result mod 2^d, also for negative x.
template <int kD>
constexpr uint32_t Compress(int16_t x) {
  constexpr int kShift = 40;
  constexpr uint64_t kReciprocalOfQ = ((uint64_t{1} << kShift) + kQ / 2) / kQ;
  constexpr uint64_t kHalf = uint64_t{1} << (kShift - kD - 1);
  const uint64_t product = static_cast<uint64_t>(int64_t{x}) * kReciprocalOfQ;
  return static_cast<uint32_t>((product + kHalf) >> (kShift - kD)) & ((1u << kD) - 1);
}

// ByteEncode_d(Compress_d(f)) (FIPS 203, Algorithm 5), d = 10 for u and 4 for v. Constant time.
void CompressU(const Rq& f, std::span<uint8_t, kEncodedUSize> out);
void CompressV(const Rq& f, std::span<uint8_t, kEncodedVSize> out);

// Decompress_1(ByteDecode_1(m)): each bit times round(q / 2). Constant time.
Rq MessagePolynomial(std::span<const uint8_t, 32> m);

// ByteDecode_12 of the three polynomials of the public vector t. kInvalidKey when a coefficient is
// not below q: the modulus check of FIPS 203 §7.2.
absl::StatusOr<TqVector> DecodeVector(std::span<const uint8_t, kVectorSize> encoded);

}  // namespace pawl::crypto::mlkem

#endif  // PAWL_CRYPTO_MLKEM_COMPRESS_H_
