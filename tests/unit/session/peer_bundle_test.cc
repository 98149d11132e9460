#include "session/peer_bundle.h"

#include <gtest/gtest.h>

#include "support/flip.h"
#include "support/matchers.h"
#include "support/two_devices.h"

namespace pawl::session {
namespace {

using test::HasCode;
using test::IsOk;
using test::Must;

class PeerBundleTest : public testing::Test {
 protected:
  Bytes Encode() { return Must(PeerBundle::Encode({list_, epoch_, bundle_, pair_})); }

  test::TestDevice bob_{"bob@example.org/1", 2};
  test::TestDevice eve_{"eve@example.org/1", 3};
  Bytes list_ = bob_.list.record();
  Bytes epoch_ = bob_.local.epoch_record;
  Bytes bundle_ =
      Must(bob_.keys.MakeBundle(bob_.local, test::FakeClock::kStart).Sign(bob_.signing));
  Bytes pair_ = Must(bob_.one_time.MakePair(bob_.local.address).Sign(bob_.signing));
};

TEST_F(PeerBundleTest, ParsesToOneVerifiedDevice) {
  PAWL_ASSERT_OK_AND_ASSIGN(const PeerBundle peer, PeerBundle::Parse(Encode()));
  EXPECT_EQ(peer.device().address, bob_.local.address);
  EXPECT_EQ(peer.device().account_key, bob_.account.pub());
  EXPECT_EQ(peer.device().signing_key, bob_.signing.pub());
  EXPECT_EQ(peer.bundle(), bob_.bundle);
  EXPECT_EQ(peer.epoch().epoch, DeviceEpoch(1));
  EXPECT_EQ(peer.list().ref(), bob_.list.ref());
  ASSERT_NE(peer.one_time(), nullptr);
  EXPECT_EQ(*peer.one_time(), bob_.pair);
}

TEST_F(PeerBundleTest, OneTimePairMayBeMissing) {
  pair_.clear();
  PAWL_ASSERT_OK_AND_ASSIGN(const PeerBundle peer, PeerBundle::Parse(Encode()));
  EXPECT_EQ(peer.one_time(), nullptr);
}

TEST_F(PeerBundleTest, DoesNotSurviveAnyDamage) {
  const Bytes blob = Encode();
  const auto refused = [](ByteView damaged) { EXPECT_FALSE(PeerBundle::Parse(damaged).ok()); };
  test::ForEachBitFlip(blob, refused, 37);
  test::ForEachTruncation(blob, refused, 17);
  test::WithTrailingByte(blob, refused);
}

TEST_F(PeerBundleTest, PartsOfAnotherAccountAreRefused) {
  list_ = eve_.list.record();
  EXPECT_THAT(PeerBundle::Parse(Encode()), HasCode(Code::kDeviceNotListed));
  list_ = bob_.list.record();
  pair_ = Must(eve_.one_time.MakePair(eve_.local.address).Sign(eve_.signing));
  EXPECT_THAT(PeerBundle::Parse(Encode()), HasCode(Code::kAuthFailed));
}

TEST_F(PeerBundleTest, PartsOfAnotherDeviceOrEpochOfTheSameKeyAreRefused) {
  pair_ =
      Must(bob_.one_time.MakePair({bob_.local.address.account, DeviceId(2)}).Sign(bob_.signing));
  EXPECT_THAT(PeerBundle::Parse(Encode()), HasCode(Code::kWrongRecipient));
  pair_.clear();
  const identity::EpochRecord next{bob_.local.address, DeviceEpoch(2), bob_.local.identity_key.pub};
  epoch_ = Must(next.Sign(bob_.signing));
  EXPECT_THAT(PeerBundle::Parse(Encode()), HasCode(Code::kWrongRecipient));
}

TEST_F(PeerBundleTest, DeviceMustStandInTheList) {
  const identity::EpochRecord other{
      {bob_.local.address.account, DeviceId(2)}, DeviceEpoch(1), bob_.local.identity_key.pub};
  epoch_ = Must(other.Sign(bob_.signing));
  EXPECT_THAT(PeerBundle::Parse(Encode()), HasCode(Code::kDeviceNotListed));
}

TEST_F(PeerBundleTest, RefusesOtherVersions) {
  Bytes newer = Encode();
  newer[0] = 2;
  EXPECT_THAT(PeerBundle::Parse(newer), HasCode(Code::kUnsupportedVersion));
}

}  // namespace
}  // namespace pawl::session
