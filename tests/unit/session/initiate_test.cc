#include <gtest/gtest.h>

#include "session/handshake.h"
#include "support/fake_clock.h"
#include "support/matchers.h"
#include "support/two_devices.h"

namespace pawl::session {
namespace {

using test::Begin;
using test::HasCode;
using test::IsOk;
using test::kNow;
using test::Must;
using test::OneTime;

class InitiateTest : public testing::Test {
 protected:
  absl::StatusOr<Session> Initiate(Timestamp now = kNow) {
    return session::Initiate({.local = alice_.local,
                              .remote = remote_,
                              .bundle = bundle_,
                              .one_time = &pair_,
                              .suites = alice_.keys.suites},
                             now, alice_.rng);
  }

  test::TestDevice alice_{"alice@example.org/1", 1};
  test::TestDevice bob_{"bob@example.org/1", 2};
  RemoteDevice remote_ = bob_.remote();
  identity::Bundle bundle_ = bob_.bundle;
  identity::OneTimePair pair_ = bob_.pair;
};

TEST_F(InitiateTest, GivesASessionThatCanSealAtOnce) {
  PAWL_ASSERT_OK_AND_ASSIGN(Session session, Initiate());
  EXPECT_EQ(session.facts().role, Role::kInitiator);
  EXPECT_EQ(session.facts().suite, crypto::Suite::kAegis256);
  EXPECT_FALSE(session.confirmed());
  EXPECT_EQ(session.facts().handshake_id, session.facts().pending->block.Id());
  PAWL_ASSERT_OK_AND_ASSIGN(const Bytes envelope, test::Send(session, "hi", alice_.rng));
  EXPECT_EQ(envelope.size(), 4096u);
}

TEST_F(InitiateTest, BundleHasItsTimeAndAWeekAround) {
  EXPECT_THAT(Initiate(kNow - Days(7)), IsOk());
  EXPECT_THAT(Initiate(kNow - Days(8)), HasCode(Code::kNotYetValid));
  EXPECT_THAT(Initiate(kNow + Days(97)), IsOk());
  EXPECT_THAT(Initiate(kNow + Days(98)), HasCode(Code::kExpired));
}

TEST_F(InitiateTest, OneTimePairHasItsTimeToo) {
  pair_.expires_at = kNow - Days(8);
  EXPECT_THAT(Initiate(), HasCode(Code::kExpired));
}

TEST_F(InitiateTest, RecordsOfAnotherDeviceAreRefused) {
  bundle_.device.device = DeviceId(2);
  EXPECT_THAT(Initiate(), HasCode(Code::kWrongRecipient));
  bundle_ = bob_.bundle;
  pair_.device.device = DeviceId(2);
  EXPECT_THAT(Initiate(), HasCode(Code::kWrongRecipient));
}

TEST_F(InitiateTest, NobodyTalksToTheirOwnDevice) {
  remote_ = alice_.remote();
  bundle_ = alice_.bundle;
  EXPECT_THAT(Initiate(), HasCode(Code::kInvalidArgument));
}

TEST_F(InitiateTest, WithoutACommonSuiteThereIsNoSession) {
  bundle_.suites.clear();
  EXPECT_THAT(Initiate(), HasCode(Code::kNoCommonSuite));
}

// RFC 7748 §6.1: the all-zero output must be noticed.
TEST_F(InitiateTest, KeysOfSmallOrderAreRefusedWhereverTheyStand) {
  const crypto::X25519Public small{1};
  bundle_.identity_key = small;
  EXPECT_THAT(Initiate(), HasCode(Code::kInvalidKey));
  bundle_ = bob_.bundle;
  bundle_.signed_prekey = small;
  EXPECT_THAT(Initiate(), HasCode(Code::kInvalidKey));
  bundle_ = bob_.bundle;
  pair_.x25519 = small;
  EXPECT_THAT(Initiate(), HasCode(Code::kInvalidKey));
}

TEST_F(InitiateTest, KemKeysThatAreNoneAreRefused) {
  pair_.mlkem.fill(0xFF);
  EXPECT_THAT(Initiate(), HasCode(Code::kInvalidKey));
  pair_ = bob_.pair;
  std::fill_n(bundle_.seal_key.begin(), 1152, uint8_t{0xFF});
  EXPECT_THAT(Initiate(), HasCode(Code::kInvalidKey));
}

TEST_F(InitiateTest, NamesTheSessionThatItDisplaces) {
  test::Conversation talk;
  const Session fresh = Must(Begin(talk.alice, talk.bob, OneTime::kNo, &talk.at_alice));
  EXPECT_EQ(fresh.facts().displaces, talk.at_alice.transcript_hash());
  ASSERT_TRUE(fresh.facts().pending->block.resumption);
  EXPECT_EQ(fresh.facts().pending->block.resumption->previous, talk.at_alice.transcript_hash());
}

TEST_F(InitiateTest, ClocksOutOfRangeDoNotSpoilTheState) {
  bundle_.issued_at = Timestamp{0};
  bundle_.expires_at = Timestamp{1};
  pair_.expires_at = Timestamp{1};
  PAWL_ASSERT_OK_AND_ASSIGN(const Session session, Initiate(Timestamp{-5}));
  EXPECT_THAT(
      Session::Decode(session.EncodeFacts().Expose(), session.EncodeProgress().Expose(), {}),
      IsOk());
}

}  // namespace
}  // namespace pawl::session
