#include "crypto/mlkem_ring.h"

namespace pawl::crypto::mlkem {
namespace {

// Tables are computed by the compiler from their definitions: nothing to mistype.
constexpr int kZeta = 17;  // a primitive 256th root of unity mod q (FIPS 203 §4.3)

consteval int16_t Centered(int64_t x) {
  const int64_t residue = ((x % kQ) + kQ) % kQ;
  return static_cast<int16_t>(residue > kQ / 2 ? residue - kQ : residue);
}

consteval int16_t ToMontgomery(int64_t x) { return Centered(x * (1 << 16)); }

consteval int64_t PowerOfZeta(int exponent) {
  int64_t power = 1;
  for (int i = 0; i < exponent; ++i) power = power * kZeta % kQ;
  return power;
}

consteval int BitRev7(int x) {
  int reversed = 0;
  for (int bit = 0; bit < 7; ++bit) reversed |= ((x >> bit) & 1) << (6 - bit);
  return reversed;
}

// zeta^BitRev7(i), and gamma = zeta^(2 * BitRev7(i) + 1), in Montgomery form.
consteval std::array<int16_t, 128> Zetas() {
  std::array<int16_t, 128> table{};
  for (int i = 0; i < 128; ++i) table[i] = ToMontgomery(PowerOfZeta(BitRev7(i)));
  return table;
}
consteval std::array<int16_t, 128> Gammas() {
  std::array<int16_t, 128> table{};
  for (int i = 0; i < 128; ++i) table[i] = ToMontgomery(PowerOfZeta(2 * BitRev7(i) + 1));
  return table;
}

constexpr std::array<int16_t, 128> kZetas = Zetas();
constexpr std::array<int16_t, 128> kGammas = Gammas();
constexpr int16_t kMontgomeryOne = ToMontgomery(1);
constexpr int16_t kMontgomerySquare = ToMontgomery(int64_t{1} << 16);
constexpr int16_t kMontgomery128Inverse = ToMontgomery(3303);  // "3303 = 128^-1 mod q"
static_assert(MontgomeryMultiply(kMontgomeryOne, 1234) == 1234);
static_assert(3303 * 128 % kQ == 1);

// One value of `len`, a constant so that the inner loop can be vectorized. A layer adds less than q
// to the absolute value of a coefficient: after all seven it is less than 8q < 2^15.
template <int kLen>
void NttLayer(std::array<int16_t, kN>& f) {
  for (int block = 0; block < 128 / kLen; ++block) {
    const int16_t zeta = kZetas[128 / kLen + block];
    int16_t* const low = &f[2 * kLen * block];
    int16_t* const high = low + kLen;
    for (int j = 0; j < kLen; ++j) {
      const int16_t t = MontgomeryMultiply(zeta, high[j]);
      high[j] = static_cast<int16_t>(low[j] - t);
      low[j] = static_cast<int16_t>(low[j] + t);
    }
  }
}

// Coefficients stay in (-q, q).
template <int kLen>
void InverseNttLayer(std::array<int16_t, kN>& f) {
  for (int block = 0; block < 128 / kLen; ++block) {
    const int16_t zeta = kZetas[2 * 128 / kLen - 1 - block];
    int16_t* const low = &f[2 * kLen * block];
    int16_t* const high = low + kLen;
    for (int j = 0; j < kLen; ++j) {
      const int16_t t = low[j];
      low[j] = BarrettReduce(static_cast<int16_t>(t + high[j]));
      high[j] = MontgomeryMultiply(zeta, static_cast<int16_t>(high[j] - t));
    }
  }
}

}  // namespace

Tq Ntt(const Rq& f) {
  Tq out;
  out.c = f.c;
  NttLayer<128>(out.c);
  NttLayer<64>(out.c);
  NttLayer<32>(out.c);
  NttLayer<16>(out.c);
  NttLayer<8>(out.c);
  NttLayer<4>(out.c);
  NttLayer<2>(out.c);
  for (int16_t& c : out.c) c = BarrettReduce(c);
  return out;
}

Rq InverseNtt(const Tq& f) {
  Rq out;
  out.c = f.c;
  InverseNttLayer<2>(out.c);
  InverseNttLayer<4>(out.c);
  InverseNttLayer<8>(out.c);
  InverseNttLayer<16>(out.c);
  InverseNttLayer<32>(out.c);
  InverseNttLayer<64>(out.c);
  InverseNttLayer<128>(out.c);
  for (int16_t& c : out.c) c = MontgomeryMultiply(c, kMontgomery128Inverse);
  return out;
}

TqFactor::TqFactor(const Tq& b) {
  for (int i = 0; i < kN / 2; ++i) {
    const int16_t b0 = MontgomeryMultiply(b.c[2 * i], kMontgomerySquare);
    const int16_t b1 = MontgomeryMultiply(b.c[2 * i + 1], kMontgomerySquare);
    even.c[2 * i] = b0;
    even.c[2 * i + 1] = MontgomeryMultiply(b1, kGammas[i]);
    odd.c[2 * i] = b1;
    odd.c[2 * i + 1] = b0;
  }
}

Tq InnerProduct(const TqVector& a, const TqFactorVector& b) {
  // Six products of factors in (-q, q) stay below q * 2^15, so one reduction serves them all.
  static_assert(2 * kK * kQ < 1 << 15);
  Tq sum;
  for (int i = 0; i < kN; i += 2) {
    int32_t even = 0, odd = 0;
    for (int j = 0; j < kK; ++j) {
      const int32_t a0 = a[j].c[i], a1 = a[j].c[i + 1];
      even += a0 * b[j].even.c[i] + a1 * b[j].even.c[i + 1];
      odd += a0 * b[j].odd.c[i] + a1 * b[j].odd.c[i + 1];
    }
    sum.c[i] = MontgomeryReduce(even);
    sum.c[i + 1] = MontgomeryReduce(odd);
  }
  return sum;
}

Rq Sum(const Rq& a, const Rq& b) {
  Rq sum;
  for (int i = 0; i < kN; ++i) sum.c[i] = BarrettReduce(static_cast<int16_t>(a.c[i] + b.c[i]));
  return sum;
}

}  // namespace pawl::crypto::mlkem
