#include <gtest/gtest.h>

#include "session/device_identity.h"
#include "session/sealed_state.h"
#include "support/fake_clock.h"
#include "support/flip.h"
#include "support/matchers.h"
#include "support/two_devices.h"

namespace pawl::session {
namespace {

using test::HasCode;
using test::IsOk;
using test::kNow;
using test::Must;
using test::Send;

class DeviceIdentityStateTest : public testing::Test {
 protected:
  DeviceIdentity Make(const char* address) {
    return Must(DeviceIdentity::Create(*identity::Address::Parse(address), kNow, rng_));
  }
  PeerBundle Publish(DeviceIdentity& device, Timestamp now = kNow) {
    return Must(PeerBundle::Parse(Must(device.PublicBundle(now, rng_))));
  }

  test::SeededRng rng_{1};
  crypto::AeadKey key_ = crypto::AeadKey::Random(rng_);
  DeviceIdentity alice_ = Make("alice@example.org");
  DeviceIdentity bob_ = Make("bob@example.org");
};

TEST_F(DeviceIdentityStateTest, RestoredDeviceGoesOn) {
  const PeerBundle of_alice = Publish(alice_);
  const PeerBundle of_bob = Publish(bob_);
  Session at_alice = Must(alice_.StartSession(of_bob, kNow, rng_));
  const Bytes first = Must(Send(at_alice, "hello", rng_));

  PAWL_ASSERT_OK_AND_ASSIGN(DeviceIdentity restored,
                            DeviceIdentity::Restore(bob_.Save(key_, rng_), key_));
  EXPECT_EQ(restored.device().address, bob_.device().address);
  EXPECT_EQ(restored.device().list, bob_.device().list);
  ASSERT_THAT(restored.AcceptSession(first, of_alice, kNow), IsOk());
  // Ids go on counting.
  EXPECT_GT(Publish(restored).one_time()->id, of_bob.one_time()->id);
}

TEST_F(DeviceIdentityStateTest, ReplayCacheAndUsedPairsSurvive) {
  const PeerBundle of_alice = Publish(alice_);
  const PeerBundle of_bob = Publish(bob_);
  Session last_resort = Must(Initiate({.local = alice_.device(),
                                       .remote = of_bob.device(),
                                       .bundle = of_bob.bundle(),
                                       .one_time = nullptr,
                                       .suites = test::kBothSuites},
                                      kNow, rng_));
  const Bytes first = Must(Send(last_resort, "hello", rng_));
  ASSERT_THAT(bob_.AcceptSession(first, of_alice, kNow), IsOk());
  PAWL_ASSERT_OK_AND_ASSIGN(DeviceIdentity restored,
                            DeviceIdentity::Restore(bob_.Save(key_, rng_), key_));
  EXPECT_THAT(restored.AcceptSession(first, of_alice, kNow), HasCode(Code::kReplayed));
}

TEST_F(DeviceIdentityStateTest, SurvivesYearsOfRotation) {
  for (int week = 0; week < 104; ++week) Publish(bob_, kNow + Days(7 * week));
  EXPECT_THAT(DeviceIdentity::Restore(bob_.Save(key_, rng_), key_), IsOk());
  // A clock that jumps back and forth makes many sets; they stay bounded.
  for (int jump = 0; jump < 100; ++jump) Publish(bob_, kNow + Days(jump % 2 == 0 ? 0 : 9000));
  EXPECT_THAT(DeviceIdentity::Restore(bob_.Save(key_, rng_), key_), IsOk());
}

TEST_F(DeviceIdentityStateTest, TamperedStateAndOtherKeysAreRefused) {
  const Bytes sealed = bob_.Save(key_, rng_);
  const auto refused = [&](ByteView damaged) {
    EXPECT_FALSE(DeviceIdentity::Restore(damaged, key_).ok());
  };
  test::ForEachBitFlip(sealed, refused, 29);
  test::ForEachTruncation(sealed, refused, 13);
  test::WithTrailingByte(sealed, refused);
  EXPECT_THAT(DeviceIdentity::Restore(sealed, crypto::AeadKey::Random(rng_)),
              HasCode(Code::kAuthFailed));
}

// What the key holder might write: still no crash, still only consistent states.
TEST_F(DeviceIdentityStateTest, ParserStandsOnItsOwn) {
  PAWL_ASSERT_OK_AND_ASSIGN(const crypto::SecretBytes state,
                            OpenState(SealedKind::kDeviceIdentity, key_, bob_.Save(key_, rng_)));
  const auto restore = [&](ByteView bytes) {
    return DeviceIdentity::Restore(SealState(SealedKind::kDeviceIdentity, key_, bytes, rng_), key_);
  };
  ASSERT_THAT(restore(state.Expose()), IsOk());
  test::ForEachTruncation(
      state.Expose(), [&](ByteView cut) { EXPECT_FALSE(restore(cut).ok()); }, 7);
  test::WithTrailingByte(state.Expose(), [&](ByteView longer) {
    EXPECT_THAT(restore(longer), HasCode(Code::kMalformed));
  });
  // Another account seed than the one that signed the list.
  Bytes swapped = ToBytes(state.Expose());
  swapped[1] ^= 1;
  EXPECT_THAT(restore(swapped), HasCode(Code::kMalformed));
}

}  // namespace
}  // namespace pawl::session
