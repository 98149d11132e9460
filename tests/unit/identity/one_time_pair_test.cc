#include "identity/one_time_pair.h"

#include <gtest/gtest.h>

#include "identity/bundle.h"
#include "support/fake_clock.h"
#include "support/flip.h"
#include "support/matchers.h"
#include "support/seeded_rng.h"

namespace pawl::identity {
namespace {

using test::HasCode;
using test::IsOk;
using test::IsOkAndHolds;
using test::kNow;

class OneTimePairTest : public testing::Test {
 protected:
  test::SeededRng rng_{5};
  crypto::Ed25519KeyPair key_ = crypto::Ed25519KeyPair::Generate(rng_);
  OneTimePair pair_{*DeviceAddress::Parse("alice@example.org/2"), PrekeyId(9),
                    crypto::X25519KeyPair::Generate(rng_).pub,
                    crypto::MlKemKeyPair::FromSeed(crypto::MlKemSeed::Random(rng_)).pub,
                    kNow + kOneTimeLifetime};
};

TEST_F(OneTimePairTest, ParsesAsItWasSigned) {
  EXPECT_THAT(OneTimePair::Parse(*pair_.Sign(key_), key_.pub()), IsOkAndHolds(pair_));
}

TEST_F(OneTimePairTest, DoesNotSurviveAnyDamage) {
  const Bytes record = *pair_.Sign(key_);
  const auto refused = [&](ByteView damaged) {
    EXPECT_FALSE(OneTimePair::Parse(damaged, key_.pub()).ok());
  };
  test::ForEachBitFlip(record, refused, 5);
  test::ForEachTruncation(record, refused);
  test::WithTrailingByte(record, refused);
}

TEST_F(OneTimePairTest, IsNoBundle) {
  EXPECT_THAT(Bundle::Parse(*pair_.Sign(key_), key_.pub()), HasCode(Code::kMalformed));
}

TEST_F(OneTimePairTest, RefusesFieldsThatCannotBe) {
  OneTimePair bad = pair_;
  bad.id = PrekeyId(0);
  EXPECT_THAT(bad.Sign(key_), HasCode(Code::kInvalidArgument));
  bad = pair_;
  bad.x25519.fill(0xFF);
  EXPECT_THAT(bad.Sign(key_), HasCode(Code::kInvalidArgument));
  bad = pair_;
  bad.expires_at = kNever;
  EXPECT_THAT(bad.Sign(key_), HasCode(Code::kInvalidArgument));
}

TEST_F(OneTimePairTest, ExpiresWithAWeekOfTolerance) {
  EXPECT_THAT(pair_.CheckTime(kNow), IsOk());
  EXPECT_THAT(pair_.CheckTime(kNow + Days(97)), IsOk());
  EXPECT_THAT(pair_.CheckTime(kNow + Days(97) + Milliseconds(1)), HasCode(Code::kExpired));
  EXPECT_THAT(pair_.CheckTime(kNow - Days(7)), IsOk());
  EXPECT_THAT(pair_.CheckTime(kNow - Days(7) - Milliseconds(1)), HasCode(Code::kNotYetValid));
}

}  // namespace
}  // namespace pawl::identity
