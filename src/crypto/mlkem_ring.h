#ifndef PAWL_CRYPTO_MLKEM_RING_H_
#define PAWL_CRYPTO_MLKEM_RING_H_

#include <array>
#include <cstdint>

#include "base/wipe.h"

// The arithmetic of ML-KEM-768 (FIPS 203 §2.4, §4.3) that incremental encapsulation needs. Constant
// time: no branch, index or division depends on a coefficient.
namespace pawl::crypto::mlkem {

constexpr int kN = 256;
constexpr int kQ = 3329;
constexpr int kK = 3;

// Vector units have an instruction for either half of a product of 16-bit factors.
constexpr int16_t LowHalf(int32_t x) { return static_cast<int16_t>(x); }
constexpr int16_t HighHalf(int32_t x) { return static_cast<int16_t>(x >> 16); }

// x / 2^16 mod q, in (-q, q), for |x| < q * 2^15 (Montgomery): x - t * q is a multiple of 2^16, its
// low half being zero, so only the high halves are subtracted.
constexpr int16_t MontgomeryReduce(int32_t x) {
  constexpr int32_t kInverseOfQ = -3327;  // mod 2^16
  const int16_t t = LowHalf(LowHalf(x) * kInverseOfQ);
  return static_cast<int16_t>(HighHalf(x) - HighHalf(t * kQ));
}

// a * b / 2^16 mod q, in (-q, q), for |a * b| < q * 2^15.
constexpr int16_t MontgomeryMultiply(int16_t a, int16_t b) {
  return MontgomeryReduce(int32_t{a} * b);
}

// x mod q, in [-(q-1)/2, (q-1)/2], for every x (Barrett): subtracts round(x / q) * q.
constexpr int16_t BarrettReduce(int16_t x) {
  constexpr int32_t kReciprocalOfQ = 20159;  // round(2^26 / q)
  const int quotient = (HighHalf(x * kReciprocalOfQ) + (1 << 9)) >> 10;
  return static_cast<int16_t>(x - quotient * kQ);
}

// 256 coefficients, each in (-q, q) and standing for its class mod q. Wiped at its end, for most of
// them are secret, and wiping the few that are not costs less than telling them apart.
template <typename Tag>
struct Coefficients {
  Coefficients() = default;
  Coefficients(const Coefficients&) = default;
  Coefficients& operator=(const Coefficients&) = default;
  ~Coefficients() { Wipe({reinterpret_cast<uint8_t*>(c.data()), sizeof c}); }

  std::array<int16_t, kN> c;
};

// R_q = Z_q[X] / (X^256 + 1), and T_q, its image under the NTT: 128 polynomials of degree one.
using Rq = Coefficients<struct RqTag>;
using Tq = Coefficients<struct TqTag>;
using TqVector = std::array<Tq, kK>;

// FIPS 203, Algorithm 9 (NTT) and Algorithm 10 (NTT^-1).
Tq Ntt(const Rq& f);
Rq InverseNtt(const Tq& f);

// An element of T_q as the right factor of several products: what FIPS 203, Algorithm 12
// (BaseCaseMultiply) wants of it, computed once and in Montgomery form. With b = b0 + b1 * X of
// each of the 128: `even` has (b0, b1 * gamma), `odd` has (b1, b0).
struct TqFactor {
  explicit TqFactor(const Tq& b);
  Tq even, odd;
};
using TqFactorVector = std::array<TqFactor, kK>;

// The sum over j of a[j] x b[j] (FIPS 203, Algorithm 11, MultiplyNTTs).
Tq InnerProduct(const TqVector& a, const TqFactorVector& b);

// a + b.
Rq Sum(const Rq& a, const Rq& b);

}  // namespace pawl::crypto::mlkem

#endif  // PAWL_CRYPTO_MLKEM_RING_H_
