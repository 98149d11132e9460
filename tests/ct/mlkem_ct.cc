// ML-KEM-768: our encapsulation in two steps, and libsodium's key generation and decapsulation as
// we call them.
#include <gtest/gtest.h>

#include "crypto/init.h"
#include "crypto/mlkem_incremental.h"
#include "crypto/xwing.h"
#include "ct/poison.h"
#include "support/matchers.h"

namespace pawl::ct {
namespace {

class MlKemCt : public testing::Test {
 protected:
  static void SetUpTestSuite() { ASSERT_THAT(crypto::Init(), test::IsOk()); }
  SecretRng rng_{1};
  const crypto::MlKemKeyPair pair_ =
      crypto::MlKemKeyPair::FromSeed(crypto::MlKemSeed::Random(rng_));
};

// Randomness of all zeros and all ones besides: extremes of every bit, and both values of the
// message's.
TEST_F(MlKemCt, EncapsulationInTwoStepsDependsOnNoSecret) {
  for (const int fill : {0x00, 0xff, -1, -1, -1}) {
    auto m = crypto::MlKemRandomness::Random(rng_);
    if (fill >= 0) std::ranges::fill(m.Writable(), static_cast<uint8_t>(fill));
    Poison(m.Expose());
    auto first = crypto::Encapsulate1Deterministic(crypto::HeaderOf(pair_.pub), m);
    ASSERT_TRUE(IsPoisoned(first.shared.Expose()));
    ASSERT_TRUE(IsPoisoned(first.state.Expose().first(32)));
    auto c2 = crypto::Encapsulate2(first.state, crypto::VectorOf(pair_.pub));
    ASSERT_THAT(c2, test::IsOk());
    Declassify(first.c1);
    Declassify(*c2);
    const auto shared = crypto::MlKemDecapsulate(pair_.secret, crypto::Join(first.c1, *c2));
    EXPECT_TRUE(shared.Equals(first.shared));
  }
}

// Implicit rejection: nobody learns that a ciphertext was refused.
TEST_F(MlKemCt, DecapsulationDependsOnNoSecretWhetherTheCiphertextIsGoodOrNot) {
  auto good = *crypto::MlKemEncapsulate(pair_.pub, rng_);
  Declassify(good.ciphertext);
  const auto opened = crypto::MlKemDecapsulate(pair_.secret, good.ciphertext);
  EXPECT_TRUE(opened.Equals(good.shared));
  good.ciphertext[7] ^= 1;
  const auto rejected = crypto::MlKemDecapsulate(pair_.secret, good.ciphertext);
  ASSERT_TRUE(IsPoisoned(rejected.Expose()));
  EXPECT_FALSE(rejected.Equals(good.shared));
}

TEST_F(MlKemCt, XWingDependsOnNoSecret) {
  auto pair = crypto::XWingKeyPair::Generate(rng_);
  Declassify(pair.pub);
  auto sealed = *crypto::XWingEncapsulate(pair.pub, rng_);
  Declassify(sealed.ciphertext);
  const auto opened = *crypto::XWingDecapsulate(pair.secret, sealed.ciphertext);
  ASSERT_TRUE(IsPoisoned(opened.Expose()));
  EXPECT_TRUE(opened.Equals(sealed.shared));
}

}  // namespace
}  // namespace pawl::ct
