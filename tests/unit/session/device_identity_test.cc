#include "session/device_identity.h"

#include <gtest/gtest.h>

#include "support/fake_clock.h"
#include "support/flip.h"
#include "support/matchers.h"
#include "support/two_devices.h"

namespace pawl::session {
namespace {

using test::HasCode;
using test::IsOk;
using test::IsOkAndHolds;
using test::kNow;
using test::Must;
using test::Receive;
using test::Send;
using testing::Eq;

class DeviceIdentityTest : public testing::Test {
 protected:
  DeviceIdentity Make(const char* address) {
    return Must(DeviceIdentity::Create(*identity::Address::Parse(address), kNow, rng_));
  }
  PeerBundle Publish(DeviceIdentity& device, Timestamp now = kNow) {
    return Must(PeerBundle::Parse(Must(device.PublicBundle(now, rng_))));
  }

  test::SeededRng rng_{1};
  DeviceIdentity alice_ = Make("alice@example.org");
  DeviceIdentity bob_ = Make("bob@example.org");
  PeerBundle of_alice_ = Publish(alice_);
  PeerBundle of_bob_ = Publish(bob_);
};

// What a host with its own transport does, in full.
TEST_F(DeviceIdentityTest, TwoDevicesTalkWithoutAnyClient) {
  PAWL_ASSERT_OK_AND_ASSIGN(Session at_alice, alice_.StartSession(of_bob_, kNow, rng_));
  const Bytes first = Must(Send(at_alice, "hello", rng_));
  const Bytes second = Must(Send(at_alice, "are you there?", rng_));
  EXPECT_THAT(bob_.PeekSender(first), IsOkAndHolds(alice_.device().address));
  PAWL_ASSERT_OK_AND_ASSIGN(DeviceIdentity::Received received,
                            bob_.AcceptSession(first, of_alice_, kNow));
  EXPECT_EQ(AsText(received.opened.content.Expose()), "hello");
  EXPECT_EQ(received.displacement, Displacement::kFirst);
  EXPECT_TRUE(bob_.IsFor(second, received.session));
  EXPECT_THAT(Receive(received.session, second), IsOkAndHolds(Eq("are you there?")));
  EXPECT_THAT(Receive(at_alice, Must(Send(received.session, "yes", rng_))),
              IsOkAndHolds(Eq("yes")));
  EXPECT_EQ(MakeSafetyNumber(alice_.party(), bob_.party())->digits,
            MakeSafetyNumber(bob_.party(), alice_.party())->digits);
}

TEST_F(DeviceIdentityTest, OneTimePairBeginsOneSession) {
  Session at_alice = Must(alice_.StartSession(of_bob_, kNow, rng_));
  const Bytes first = Must(Send(at_alice, "hello", rng_));
  ASSERT_THAT(bob_.AcceptSession(first, of_alice_, kNow), IsOk());
  EXPECT_THAT(bob_.AcceptSession(first, of_alice_, kNow), HasCode(Code::kReplayed));
  // The blob was meant for one peer: a second session from it finds the pair used.
  Session again = Must(alice_.StartSession(of_bob_, kNow, rng_));
  EXPECT_THAT(bob_.AcceptSession(Must(Send(again, "hello", rng_)), of_alice_, kNow),
              HasCode(Code::kReplayed));
}

TEST_F(DeviceIdentityTest, LastResortHandshakeIsAcceptedOnce) {
  Session at_alice = Must(Initiate({.local = alice_.device(),
                                    .remote = of_bob_.device(),
                                    .bundle = of_bob_.bundle(),
                                    .one_time = nullptr,
                                    .suites = test::kBothSuites},
                                   kNow, rng_));
  const Bytes first = Must(Send(at_alice, "hello", rng_));
  const Bytes second = Must(Send(at_alice, "again", rng_));
  ASSERT_THAT(bob_.AcceptSession(first, of_alice_, kNow), IsOk());
  EXPECT_THAT(bob_.AcceptSession(first, of_alice_, kNow), HasCode(Code::kReplayed));
  EXPECT_THAT(bob_.AcceptSession(second, of_alice_, kNow), HasCode(Code::kReplayed));
}

TEST_F(DeviceIdentityTest, FailedAcceptUsesNothingUp) {
  Session at_alice = Must(alice_.StartSession(of_bob_, kNow, rng_));
  const Bytes first = Must(Send(at_alice, "hello", rng_));
  Bytes damaged = first;
  damaged.back() ^= 1;
  EXPECT_THAT(bob_.AcceptSession(damaged, of_alice_, kNow), HasCode(Code::kAuthFailed));
  EXPECT_THAT(bob_.AcceptSession(first, of_bob_, kNow), HasCode(Code::kAuthFailed));
  EXPECT_THAT(bob_.AcceptSession(first, of_alice_, kNow), IsOk());
}

TEST_F(DeviceIdentityTest, PrekeysRotateAndOldOnesStayUsableForAWhile) {
  Session at_alice = Must(alice_.StartSession(of_bob_, kNow, rng_));
  const Bytes first = Must(Send(at_alice, "hello", rng_));
  const PeerBundle next = Publish(bob_, kNow + Days(8));
  EXPECT_NE(next.bundle().signed_prekey_id, of_bob_.bundle().signed_prekey_id);
  EXPECT_EQ(next.list().fields().version, 2u);
  EXPECT_EQ(identity::Judge(&of_bob_.list(), next.list(), kNow + Days(8)),
            identity::ListVerdict::kNewer);
  const PeerBundle much_later = Publish(bob_, kNow + Days(8 + 29));
  EXPECT_THAT(bob_.AcceptSession(first, of_alice_, kNow + Days(8 + 29)), IsOk());
  (void)much_later;
}

TEST_F(DeviceIdentityTest, PrekeysOfThirtyDaysAgoAreErased) {
  Session at_alice = Must(alice_.StartSession(of_bob_, kNow, rng_));
  const Bytes first = Must(Send(at_alice, "hello", rng_));
  Publish(bob_, kNow + Days(8));
  Publish(bob_, kNow + Days(8 + 30));
  EXPECT_THAT(bob_.AcceptSession(first, of_alice_, kNow + Days(38)), HasCode(Code::kAuthFailed));
}

TEST_F(DeviceIdentityTest, KeepsABoundedNumberOfPairsAndSets) {
  for (size_t i = 0; i < kOneTimePoolTarget + 5; ++i) Publish(bob_);
  // The pair of the first blob is gone, that of the last is not.
  Session at_alice = Must(alice_.StartSession(of_bob_, kNow, rng_));
  EXPECT_THAT(bob_.AcceptSession(Must(Send(at_alice, "hi", rng_)), of_alice_, kNow),
              HasCode(Code::kReplayed));
  Session fresh = Must(alice_.StartSession(Publish(bob_), kNow, rng_));
  EXPECT_THAT(bob_.AcceptSession(Must(Send(fresh, "hi", rng_)), of_alice_, kNow), IsOk());
}

TEST_F(DeviceIdentityTest, WrongRecipientCannotPeek) {
  Session at_alice = Must(alice_.StartSession(of_bob_, kNow, rng_));
  const Bytes first = Must(Send(at_alice, "hello", rng_));
  DeviceIdentity carol = Make("carol@example.org");
  EXPECT_THAT(carol.PeekSender(first), HasCode(Code::kAuthFailed));
}

}  // namespace
}  // namespace pawl::session
