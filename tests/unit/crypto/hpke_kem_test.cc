#include "crypto/hpke_kem.h"

#include <gmock/gmock.h>

#include "support/hex.h"
#include "support/matchers.h"
#include "support/seeded_rng.h"
#include "support/vectors.h"
#include "unit/crypto/hpke_vectors.h"

namespace pawl::crypto {
namespace {

using test::HasCode;
using test::IsOk;
using test::Json;

void RunKemVector(const Json& vector) {
  const HpkeKem kem = KemOf(vector);
  PAWL_ASSERT_OK_AND_ASSIGN(const HpkeKeyPair pair, HpkeDeriveKeyPair(kem, vector.Hex("ikmR")));
  EXPECT_TRUE(SameBytes(pair.secret.Expose(), vector.Hex("skRm")));
  EXPECT_EQ(pair.pub, vector.Hex("pkRm"));
  EXPECT_EQ(HpkeKeyPairOf(kem, pair.secret.Clone()).pub, pair.pub);

  test::ScriptedRng rng(vector.Hex("ikmE"));
  PAWL_ASSERT_OK_AND_ASSIGN(const HpkeEncapsulation made, HpkeEncapsulate(kem, pair.pub, rng));
  EXPECT_EQ(rng.remaining(), 0u);
  EXPECT_EQ(made.enc, vector.Hex("enc"));
  EXPECT_TRUE(SameBytes(made.shared.Expose(), vector.Hex("shared_secret")));

  PAWL_ASSERT_OK_AND_ASSIGN(const SharedSecret shared, HpkeDecapsulate(kem, made.enc, pair.secret));
  EXPECT_TRUE(shared.Equals(made.shared));
}

TEST(HpkeKem, Rfc9180Vectors) {
  PAWL_VECTORS_OR_SKIP(file, kRfc9180Vectors);
  const std::vector<Json> vectors = SupportedHpkeVectors(file);
  EXPECT_EQ(vectors.size(), 4u);
  for (const Json& vector : vectors) RunKemVector(vector);
}

TEST(HpkeKem, XWingVectors) {
  PAWL_VECTORS_OR_SKIP(file, kHpkePqVectors);
  const std::vector<Json> vectors = SupportedHpkeVectors(file);
  ASSERT_EQ(vectors.size(), 1u);
  EXPECT_EQ(KemOf(vectors[0]), HpkeKem::kXWing);
  RunKemVector(vectors[0]);
}

class HpkeKemTest : public ::testing::TestWithParam<HpkeKem> {
 protected:
  test::SeededRng rng_{1};
  const HpkeKeyPair pair_ = HpkeGenerateKeyPair(GetParam(), rng_);
};

INSTANTIATE_TEST_SUITE_P(Both, HpkeKemTest,
                         ::testing::Values(HpkeKem::kX25519HkdfSha256, HpkeKem::kXWing));

TEST_P(HpkeKemTest, OtherLengthsAreInvalidKeys) {
  EXPECT_EQ(pair_.pub.size(), HpkePublicSize(GetParam()));
  for (size_t size : {size_t{0}, pair_.pub.size() - 1, pair_.pub.size() + 1}) {
    EXPECT_THAT(HpkeEncapsulate(GetParam(), Bytes(size, 1), rng_), HasCode(Code::kInvalidKey));
  }
  for (size_t size : {size_t{0}, HpkeEncSize(GetParam()) - 1, HpkeEncSize(GetParam()) + 1}) {
    EXPECT_THAT(HpkeDecapsulate(GetParam(), Bytes(size, 1), pair_.secret),
                HasCode(Code::kInvalidKey));
  }
}

TEST_P(HpkeKemTest, PointsOfSmallOrderAreInvalidKeys) {
  Bytes pub = pair_.pub;
  std::fill(pub.end() - 32, pub.end(), uint8_t{0});
  EXPECT_THAT(HpkeEncapsulate(GetParam(), pub, rng_), HasCode(Code::kInvalidKey));
  PAWL_ASSERT_OK_AND_ASSIGN(HpkeEncapsulation made, HpkeEncapsulate(GetParam(), pair_.pub, rng_));
  std::fill(made.enc.end() - 32, made.enc.end(), uint8_t{0});
  EXPECT_THAT(HpkeDecapsulate(GetParam(), made.enc, pair_.secret), HasCode(Code::kInvalidKey));
}

TEST_P(HpkeKemTest, KeysAreNotDerivedFromTooLittle) {
  EXPECT_THAT(HpkeDeriveKeyPair(GetParam(), Bytes(31)), HasCode(Code::kInvalidArgument));
  EXPECT_THAT(HpkeDeriveKeyPair(GetParam(), Bytes(32)), IsOk());
}

}  // namespace
}  // namespace pawl::crypto
