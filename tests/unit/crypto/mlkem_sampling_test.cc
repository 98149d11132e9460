#include "crypto/mlkem_sampling.h"

#include <gmock/gmock.h>
#include <sodium.h>

#include "support/vectors.h"
#include "unit/crypto/mlkem_cctv.h"
#include "unit/crypto/mlkem_polynomials.h"

namespace pawl::crypto::mlkem {
namespace {

using test::ArrayOf;

// FIPS 203, Algorithm 8, line by line.
Residues CbdByDefinition(ByteView bytes) {
  const auto bit = [bytes](int i) { return (bytes[i / 8] >> (i % 8)) & 1; };
  Residues f;
  for (int i = 0; i < kN; ++i) {
    const int x = bit(4 * i) + bit(4 * i + 1);
    const int y = bit(4 * i + 2) + bit(4 * i + 3);
    f.push_back(Modulo(x - y));
  }
  return f;
}

// FIPS 203, Algorithm 7, line by line, and how many bytes it took.
std::pair<Residues, size_t> SampleByDefinition(ByteView rho, uint8_t j, uint8_t i) {
  Bytes input = ToBytes(rho);
  input.push_back(j);
  input.push_back(i);
  ByteArray<3000> stream;
  crypto_xof_shake128(stream.data(), stream.size(), input.data(), input.size());
  Residues a;
  size_t at = 0;
  for (; a.size() < kN; at += 3) {
    const int d1 = stream[at] + 256 * (stream[at + 1] % 16);
    const int d2 = stream[at + 1] / 16 + 16 * stream[at + 2];
    if (d1 < kQ) a.push_back(d1);
    if (d2 < kQ && a.size() < kN) a.push_back(d2);
  }
  return {a, at};
}

TEST(MlKemSampling, NoiseIsThatOfItsDefinition) {
  test::SeededRng rng(2);
  for (int round = 0; round < 50; ++round) {
    const auto r = EncryptionRandomness::Random(rng);
    for (uint8_t n : ByteArray<4>{0, 1, 6, 255}) {
      Bytes input = ToBytes(r.Expose());
      input.push_back(n);
      ByteArray<128> bits;
      crypto_xof_shake256(bits.data(), bits.size(), input.data(), input.size());
      EXPECT_EQ(ResiduesOf(SamplePolyCbd(r, n)), CbdByDefinition(bits));
    }
  }
}

TEST(MlKemSampling, TheMatrixIsThatOfItsDefinition) {
  test::SeededRng rng(3);
  size_t least = SIZE_MAX, most = 0;
  for (int round = 0; round < 300; ++round) {
    const auto rho = rng.Array<32>();
    const auto j = static_cast<uint8_t>(round % 3), i = static_cast<uint8_t>(round / 3 % 3);
    const auto [expected, bytes] = SampleByDefinition(rho, j, i);
    EXPECT_EQ(ResiduesOf(SampleNtt(rho, j, i)), expected);
    least = std::min(least, bytes);
    most = std::max(most, bytes);
  }
  // Some end early and some late in the third block, which is where almost all end.
  EXPECT_LT(least, 450u);
  EXPECT_GT(most, 490u);
}

TEST(MlKemSampling, CctvIntermediateMatrix) {
  PAWL_VECTOR_TEXT_OR_SKIP(file, kCctvIntermediate);
  const Bytes rho = CctvValue(file, "ρ", 32), matrix = CctvValue(file, "A", 9 * 384);
  const Bytes transposed = CctvValue(file, "A^T", 9 * 384);
  for (uint8_t i = 0; i < kK; ++i) {
    for (uint8_t j = 0; j < kK; ++j) {
      const Residues entry = ResiduesOf(SampleNtt(ArrayOf<32>(rho), j, i));
      EXPECT_EQ(entry, Decode12(matrix, kK * i + j));
      EXPECT_EQ(entry, Decode12(transposed, kK * j + i));
    }
  }
}

TEST(MlKemSampling, CctvIntermediateNoise) {
  PAWL_VECTOR_TEXT_OR_SKIP(file, kCctvIntermediate);
  const auto r = EncryptionRandomness::From(ArrayOf<32>(CctvValue(file, "r", 32)));
  const Bytes y = CctvValue(file, "r", 1152), e1 = CctvValue(file, "e1", 1152);
  for (uint8_t n = 0; n < kK; ++n) {
    EXPECT_EQ(ResiduesOf(SamplePolyCbd(r, n)), Decode12(y, n));
    EXPECT_EQ(ResiduesOf(SamplePolyCbd(r, static_cast<uint8_t>(kK + n))), Decode12(e1, n));
  }
  EXPECT_EQ(ResiduesOf(SamplePolyCbd(r, 2 * kK)), Decode12(CctvValue(file, "e2", 384)));
}

// "Unlucky": more bytes of the XOF than three blocks and most implementations' buffers have.
TEST(MlKemSampling, CctvUnluckySample) {
  PAWL_VECTOR_TEXT_OR_SKIP(file, kCctvUnluckySample);
  const Bytes key = CctvValue(file, "ek", 1184);
  const auto rho = ArrayOf<32>(ByteView(key).last(32));
  size_t most = 0;
  for (uint8_t i = 0; i < kK; ++i) {
    for (uint8_t j = 0; j < kK; ++j) {
      const auto [expected, bytes] = SampleByDefinition(rho, j, i);
      EXPECT_EQ(ResiduesOf(SampleNtt(rho, j, i)), expected);
      most = std::max(most, bytes);
    }
  }
  EXPECT_GT(most, 575u);
}

}  // namespace
}  // namespace pawl::crypto::mlkem
