#include "session/session.h"

#include <gmock/gmock.h>

#include "support/fake_clock.h"
#include "support/flip.h"
#include "support/matchers.h"
#include "support/two_devices.h"

namespace pawl::session {
namespace {

using test::Conversation;
using test::HasCode;
using test::IsOk;
using test::IsOkAndHolds;
using test::kNow;
using test::Must;
using test::Receive;
using test::Send;
using test::StateOf;
using testing::Eq;
using testing::IsEmpty;
using testing::SizeIs;

// As the store does it: the three parts, written and read back.
Session Reload(const Session& session) {
  const std::vector<SkippedRow> rows = session.EncodeSkipped();
  return Must(
      Session::Decode(session.EncodeFacts().Expose(), session.EncodeProgress().Expose(), rows));
}

class SessionTest : public testing::Test {
 protected:
  Bytes FromAlice(std::string_view text) {
    return Must(Send(talk_.at_alice, text, talk_.alice.rng));
  }
  Bytes FromBob(std::string_view text) { return Must(Send(talk_.at_bob, text, talk_.bob.rng)); }

  Conversation talk_;
};

TEST_F(SessionTest, TwoPeopleTalk) {
  for (int round = 0; round < 20; ++round) {
    const std::string text = "a" + std::to_string(round);
    const Bytes first = FromAlice(text);
    const Bytes second = FromAlice(text + "'");
    EXPECT_THAT(Receive(talk_.at_bob, first), IsOkAndHolds(Eq(text)));
    EXPECT_THAT(Receive(talk_.at_bob, second), IsOkAndHolds(Eq(text + "'")));
    const std::string answer(static_cast<size_t>(round) * 100, 'b');
    EXPECT_THAT(Receive(talk_.at_alice, FromBob(answer)), IsOkAndHolds(Eq(answer)));
  }
}

TEST_F(SessionTest, SpeaksEachSuite) {
  for (const auto suite : {crypto::Suite::kAegis256, crypto::Suite::kXChaCha20Poly1305}) {
    Conversation talk(3, {suite});
    EXPECT_EQ(talk.at_alice.facts().suite, suite);
    EXPECT_THAT(Receive(talk.at_bob, Must(Send(talk.at_alice, "hi", talk.alice.rng))),
                IsOkAndHolds(Eq("hi")));
  }
}

TEST_F(SessionTest, LossAndReorderingLoseNothingElse) {
  std::vector<Bytes> sent;
  for (int i = 0; i < 100; ++i) sent.push_back(FromAlice(std::to_string(i)));
  for (int i = 99; i >= 0; --i) {
    if (i % 7 == 0) continue;  // lost for good
    EXPECT_THAT(Receive(talk_.at_bob, sent[static_cast<size_t>(i)]),
                IsOkAndHolds(Eq(std::to_string(i))));
  }
  EXPECT_THAT(talk_.at_bob.EncodeSkipped(), SizeIs(2 * 15));
  EXPECT_THAT(Receive(talk_.at_alice, FromBob("still here")), IsOk());
}

TEST_F(SessionTest, DuplicatesAreNoticedHoweverLateAndChangeNothing) {
  const Bytes first = FromAlice("first");
  const Bytes second = FromAlice("second");
  ASSERT_THAT(Receive(talk_.at_bob, second), IsOk());
  ASSERT_THAT(Receive(talk_.at_bob, first), IsOk());
  const Bytes before = StateOf(talk_.at_bob);
  EXPECT_THAT(Receive(talk_.at_bob, first), HasCode(Code::kReplayed));
  EXPECT_THAT(Receive(talk_.at_bob, second), HasCode(Code::kReplayed));
  EXPECT_EQ(StateOf(talk_.at_bob), before);
  for (int turn = 0; turn < 10; ++turn) {
    ASSERT_THAT(Receive(talk_.at_alice, FromBob("turn")), IsOk());
    ASSERT_THAT(Receive(talk_.at_bob, FromAlice("turn")), IsOk());
    EXPECT_THAT(Receive(talk_.at_bob, first), testing::Not(IsOk()));
  }
}

TEST_F(SessionTest, EveryMessageMayBeTheLastBeforeARestart) {
  for (int round = 0; round < 20; ++round) {
    const Bytes late = FromAlice("late");
    const Bytes now = FromAlice("now");
    talk_.at_alice = Reload(talk_.at_alice);
    ASSERT_THAT(Receive(talk_.at_bob, now), IsOkAndHolds(Eq("now")));
    const Bytes state = StateOf(talk_.at_bob);
    talk_.at_bob = Reload(talk_.at_bob);
    ASSERT_EQ(StateOf(talk_.at_bob), state);
    ASSERT_THAT(Receive(talk_.at_bob, late), IsOkAndHolds(Eq("late")));
    const Bytes answer = FromBob("answer");
    talk_.at_bob = Reload(talk_.at_bob);
    ASSERT_THAT(Receive(talk_.at_alice, answer), IsOkAndHolds(Eq("answer")));
  }
}

// DESIGN §1, promise 2: a copy that was restored, or runs beside the original, repeats no envelope.
TEST_F(SessionTest, RestoredCopySealsAnotherEnvelopeThatStillOpens) {
  Session copy = Reload(talk_.at_alice);
  const Bytes original = FromAlice("same text");
  const Bytes repeated = Must(Send(copy, "same text", talk_.alice.rng));
  EXPECT_NE(original, repeated);
  EXPECT_THAT(Receive(talk_.at_bob, original), IsOk());
  // The peer notices the fork instead of reading on: the place of the message is taken.
  EXPECT_THAT(Receive(talk_.at_bob, repeated), testing::Not(IsOk()));
}

TEST_F(SessionTest, RouteTagsAreWhereTheNextEnvelopesComeBy) {
  const auto expects = [&](const Bytes& envelope) {
    const std::vector<RouteTag> tags = talk_.at_bob.RouteTags();
    return std::count(tags.begin(), tags.end(), Must(PeekTag(envelope))) == 1;
  };
  const Bytes late = FromAlice("late");
  EXPECT_TRUE(expects(late));
  const Bytes now = FromAlice("now");
  ASSERT_THAT(Receive(talk_.at_bob, now), IsOk());
  EXPECT_FALSE(expects(now));
  EXPECT_TRUE(expects(late));  // as a skipped key's
  EXPECT_THAT(Reload(talk_.at_bob).RouteTags(), SizeIs(talk_.at_bob.RouteTags().size()));
}

TEST_F(SessionTest, BothSidesBindTheOtherDirectionApart) {
  // An envelope sent back to its sender opens nothing.
  const Bytes envelope = FromAlice("boomerang");
  EXPECT_THAT(Receive(talk_.at_alice, envelope), HasCode(Code::kAuthFailed));
}

TEST_F(SessionTest, WrongRecipientOpensNothing) {
  Conversation others(70);
  const Bytes before = StateOf(others.at_bob);
  EXPECT_THAT(Receive(others.at_bob, FromAlice("not yours")), HasCode(Code::kAuthFailed));
  EXPECT_EQ(StateOf(others.at_bob), before);
}

TEST_F(SessionTest, RetiredSessionReceivesAndDoesNotSend) {
  talk_.at_bob.Retire();
  const Session reloaded = Reload(talk_.at_bob);
  EXPECT_TRUE(reloaded.facts().receive_only);
  EXPECT_TRUE(reloaded.NeedsFreshSession(kNow));
  EXPECT_THAT(Receive(talk_.at_bob, FromAlice("still readable")), IsOk());
  EXPECT_THAT(Send(talk_.at_bob, "no", talk_.bob.rng), HasCode(Code::kWrongState));
}

TEST_F(SessionTest, SkippedKeysExpireAndLeaveTheRouteTable) {
  const Bytes late = FromAlice("late");
  ASSERT_THAT(Receive(talk_.at_bob, FromAlice("now")), IsOk());
  EXPECT_THAT(talk_.at_bob.ExpireSkippedKeys(kNow + Days(30) - Milliseconds(1)), IsEmpty());
  const std::vector<RouteTag> expired = talk_.at_bob.ExpireSkippedKeys(kNow + Days(30));
  EXPECT_THAT(expired, testing::ElementsAre(Must(PeekTag(late)), testing::_));
  EXPECT_THAT(talk_.at_bob.EncodeSkipped(), IsEmpty());
  EXPECT_THAT(Receive(talk_.at_bob, late), testing::Not(IsOk()));
}

TEST_F(SessionTest, PartsOfTwoSessionsDoNotMakeOne) {
  test::TestDevice carol("carol@example.org/1", 9);
  const Session pending = Must(test::Begin(talk_.alice, carol));
  EXPECT_THAT(
      Session::Decode(pending.EncodeFacts().Expose(), talk_.at_alice.EncodeProgress().Expose(), {}),
      HasCode(Code::kMalformed));
  EXPECT_THAT(
      Session::Decode(talk_.at_alice.EncodeFacts().Expose(), pending.EncodeProgress().Expose(), {}),
      HasCode(Code::kMalformed));
}

TEST_F(SessionTest, SkippedRowsMustFitTheCore) {
  FromAlice("late");
  ASSERT_THAT(Receive(talk_.at_bob, FromAlice("now")), IsOk());
  std::vector<SkippedRow> rows = talk_.at_bob.EncodeSkipped();
  const auto decode = [&] {
    return Session::Decode(talk_.at_bob.EncodeFacts().Expose(),
                           talk_.at_bob.EncodeProgress().Expose(), rows);
  };
  EXPECT_THAT(decode(), IsOk());
  rows.push_back({rows[0].tag, rows[0].value.Clone()});
  EXPECT_THAT(decode(), HasCode(Code::kMalformed));  // a tag twice
  rows.pop_back();
  rows[0].value.Writable()[3] = 77;  // of a chain that was never there
  EXPECT_THAT(decode(), HasCode(Code::kMalformed));
}

TEST_F(SessionTest, TooManyRowsAreRefusedBeforeTheyAreRead) {
  std::vector<SkippedRow> rows;
  for (size_t i = 0; i <= ratchet::kMaxSkippedKeys; ++i) {
    rows.push_back({RouteTag(), SkippedRowValue::Zero()});
  }
  EXPECT_THAT(Session::Decode(talk_.at_bob.EncodeFacts().Expose(),
                              talk_.at_bob.EncodeProgress().Expose(), rows),
              HasCode(Code::kMalformed));
}

TEST_F(SessionTest, OneOfAnEarlierReleaseOpensNothingAndIsToBeReplaced) {
  Progress progress = Must(DecodeProgress(talk_.at_bob.EncodeProgress().Expose()));
  progress.spqr.reset();
  PAWL_ASSERT_OK_AND_ASSIGN(
      Session earlier,
      Session::Decode(talk_.at_bob.EncodeFacts().Expose(), EncodeProgress(progress).Expose(), {}));
  EXPECT_TRUE(earlier.NeedsFreshSession(test::FakeClock::kStart));
  Stage stage(earlier);
  const Bytes envelope = Must(test::Send(talk_.at_alice, "hello", talk_.alice.rng));
  EXPECT_THAT(stage.Open(envelope, test::FakeClock::kStart), HasCode(Code::kAuthFailed));
}

}  // namespace
}  // namespace pawl::session
