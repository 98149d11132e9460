#include "session/convergence.h"

#include <gtest/gtest.h>

#include "support/fake_clock.h"
#include "support/matchers.h"
#include "support/two_devices.h"

namespace pawl::session {
namespace {

using test::AcceptFrom;
using test::Begin;
using test::IsOk;
using test::kNow;
using test::Must;
using test::OneTime;
using test::Receive;
using test::Send;

// Both begin before either hears of the other.
class SimultaneousTest : public testing::TestWithParam<uint64_t> {
 protected:
  test::TestDevice alice_{"alice@example.org/1", GetParam()};
  test::TestDevice bob_{"bob@example.org/1", GetParam() + 1000};
  Session a_at_alice_ = Must(Begin(alice_, bob_));
  Session b_at_bob_ = Must(Begin(bob_, alice_));
};

TEST_P(SimultaneousTest, BothReceiveAndBothComeToSendOnTheSameSession) {
  const Bytes from_alice = Must(Send(a_at_alice_, "from alice", alice_.rng));
  const Bytes from_bob = Must(Send(b_at_bob_, "from bob", bob_.rng));
  const Session* of_alice[] = {&a_at_alice_};
  Accepted at_alice = Must(AcceptFrom(alice_, bob_, from_bob, of_alice));
  const Session* of_bob[] = {&b_at_bob_};
  Accepted at_bob = Must(AcceptFrom(bob_, alice_, from_alice, of_bob));
  EXPECT_EQ(at_alice.displacement, Displacement::kSimultaneous);
  EXPECT_EQ(at_bob.displacement, Displacement::kSimultaneous);

  // Each answers on the one that it can confirm: the other's.
  Session* alices[] = {&a_at_alice_, &at_alice.session};
  Session* bobs[] = {&b_at_bob_, &at_bob.session};
  const auto sending = [](Session* const(&all)[2]) {
    const Session* view[] = {all[0], all[1]};
    return const_cast<Session*>(SendingSession(view));
  };
  ASSERT_EQ(sending(alices), &at_alice.session);
  ASSERT_EQ(sending(bobs), &at_bob.session);
  const Bytes answer_a = Must(Send(*sending(alices), "answer", alice_.rng));
  const Bytes answer_b = Must(Send(*sending(bobs), "answer", bob_.rng));
  ASSERT_THAT(Receive(b_at_bob_, answer_a), IsOk());
  ASSERT_THAT(Receive(a_at_alice_, answer_b), IsOk());

  // From now on both agree, on the smaller transcript hash.
  EXPECT_EQ(sending(alices)->transcript_hash(), sending(bobs)->transcript_hash());
  EXPECT_EQ(sending(alices)->transcript_hash(),
            std::min(a_at_alice_.transcript_hash(), b_at_bob_.transcript_hash()));
  EXPECT_THAT(Receive(*sending(bobs), Must(Send(*sending(alices), "agreed", alice_.rng))), IsOk());
  // The other one still receives.
  Session* loser = sending(alices) == alices[0] ? alices[1] : alices[0];
  Session* at_peer = loser == alices[0] ? &at_bob.session : &b_at_bob_;
  EXPECT_THAT(Receive(*loser, Must(Send(*at_peer, "late", bob_.rng))), IsOk());
}

INSTANTIATE_TEST_SUITE_P(Seeds, SimultaneousTest, testing::Range<uint64_t>(1, 9));

class ConvergenceTest : public testing::Test {
 protected:
  test::Conversation talk_;
};

TEST_F(ConvergenceTest, WithoutSessionsThereIsNothingToSendOn) {
  EXPECT_EQ(SendingSession({}), nullptr);
  EXPECT_EQ(JudgeArrival({}, nullptr).displacement, Displacement::kFirst);
}

TEST_F(ConvergenceTest, ReplacementIsSentOnAtOnce) {
  const Session fresh = Must(Begin(talk_.alice, talk_.bob, OneTime::kNo, &talk_.at_alice));
  const Session* all[] = {&talk_.at_alice, &fresh};
  EXPECT_EQ(SendingSession(all), &fresh);
}

TEST_F(ConvergenceTest, RetiredSessionsAreNotSentOn) {
  const Session* all[] = {&talk_.at_alice};
  EXPECT_EQ(SendingSession(all), &talk_.at_alice);
  talk_.at_alice.Retire();
  EXPECT_EQ(SendingSession(all), nullptr);
  EXPECT_EQ(JudgeArrival(all, nullptr).displacement, Displacement::kReset) << "not in silence";
  EXPECT_EQ(JudgeArrival(all, &talk_.at_alice).displacement, Displacement::kResumed);
}

TEST_F(ConvergenceTest, ArrivalIsJudgedByWhatItMeetsAndProves) {
  const Session* live[] = {&talk_.at_alice};
  EXPECT_EQ(JudgeArrival(live, nullptr).displacement, Displacement::kReset);
  EXPECT_EQ(JudgeArrival(live, nullptr).displaces, talk_.at_alice.transcript_hash());
  EXPECT_EQ(JudgeArrival(live, &talk_.at_alice).displacement, Displacement::kResumed);

  const Session pending = Must(Begin(talk_.alice, talk_.bob, OneTime::kNo));
  const Session* crossing[] = {&pending};
  EXPECT_EQ(JudgeArrival(crossing, nullptr).displacement, Displacement::kSimultaneous);
  EXPECT_EQ(JudgeArrival(crossing, nullptr).displaces, std::nullopt);
}

// Ours was under way to replace a confirmed session when theirs came: without proof that it knows
// that session, it must not slip in as a mere crossing.
TEST_F(ConvergenceTest, CrossingCannotHideAReset) {
  const Session pending = Must(Begin(talk_.alice, talk_.bob, OneTime::kNo, &talk_.at_alice));
  const Session* both[] = {&talk_.at_alice, &pending};
  EXPECT_EQ(JudgeArrival(both, nullptr).displacement, Displacement::kReset);
  EXPECT_EQ(JudgeArrival(both, &talk_.at_alice).displacement, Displacement::kSimultaneous);
}

TEST_F(ConvergenceTest, IdleSessionsAreErasedAfterThirtyDays) {
  const Session fresh = Must(Begin(talk_.alice, talk_.bob, OneTime::kNo, &talk_.at_alice));
  const Session* all[] = {&talk_.at_alice, &fresh};
  EXPECT_FALSE(DueForErasure(talk_.at_alice, all, kNow + Days(30) - Milliseconds(1)));
  EXPECT_TRUE(DueForErasure(talk_.at_alice, all, kNow + Days(30)));
  EXPECT_FALSE(DueForErasure(fresh, all, kNow + Days(300)));
}

}  // namespace
}  // namespace pawl::session
