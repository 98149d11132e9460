#include "identity/bundle.h"

#include <gtest/gtest.h>

#include "identity/device_list.h"
#include "identity/record.h"
#include "support/fake_clock.h"
#include "support/flip.h"
#include "support/matchers.h"
#include "support/seeded_rng.h"

namespace pawl::identity {
namespace {

using crypto::Suite;
using test::HasCode;
using test::IsOk;
using test::IsOkAndHolds;
using test::kNow;

class BundleTest : public testing::Test {
 protected:
  Bundle Make() {
    Bundle bundle{
        *DeviceAddress::Parse("alice@example.org/2"), {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}};
    bundle.epoch = DeviceEpoch(1);
    bundle.identity_key = crypto::X25519KeyPair::Generate(rng_).pub;
    bundle.seal_key_id = PrekeyId(1);
    bundle.seal_key = crypto::XWingKeyPair::Generate(rng_).pub;
    bundle.signed_prekey_id = PrekeyId(2);
    bundle.signed_prekey = crypto::X25519KeyPair::Generate(rng_).pub;
    bundle.last_resort_id = PrekeyId(3);
    bundle.last_resort = crypto::MlKemKeyPair::FromSeed(crypto::MlKemSeed::Random(rng_)).pub;
    bundle.suites = {Suite::kAegis256, Suite::kXChaCha20Poly1305};
    bundle.issued_at = kNow;
    bundle.expires_at = kNow + kBundleLifetime;
    return bundle;
  }

  test::SeededRng rng_{4};
  crypto::Ed25519KeyPair key_ = crypto::Ed25519KeyPair::Generate(rng_);
  Bundle bundle_ = Make();
};

TEST_F(BundleTest, ParsesAsItWasSigned) {
  PAWL_ASSERT_OK_AND_ASSIGN(const Bytes record, bundle_.Sign(key_));
  EXPECT_THAT(Bundle::Parse(record, key_.pub()), IsOkAndHolds(bundle_));
}

TEST_F(BundleTest, DoesNotSurviveAnyDamage) {
  PAWL_ASSERT_OK_AND_ASSIGN(const Bytes record, bundle_.Sign(key_));
  const auto refused = [&](ByteView damaged) {
    EXPECT_FALSE(Bundle::Parse(damaged, key_.pub()).ok());
  };
  test::ForEachBitFlip(record, refused, 7);
  test::ForEachTruncation(record, refused, 3);
  test::WithTrailingByte(record, refused);
}

TEST_F(BundleTest, RefusesFieldsThatCannotBe) {
  const auto refused = [&](const auto& spoil) {
    Bundle bundle = bundle_;
    spoil(bundle);
    EXPECT_THAT(bundle.Sign(key_), HasCode(Code::kInvalidArgument));
  };
  refused([](Bundle& b) { b.epoch = DeviceEpoch(0); });
  refused([](Bundle& b) { b.seal_key_id = PrekeyId(0); });
  refused([](Bundle& b) { b.signed_prekey_id = PrekeyId(0); });
  refused([](Bundle& b) { b.last_resort_id = PrekeyId(0); });
  refused([](Bundle& b) { b.identity_key.fill(0xFF); });
  refused([](Bundle& b) { b.signed_prekey[31] |= 0x80; });
  refused([](Bundle& b) { b.seal_key.back() |= 0x80; });
  refused([](Bundle& b) { b.suites.clear(); });
  refused([](Bundle& b) { b.suites.push_back(Suite::kAegis256); });  // twice
  refused([](Bundle& b) { b.expires_at = b.issued_at; });
  refused([](Bundle& b) { b.expires_at = b.issued_at + kBundleLifetime + Milliseconds(1); });
  refused([](Bundle& b) {
    for (uint16_t suite = 100; b.suites.size() <= kMaxSuites; ++suite) {
      b.suites.push_back(static_cast<Suite>(suite));
    }
  });
}

TEST_F(BundleTest, SuitesOfLaterVersionsAreLeftOut) {
  bundle_.suites = {static_cast<Suite>(900), Suite::kXChaCha20Poly1305};
  PAWL_ASSERT_OK_AND_ASSIGN(Bundle parsed, Bundle::Parse(*bundle_.Sign(key_), key_.pub()));
  EXPECT_EQ(parsed.suites, std::vector<Suite>{Suite::kXChaCha20Poly1305});
  bundle_.suites = {static_cast<Suite>(900)};
  PAWL_ASSERT_OK_AND_ASSIGN(parsed, Bundle::Parse(*bundle_.Sign(key_), key_.pub()));
  EXPECT_TRUE(parsed.suites.empty());
}

TEST_F(BundleTest, IsValidForItsLifetimeAndAWeekAround) {
  EXPECT_THAT(bundle_.CheckTime(kNow), IsOk());
  EXPECT_THAT(bundle_.CheckTime(kNow - Days(7)), IsOk());
  EXPECT_THAT(bundle_.CheckTime(kNow - Days(7) - Milliseconds(1)), HasCode(Code::kNotYetValid));
  EXPECT_THAT(bundle_.CheckTime(kNow + Days(97)), IsOk());
  EXPECT_THAT(bundle_.CheckTime(kNow + Days(97) + Milliseconds(1)), HasCode(Code::kExpired));
}

TEST(ChooseSuite, TakesAegisOnlyWhereBothHaveIt) {
  const std::vector<Suite> both = {Suite::kXChaCha20Poly1305, Suite::kAegis256};
  const std::vector<Suite> xchacha = {Suite::kXChaCha20Poly1305};
  const std::vector<Suite> aegis = {Suite::kAegis256};
  EXPECT_THAT(ChooseSuite(both, both), IsOkAndHolds(Suite::kAegis256));
  EXPECT_THAT(ChooseSuite(both, xchacha), IsOkAndHolds(Suite::kXChaCha20Poly1305));
  EXPECT_THAT(ChooseSuite(xchacha, both), IsOkAndHolds(Suite::kXChaCha20Poly1305));
  EXPECT_THAT(ChooseSuite(aegis, xchacha), HasCode(Code::kNoCommonSuite));
  EXPECT_THAT(ChooseSuite({}, both), HasCode(Code::kNoCommonSuite));
}

TEST(ChooseSuite, NeverTakesOneThatWeDoNotKnow) {
  const std::vector<Suite> later = {static_cast<Suite>(900), Suite::kXChaCha20Poly1305};
  EXPECT_THAT(ChooseSuite(later, later), IsOkAndHolds(Suite::kXChaCha20Poly1305));
}

}  // namespace
}  // namespace pawl::identity
