#include "crypto/mlkem_ring.h"

#include <gmock/gmock.h>

#include "support/vectors.h"
#include "unit/crypto/mlkem_cctv.h"
#include "unit/crypto/mlkem_polynomials.h"

namespace pawl::crypto::mlkem {
namespace {

int64_t Power(int64_t base, int exponent) {
  int64_t power = 1;
  for (int i = 0; i < exponent; ++i) power = Modulo(power * base);
  return power;
}

int BitRev7(int x) {
  int reversed = 0;
  for (int bit = 0; bit < 7; ++bit) reversed = 2 * reversed + ((x >> bit) & 1);
  return reversed;
}

// FIPS 203 §4.3: the i-th pair is f mod (X^2 - zeta^(2 * BitRev7(i) + 1)).
Residues NttByDefinition(const Residues& f) {
  Residues out(kN);
  for (int i = 0; i < kN / 2; ++i) {
    const int64_t gamma = Power(17, 2 * BitRev7(i) + 1);
    for (int j = kN / 2 - 1; j >= 0; --j) {
      out[2 * i] = Modulo(out[2 * i] * gamma + f[2 * j]);
      out[2 * i + 1] = Modulo(out[2 * i + 1] * gamma + f[2 * j + 1]);
    }
  }
  return out;
}

// sum += a * b mod (X^256 + 1).
void AddSchoolbookProduct(const Residues& a, const Residues& b, Residues& sum) {
  for (int i = 0; i < kN; ++i) {
    for (int j = 0; j < kN; ++j) {
      const int sign = i + j < kN ? 1 : -1;
      sum[(i + j) % kN] = Modulo(sum[(i + j) % kN] + sign * a[i] * b[j]);
    }
  }
}

std::vector<Rq> Inputs() {
  test::SeededRng rng(1);
  std::vector<Rq> inputs = ExtremePolynomials<Rq>();
  for (int i = 0; i < 20; ++i) inputs.push_back(RandomPolynomial<Rq>(rng));
  return inputs;
}

TEST(MlKemRing, BarrettReductionIsTheCentredResidueOfEveryNumber) {
  for (int x = INT16_MIN; x <= INT16_MAX; ++x) {
    const int reduced = BarrettReduce(static_cast<int16_t>(x));
    ASSERT_EQ(Modulo(reduced), Modulo(x)) << x;
    ASSERT_LE(std::abs(reduced), kQ / 2) << x;
  }
}

TEST(MlKemRing, MontgomeryReductionDividesBy2To16) {
  constexpr int kBound = kQ << 15;
  const auto expect_right = [](int x) {
    const int reduced = MontgomeryReduce(x);
    ASSERT_EQ(Modulo(int64_t{reduced} << 16), Modulo(x)) << x;
    ASSERT_LT(std::abs(reduced), kQ) << x;
  };
  for (int x = -kBound + 1; x < kBound; x += 997) expect_right(x);
  for (int x : {-kBound + 1, -1, 0, 1, kBound - 1}) expect_right(x);
}

TEST(MlKemRing, TheNttIsThatOfItsDefinition) {
  for (const Rq& f : Inputs()) {
    EXPECT_EQ(ResiduesOf(Ntt(f)), NttByDefinition(ResiduesOf(f)));
  }
}

TEST(MlKemRing, TheInverseNttIsItsInverse) {
  for (const Rq& f : Inputs()) EXPECT_EQ(ResiduesOf(InverseNtt(Ntt(f))), ResiduesOf(f));
  for (const Tq& f : ExtremePolynomials<Tq>()) {
    EXPECT_EQ(NttByDefinition(ResiduesOf(InverseNtt(f))), ResiduesOf(f));
  }
}

TEST(MlKemRing, AnInnerProductIsTheSumOfSchoolbookProducts) {
  const std::vector<Rq> f = Inputs();
  for (size_t i = 0; i + 2 * kK <= f.size(); ++i) {
    Residues expected(kN);
    for (size_t j = 0; j < kK; ++j) {
      AddSchoolbookProduct(ResiduesOf(f[i + j]), ResiduesOf(f[i + kK + j]), expected);
    }
    const TqVector a = {Ntt(f[i]), Ntt(f[i + 1]), Ntt(f[i + 2])};
    const TqFactorVector b = {TqFactor(Ntt(f[i + 3])), TqFactor(Ntt(f[i + 4])),
                              TqFactor(Ntt(f[i + 5]))};
    EXPECT_EQ(ResiduesOf(InverseNtt(InnerProduct(a, b))), expected);
  }
}

// FIPS 203, Algorithm 12, on the largest coefficients: nothing overflows.
TEST(MlKemRing, AnInnerProductOfTheLargestIsRight) {
  for (const Tq& a : ExtremePolynomials<Tq>()) {
    for (const Tq& b : ExtremePolynomials<Tq>()) {
      const Residues product =
          ResiduesOf(InnerProduct({a, a, a}, {TqFactor(b), TqFactor(b), TqFactor(b)}));
      for (int i = 0; i < kN / 2; ++i) {
        const int64_t gamma = Power(17, 2 * BitRev7(i) + 1);
        const int64_t a0 = a.c[2 * i], a1 = a.c[2 * i + 1], b0 = b.c[2 * i], b1 = b.c[2 * i + 1];
        ASSERT_EQ(product[2 * i], Modulo(3 * (a0 * b0 + Modulo(a1 * b1) * gamma)));
        ASSERT_EQ(product[2 * i + 1], Modulo(3 * (a0 * b1 + a1 * b0)));
      }
    }
  }
}

TEST(MlKemRing, ASumStaysInBounds) {
  const std::vector<Rq> inputs = Inputs();
  for (const Rq& a : inputs) {
    for (const Rq& b : inputs) {
      const Residues sum = ResiduesOf(Sum(a, b));
      for (int i = 0; i < kN; ++i) ASSERT_EQ(sum[i], Modulo(a.c[i] + b.c[i]));
    }
  }
}

TEST(MlKemRing, CctvIntermediateNtt) {
  PAWL_VECTOR_TEXT_OR_SKIP(file, kCctvIntermediate);
  const std::pair<const char*, const char*> kPairs[] = {{"r", "NTT(r)"}, {"e", "NTT(e)"}};
  for (const auto& [name, ntt_name] : kPairs) {
    const Bytes polynomials = CctvValue(file, name, 1152), ntts = CctvValue(file, ntt_name, 1152);
    for (size_t i = 0; i < kK; ++i) {
      const Rq f = FromResidues<Rq>(Decode12(polynomials, i));
      EXPECT_EQ(ResiduesOf(Ntt(f)), Decode12(ntts, i));
    }
  }
}

TEST(MlKemRing, CoefficientsAreWipedWhenTheyEnd) {
  alignas(Rq) ByteArray<sizeof(Rq)> memory;
  memory.fill(0xa5);
  Rq* const f = new (memory.data()) Rq;
  f->c.fill(kQ - 1);
  f->~Rq();
  EXPECT_THAT(memory, ::testing::Each(0));
}

}  // namespace
}  // namespace pawl::crypto::mlkem
