#include "session/prekeys.h"

#include <gtest/gtest.h>

#include "support/fake_clock.h"
#include "support/flip.h"
#include "support/matchers.h"
#include "support/two_devices.h"

namespace pawl::session {
namespace {

using test::HasCode;
using test::IsOk;
using test::kNow;

TEST(BundleKeys, HaveThreeConsecutiveIds) {
  test::SeededRng rng(1);
  const BundleKeys keys = BundleKeys::Generate(PrekeyId(10), test::kBothSuites, kNow, rng);
  EXPECT_EQ(keys.seal_key_id, PrekeyId(10));
  EXPECT_EQ(keys.signed_prekey_id, PrekeyId(11));
  EXPECT_EQ(keys.last_resort_id, PrekeyId(12));
}

TEST(BundleKeys, MakeABundleThatVerifies) {
  test::TestDevice bob("bob@example.org/1", 2);
  const identity::Bundle& bundle = bob.bundle;
  EXPECT_EQ(bundle.device, bob.local.address);
  EXPECT_EQ(bundle.epoch, bob.local.epoch);
  EXPECT_EQ(bundle.identity_key, bob.local.identity_key.pub);
  EXPECT_EQ(bundle.signed_prekey, bob.keys.signed_prekey.pub);
  EXPECT_EQ(bundle.suites, bob.keys.suites);
  EXPECT_THAT(bundle.CheckTime(kNow + Days(90)), IsOk());
}

TEST(BundleKeys, RestoreToTheSameBytes) {
  test::SeededRng rng(1);
  BundleKeys keys = BundleKeys::Generate(PrekeyId(10), test::kBothSuites, kNow, rng);
  for (const bool replaced : {false, true}) {
    if (replaced) keys.replaced_at = kNow + Days(7);
    const Bytes encoded = ToBytes(keys.Encode().Expose());
    PAWL_ASSERT_OK_AND_ASSIGN(const BundleKeys restored, BundleKeys::Decode(encoded));
    EXPECT_EQ(ToBytes(restored.Encode().Expose()), encoded);
    EXPECT_EQ(ToBytes(restored.Clone().Encode().Expose()), encoded);
    EXPECT_EQ(restored.seal_key.pub, keys.seal_key.pub);
    EXPECT_EQ(restored.signed_prekey.pub, keys.signed_prekey.pub);
    EXPECT_EQ(restored.replaced_at, keys.replaced_at);
    const auto refused = [](ByteView damaged) { EXPECT_FALSE(BundleKeys::Decode(damaged).ok()); };
    test::ForEachTruncation(encoded, refused);
    test::WithTrailingByte(encoded, refused);
    Bytes newer = encoded;
    newer[0] = 2;
    EXPECT_THAT(BundleKeys::Decode(newer), HasCode(Code::kUnsupportedVersion));
  }
}

TEST(BundleKeys, RotateWeeklyAndLiveThirtyDaysLonger) {
  test::SeededRng rng(1);
  BundleKeys keys = BundleKeys::Generate(PrekeyId(1), test::kBothSuites, kNow, rng);
  EXPECT_FALSE(DueForRotation(keys, kNow + Days(7) - Milliseconds(1)));
  EXPECT_TRUE(DueForRotation(keys, kNow + Days(7)));
  EXPECT_FALSE(DueForErasure(keys, kNow + Days(365)));  // the newest set of a device that sleeps
  keys.replaced_at = kNow + Days(7);
  EXPECT_FALSE(DueForErasure(keys, kNow + Days(37) - Milliseconds(1)));
  EXPECT_TRUE(DueForErasure(keys, kNow + Days(37)));
}

TEST(BundleKeys, ClockThatWentBackFarMakesThemDueToo) {
  test::SeededRng rng(1);
  const BundleKeys keys = BundleKeys::Generate(PrekeyId(1), test::kBothSuites, kNow, rng);
  EXPECT_FALSE(DueForRotation(keys, kNow - Days(7)));
  EXPECT_TRUE(DueForRotation(keys, kNow - Days(7) - Milliseconds(1)));
}

TEST(OneTimeKeys, RestoreToTheSameBytesAndPair) {
  test::TestDevice bob("bob@example.org/1", 2);
  const Bytes encoded = ToBytes(bob.one_time.Encode().Expose());
  PAWL_ASSERT_OK_AND_ASSIGN(const OneTimeKeys restored, OneTimeKeys::Decode(encoded));
  EXPECT_EQ(ToBytes(restored.Encode().Expose()), encoded);
  EXPECT_EQ(restored.MakePair(bob.local.address), bob.pair);
  const auto refused = [](ByteView damaged) { EXPECT_FALSE(OneTimeKeys::Decode(damaged).ok()); };
  test::ForEachTruncation(encoded, refused);
  test::WithTrailingByte(encoded, refused);
}

TEST(OneTimeKeys, OutliveTheirPairByTheToleranceForClocks) {
  test::TestDevice bob("bob@example.org/1", 2);
  EXPECT_FALSE(DueForErasure(bob.one_time, kNow + Days(97)));
  EXPECT_TRUE(DueForErasure(bob.one_time, kNow + Days(97) + Milliseconds(1)));
}

TEST(FindBySignedPrekey, FindsTheSetOrNothing) {
  test::SeededRng rng(1);
  std::vector<BundleKeys> sets;
  sets.push_back(BundleKeys::Generate(PrekeyId(4), test::kBothSuites, kNow, rng));
  sets.push_back(BundleKeys::Generate(PrekeyId(1), test::kBothSuites, kNow, rng));
  EXPECT_EQ(FindBySignedPrekey(sets, PrekeyId(2)), &sets[1]);
  EXPECT_EQ(FindBySignedPrekey(sets, PrekeyId(4)), nullptr);  // a seal key's
}

TEST(AnnouncedSuites, AlwaysHaveTheOneThatEverybodyHas) {
  const auto suites = AnnouncedSuites();
  EXPECT_EQ(suites.back(), crypto::Suite::kXChaCha20Poly1305);
}

}  // namespace
}  // namespace pawl::session
