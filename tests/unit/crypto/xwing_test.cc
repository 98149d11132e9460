#include "crypto/xwing.h"

#include <gmock/gmock.h>

#include "support/hex.h"
#include "support/matchers.h"
#include "support/seeded_rng.h"
#include "support/vectors.h"

namespace pawl::crypto {
namespace {

using test::ArrayOf;
using test::HasCode;
using test::Json;

TEST(XWing, DraftVectors) {
  PAWL_VECTORS_OR_SKIP(file, "xwing/draft-test-vectors.json");
  int run = 0;
  for (const Json& vector : file.Items()) {
    const auto pair = XWingKeyPair::FromSeed(XWingSeed::From(ArrayOf<32>(vector.Hex("seed"))));
    EXPECT_TRUE(SameBytes(pair.pub, vector.Hex("pk")));
    EXPECT_TRUE(SameBytes(pair.secret.Expose(), vector.Hex("sk")));
    PAWL_ASSERT_OK_AND_ASSIGN(const XWingEncapsulation made,
                              XWingEncapsulateDeterministic(pair.pub, vector.Hex("eseed")));
    EXPECT_TRUE(SameBytes(made.ciphertext, vector.Hex("ct")));
    EXPECT_TRUE(SameBytes(made.shared.Expose(), vector.Hex("ss")));
    PAWL_ASSERT_OK_AND_ASSIGN(const SharedSecret shared,
                              XWingDecapsulate(pair.secret, made.ciphertext));
    EXPECT_TRUE(shared.Equals(made.shared));
    ++run;
  }
  EXPECT_EQ(run, 3);
}

class XWingTest : public ::testing::Test {
 protected:
  test::SeededRng rng_{1};
  const XWingKeyPair pair_ = XWingKeyPair::Generate(rng_);
};

TEST_F(XWingTest, BothSidesAgreeAndEachTimeOnSomethingElse) {
  PAWL_ASSERT_OK_AND_ASSIGN(const XWingEncapsulation one, XWingEncapsulate(pair_.pub, rng_));
  PAWL_ASSERT_OK_AND_ASSIGN(const XWingEncapsulation two, XWingEncapsulate(pair_.pub, rng_));
  PAWL_ASSERT_OK_AND_ASSIGN(const SharedSecret shared,
                            XWingDecapsulate(pair_.secret, one.ciphertext));
  EXPECT_TRUE(shared.Equals(one.shared));
  EXPECT_FALSE(one.shared.Equals(two.shared));
}

TEST_F(XWingTest, DamageInEitherHalfGivesAnUnrelatedSecret) {
  PAWL_ASSERT_OK_AND_ASSIGN(const XWingEncapsulation made, XWingEncapsulate(pair_.pub, rng_));
  for (size_t at : {size_t{0}, kXWingCiphertextSize - 20}) {
    XWingCiphertext bad = made.ciphertext;
    bad[at] ^= 1;
    PAWL_ASSERT_OK_AND_ASSIGN(const SharedSecret shared, XWingDecapsulate(pair_.secret, bad));
    EXPECT_FALSE(shared.Equals(made.shared));
  }
}

TEST_F(XWingTest, BadKeysAndCiphertextsAreTypedErrors) {
  XWingPublic modulus = pair_.pub;
  modulus[0] = modulus[1] = modulus[2] = 0xff;
  EXPECT_THAT(XWingEncapsulate(modulus, rng_), HasCode(Code::kInvalidKey));
  XWingPublic small_order = pair_.pub;
  std::fill(small_order.end() - 32, small_order.end(), uint8_t{0});
  EXPECT_THAT(XWingEncapsulate(small_order, rng_), HasCode(Code::kInvalidKey));
  PAWL_ASSERT_OK_AND_ASSIGN(XWingEncapsulation made, XWingEncapsulate(pair_.pub, rng_));
  std::fill(made.ciphertext.end() - 32, made.ciphertext.end(), uint8_t{0});
  EXPECT_THAT(XWingDecapsulate(pair_.secret, made.ciphertext), HasCode(Code::kInvalidKey));
}

TEST_F(XWingTest, TheEncapsulationSeedHas64Bytes) {
  for (size_t size : {0, 32, 63, 65}) {
    EXPECT_THAT(XWingEncapsulateDeterministic(pair_.pub, Bytes(size)),
                HasCode(Code::kInvalidArgument));
  }
}

}  // namespace
}  // namespace pawl::crypto
