#include "crypto/mlkem_compress.h"

#include <gmock/gmock.h>

#include "support/matchers.h"
#include "support/vectors.h"
#include "unit/crypto/mlkem_cctv.h"
#include "unit/crypto/mlkem_polynomials.h"

namespace pawl::crypto::mlkem {
namespace {

using test::ArrayOf;
using test::HasCode;

// round(2^d * x / q) mod 2^d with "1/2 rounded up", of integers: floor((2 * 2^d * x + q) / 2q).
int64_t CompressByDefinition(int d, int64_t x) {
  return ((2 * (x << d) + kQ) / (2 * kQ)) % (int64_t{1} << d);
}

// FIPS 203, Algorithm 5 (ByteEncode_d), line by line.
Bytes EncodeByDefinition(int d, const Residues& values) {
  Bytes bytes(values.size() * d / 8);
  for (size_t i = 0; i < values.size(); ++i) {
    for (int j = 0; j < d; ++j) {
      const size_t bit = i * d + j;
      bytes[bit / 8] = static_cast<uint8_t>(bytes[bit / 8] | ((values[i] >> j) & 1) << (bit % 8));
    }
  }
  return bytes;
}

template <int kD>
void ExpectCompressIsExact() {
  for (int x = 0; x < kQ; ++x) {
    ASSERT_EQ(Compress<kD>(static_cast<int16_t>(x)), CompressByDefinition(kD, x)) << x;
    // The same class mod q, written below zero.
    if (x > 0) {
      ASSERT_EQ(Compress<kD>(static_cast<int16_t>(x - kQ)), CompressByDefinition(kD, x)) << x;
    }
  }
}

TEST(MlKemCompress, IsTheExactRationalOfEveryCoefficient) {
  ExpectCompressIsExact<4>();
  ExpectCompressIsExact<10>();
}

Bytes CompressedU(const Rq& f) {
  ByteArray<kEncodedUSize> out;
  CompressU(f, out);
  return ToBytes(out);
}

Bytes CompressedV(const Rq& f) {
  ByteArray<kEncodedVSize> out;
  CompressV(f, out);
  return ToBytes(out);
}

TEST(MlKemCompress, EncodesAsTheDefinition) {
  test::SeededRng rng(4);
  std::vector<Rq> inputs = ExtremePolynomials<Rq>();
  for (int i = 0; i < 50; ++i) inputs.push_back(RandomPolynomial<Rq>(rng));
  for (const Rq& f : inputs) {
    Residues u, v;
    for (int64_t x : ResiduesOf(f)) {
      u.push_back(CompressByDefinition(10, x));
      v.push_back(CompressByDefinition(4, x));
    }
    EXPECT_EQ(CompressedU(f), EncodeByDefinition(10, u));
    EXPECT_EQ(CompressedV(f), EncodeByDefinition(4, v));
  }
}

TEST(MlKemCompress, ABitOfTheMessageIsHalfOfQ) {
  test::SeededRng rng(5);
  std::vector<ByteArray<32>> messages(kN + 1);  // none and each alone
  for (int bit = 0; bit < kN; ++bit) {
    messages[bit][bit / 8] = static_cast<uint8_t>(1 << (bit % 8));
  }
  for (int i = 0; i < 20; ++i) messages.push_back(rng.Array<32>());
  for (const ByteArray<32>& m : messages) {
    const Residues mu = ResiduesOf(MessagePolynomial(m));
    for (int i = 0; i < kN; ++i) {
      ASSERT_EQ(mu[i], ((m[i / 8] >> (i % 8)) & 1) != 0 ? 1665 : 0);
    }
  }
}

class MlKemDecodeVector : public ::testing::Test {
 protected:
  static absl::StatusOr<TqVector> Decode(const Residues& values) {
    return DecodeVector(ArrayOf<kVectorSize>(Encode12(values)));
  }
  Residues RandomValues() {
    Residues values;
    for (int i = 0; i < kK * kN; ++i) values.push_back(static_cast<int64_t>(rng_.Below(kQ)));
    return values;
  }
  test::SeededRng rng_{6};
};

TEST_F(MlKemDecodeVector, GivesTheCoefficientsBack) {
  for (const Residues& values : {RandomValues(), Residues(kK * kN, 0), Residues(kK * kN, kQ - 1)}) {
    PAWL_ASSERT_OK_AND_ASSIGN(const TqVector vector, Decode(values));
    Residues decoded;
    for (const Tq& t : vector) {
      const Residues residues = ResiduesOf(t);
      decoded.insert(decoded.end(), residues.begin(), residues.end());
    }
    EXPECT_EQ(decoded, values);
  }
}

TEST_F(MlKemDecodeVector, RefusesAnythingFromQOnAtEveryPlace) {
  const Residues good = RandomValues();
  for (size_t i = 0; i < good.size(); ++i) {
    for (int64_t value : {kQ, kQ + 1, 4095}) {
      Residues bad = good;
      bad[i] = value;
      ASSERT_THAT(Decode(bad), HasCode(Code::kInvalidKey)) << value << " at " << i;
    }
  }
}

TEST(MlKemCompress, CctvIntermediateCiphertext) {
  PAWL_VECTOR_TEXT_OR_SKIP(file, kCctvIntermediate);
  const Bytes u = CctvValue(file, "u", 1152);
  Bytes c1;
  for (size_t i = 0; i < kK; ++i) {
    const Bytes part = CompressedU(FromResidues<Rq>(Decode12(u, i)));
    c1.insert(c1.end(), part.begin(), part.end());
  }
  EXPECT_EQ(c1, CctvValue(file, "c1", 960));
  const Rq v = FromResidues<Rq>(Decode12(CctvValue(file, "v", 384)));
  EXPECT_EQ(CompressedV(v), CctvValue(file, "c2", 128));
}

TEST(MlKemCompress, CctvIntermediateMessage) {
  PAWL_VECTOR_TEXT_OR_SKIP(file, kCctvIntermediate);
  const auto m = ArrayOf<32>(CctvValue(file, "m", 32));
  EXPECT_EQ(ResiduesOf(MessagePolynomial(m)), Decode12(CctvValue(file, "μ", 384)));
}

TEST(MlKemCompress, CctvIntermediateVector) {
  PAWL_VECTOR_TEXT_OR_SKIP(file, kCctvIntermediate);
  const Bytes t = CctvValue(file, "t", 1152);
  PAWL_ASSERT_OK_AND_ASSIGN(const TqVector vector, DecodeVector(ArrayOf<kVectorSize>(t)));
  for (size_t i = 0; i < kK; ++i) EXPECT_EQ(ResiduesOf(vector[i]), Decode12(t, i));
}

}  // namespace
}  // namespace pawl::crypto::mlkem
