#include "session/stage.h"

#include <gmock/gmock.h>

#include <map>

#include "support/counting_allocator.h"
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

class StageTest : public testing::Test {
 protected:
  Bytes FromAlice(std::string_view text) {
    return Must(Send(talk_.at_alice, text, talk_.alice.rng));
  }
  // A stage as committed would look like: through a copy of its session.
  static Bytes StateOf(const Stage& stage, const Session& session) {
    Session copy =
        Must(Session::Decode(session.EncodeFacts().Expose(), session.EncodeProgress().Expose(),
                             session.EncodeSkipped()));
    std::map<RouteTag, SkippedRowValue> rows;
    for (SkippedRow& row : session.EncodeSkipped()) rows.emplace(row.tag, row.value.Clone());
    for (const RouteTag& tag : stage.RemovedRows()) rows.erase(tag);
    for (SkippedRow& row : stage.AddedRows()) rows.emplace(row.tag, row.value.Clone());
    std::vector<SkippedRow> all;
    for (auto& [tag, value] : rows) all.push_back({tag, value.Clone()});
    return test::StateOf(
        Must(Session::Decode(stage.EncodeFacts().Expose(), stage.EncodeProgress().Expose(), all)));
  }

  Conversation talk_;
};

TEST_F(StageTest, NothingChangesBeforeTheCommit) {
  const Bytes at_alice = test::StateOf(talk_.at_alice);
  const Bytes at_bob = test::StateOf(talk_.at_bob);
  Stage sending(talk_.at_alice);
  const Bytes envelope = Must(sending.Seal(AsBytes("hi"), {}, kNow, talk_.alice.rng));
  Stage receiving(talk_.at_bob);
  EXPECT_THAT(receiving.Open(envelope, kNow), IsOk());
  EXPECT_EQ(test::StateOf(talk_.at_alice), at_alice);
  EXPECT_EQ(test::StateOf(talk_.at_bob), at_bob);
  talk_.at_bob.Commit(std::move(receiving));
  EXPECT_NE(test::StateOf(talk_.at_bob), at_bob);
}

TEST_F(StageTest, DroppedStageNeverWas) {
  const Bytes envelope = FromAlice("hi");
  { ASSERT_THAT(Stage(talk_.at_bob).Open(envelope, kNow), IsOk()); }
  EXPECT_THAT(Receive(talk_.at_bob, envelope), IsOkAndHolds(Eq("hi")));
}

TEST_F(StageTest, BatchOfStepsCommitsAsOne) {
  std::vector<Bytes> batch;
  for (int i = 0; i < 10; ++i) batch.push_back(FromAlice(std::to_string(i)));
  Stage stage(talk_.at_bob);
  for (int i : {3, 1, 0, 9, 5}) {
    EXPECT_THAT(stage.Open(batch[static_cast<size_t>(i)], kNow), IsOk()) << i;
  }
  EXPECT_THAT(stage.Open(batch[3], kNow), HasCode(Code::kReplayed));
  const Bytes answer = Must(stage.Seal(AsBytes("answer"), {}, kNow, talk_.bob.rng));
  talk_.at_bob.Commit(std::move(stage));
  EXPECT_THAT(talk_.at_bob.EncodeSkipped(), SizeIs(2 * 5));
  EXPECT_THAT(Receive(talk_.at_bob, batch[2]), IsOk());
  EXPECT_THAT(Receive(talk_.at_bob, batch[0]), HasCode(Code::kReplayed));
  EXPECT_THAT(Receive(talk_.at_alice, answer), IsOk());
}

// What the engine writes is what the session then is.
TEST_F(StageTest, PartsForTheStoreAreTheCommittedSession) {
  test::SeededRng dice(5);
  std::vector<Bytes> late;
  for (int round = 0; round < 60; ++round) {
    Stage stage(talk_.at_bob);
    for (uint64_t i = dice.Below(4); i > 0; --i) late.push_back(FromAlice("late"));
    EXPECT_THAT(stage.Open(FromAlice("now"), kNow), IsOk());
    for (uint64_t i = dice.Below(4); i > 0 && !late.empty(); --i) {
      (void)stage.Open(late.back(), kNow);
      late.pop_back();
    }
    const Bytes answer = Must(stage.Seal(AsBytes("answer"), {}, kNow, talk_.bob.rng));
    const Bytes written = StateOf(stage, talk_.at_bob);
    talk_.at_bob.Commit(std::move(stage));
    ASSERT_EQ(test::StateOf(talk_.at_bob), written);
    if (dice.Below(3) == 0) {
      ASSERT_THAT(Receive(talk_.at_alice, answer), IsOk());
    }
  }
}

TEST_F(StageTest, EveryFlippedBitAndTruncationLeavesTheStateByteIdentical) {
  for (const bool in_turn : {false, true}) {
    SCOPED_TRACE(in_turn ? "message that turns" : "message within a chain");
    if (!in_turn) {
      ASSERT_THAT(Receive(talk_.at_bob, FromAlice("opens the chain")), IsOk());
    } else {
      ASSERT_THAT(Receive(talk_.at_alice, Must(Send(talk_.at_bob, "turn", talk_.bob.rng))), IsOk());
    }
    FromAlice("lost");
    const Bytes envelope = FromAlice("whole or not at all");
    Stage stage(talk_.at_bob);
    const Bytes before = StateOf(stage, talk_.at_bob);
    const auto progress = ToBytes(stage.EncodeProgress().Expose());
    const auto refused = [&](ByteView damaged) {
      ASSERT_FALSE(stage.Open(damaged, kNow).ok());
      ASSERT_EQ(ToBytes(stage.EncodeProgress().Expose()), progress);
      ASSERT_THAT(stage.AddedRows(), IsEmpty());
      ASSERT_THAT(stage.tag_changes().entering, IsEmpty());
      ASSERT_THAT(stage.tag_changes().leaving, IsEmpty());
    };
    test::ForEachDamage(envelope, refused);
    EXPECT_EQ(StateOf(stage, talk_.at_bob), before);
    ASSERT_THAT(stage.Open(envelope, kNow), IsOk());
    EXPECT_THAT(stage.AddedRows(), SizeIs(2)) << "a key of each ratchet";
    talk_.at_bob.Commit(std::move(stage));
  }
}

TEST_F(StageTest, DamagedCopyOfASkippedMessageKeepsItsKey) {
  const Bytes late = FromAlice("late");
  ASSERT_THAT(Receive(talk_.at_bob, FromAlice("now")), IsOk());
  Bytes damaged = late;
  damaged.back() ^= 1;
  EXPECT_THAT(Receive(talk_.at_bob, damaged), HasCode(Code::kAuthFailed));
  EXPECT_THAT(Receive(talk_.at_bob, late), IsOkAndHolds(Eq("late")));
}

TEST_F(StageTest, FailedSealLeavesTheStageAsItWas) {
  Stage stage(talk_.at_alice);
  const auto before = ToBytes(stage.EncodeProgress().Expose());
  const Bytes huge(MaxContentSize(talk_.at_alice.facts().suite, WithHandshake::kNo) + 1);
  EXPECT_THAT(stage.Seal(huge, {}, kNow, talk_.alice.rng), HasCode(Code::kTooLarge));
  EXPECT_EQ(ToBytes(stage.EncodeProgress().Expose()), before);
}

TEST_F(StageTest, LargestContentFillsTheLargestEnvelope) {
  const size_t most = MaxContentSize(talk_.at_alice.facts().suite, WithHandshake::kNo);
  const std::string text(most, 'x');
  const Bytes envelope = FromAlice(text);
  EXPECT_EQ(envelope.size(), kMaxEnvelopeSize);
  EXPECT_THAT(Receive(talk_.at_bob, envelope), IsOkAndHolds(Eq(text)));
}

TEST_F(StageTest, EnvelopesHaveOnlyPaddedSizes) {
  for (const size_t size : {0, 1, 100, 190, 300, 1024, 5000}) {
    const Bytes envelope = FromAlice(std::string(size, 'x'));
    EXPECT_TRUE(ratchet::IsPaddedSize(envelope.size())) << size;
    EXPECT_EQ(envelope.size(),
              ratchet::PaddedSize(kPrefixSize +
                                  ratchet::MessageSize(talk_.at_alice.facts().suite, size)));
  }
}

TEST_F(StageTest, ListReferencesTravelInsideTheHeader) {
  ListRefs refs;
  refs.sender = talk_.alice.list.ref();
  refs.recipient = talk_.bob.list.ref();
  Stage sending(talk_.at_alice);
  const Bytes envelope = Must(sending.Seal(AsBytes("hi"), refs, kNow, talk_.alice.rng));
  Stage receiving(talk_.at_bob);
  PAWL_ASSERT_OK_AND_ASSIGN(const Opened opened, receiving.Open(envelope, kNow));
  EXPECT_EQ(opened.refs, refs);
}

TEST_F(StageTest, OtherVersionsAndSizesAreRefusedAtOnce) {
  Bytes envelope = FromAlice("hi");
  envelope[0] = 2;
  EXPECT_THAT(Receive(talk_.at_bob, envelope), HasCode(Code::kUnsupportedVersion));
  EXPECT_THAT(Receive(talk_.at_bob, Bytes{}), HasCode(Code::kMalformed));
  Bytes minimal(kMinEnvelopeSize);  // too short for a header
  minimal[0] = kEnvelopeVersion;
  EXPECT_THAT(Receive(talk_.at_bob, minimal), HasCode(Code::kMalformed));
}

TEST_F(StageTest, SenderNeedsAFreshSessionAtAThousandUnanswered) {
  for (uint32_t i = talk_.at_alice.unanswered(); i < ratchet::kMaxUnanswered; ++i) {
    EXPECT_FALSE(talk_.at_alice.NeedsFreshSession(kNow));
    FromAlice("?");
  }
  EXPECT_TRUE(talk_.at_alice.NeedsFreshSession(kNow));
  EXPECT_THAT(Send(talk_.at_alice, "?", talk_.alice.rng), HasCode(Code::kWrongState));
}

TEST_F(StageTest, CommitOfAnotherSessionsStageIsIgnored) {
  Conversation other(40);
  const Bytes before = test::StateOf(other.at_bob);
  Stage stage(talk_.at_bob);
  ASSERT_THAT(stage.Open(FromAlice("hi"), kNow), IsOk());
  other.at_bob.Commit(std::move(stage));
  EXPECT_EQ(test::StateOf(other.at_bob), before);
}

TEST_F(StageTest, StageSurvivesAMoveOfItsSession) {
  const Bytes envelope = FromAlice("hi");
  Stage stage(talk_.at_bob);
  Session moved = std::move(talk_.at_bob);
  ASSERT_THAT(stage.Open(envelope, kNow), IsOk());
  moved.Commit(std::move(stage));
  EXPECT_THAT(Receive(moved, envelope), HasCode(Code::kReplayed));
}

TEST_F(StageTest, SealAllocatesTheFrameAndOpenTheContent) {
  FromAlice("opens the chain");
  const std::string text(1024, 't');
  for (int i = 0; i < 3; ++i) {
    Stage sending(talk_.at_alice);
    std::optional<Bytes> envelope;
    {
      test::AllocationCounter counter;
      envelope = *sending.Seal(AsBytes(text), {}, kNow, talk_.alice.rng);
      EXPECT_EQ(counter.count(), 1u);
    }
    talk_.at_alice.Commit(std::move(sending));
    Stage receiving(talk_.at_bob);
    if (i == 0) {
      ASSERT_THAT(receiving.Open(*envelope, kNow), IsOk());
    } else {
      test::AllocationCounter counter(256);
      const auto opened = receiving.Open(*envelope, kNow);
      EXPECT_EQ(counter.count(), 1u);
      ASSERT_THAT(opened, IsOk());
    }
    talk_.at_bob.Commit(std::move(receiving));
  }
}

class PendingTest : public testing::Test {
 protected:
  Bytes FromAlice(std::string_view text) { return Must(Send(at_alice_, text, alice_.rng)); }

  test::TestDevice alice_{"alice@example.org/1", 1};
  test::TestDevice bob_{"bob@example.org/1", 2};
  Session at_alice_ = Must(test::Begin(alice_, bob_));
};

TEST_F(PendingTest, HandshakeIsRepeatedUntilTheFirstReplyAndEachTimeAnew) {
  const Bytes first = FromAlice("0");
  const Bytes second = FromAlice("1");
  EXPECT_NE(Must(PeekTag(first)), Must(PeekTag(second)));
  EXPECT_EQ(Must(test::Peek(bob_, first)).block.Id(), Must(test::Peek(bob_, second)).block.Id());
  Session at_bob = Must(test::AcceptFrom(bob_, alice_, first)).session;
  const Bytes third = FromAlice("2");
  // Opened without another look at the handshake, by either door, in any order.
  EXPECT_THAT(Receive(at_bob, third), IsOkAndHolds(Eq("2")));
  Stage stage(at_bob);
  EXPECT_THAT(stage.OpenRepeated(second, kNow), IsOk());
  EXPECT_THAT(stage.OpenRepeated(third, kNow), HasCode(Code::kReplayed));
  at_bob.Commit(std::move(stage));
  EXPECT_THAT(Receive(at_bob, second), HasCode(Code::kReplayed));

  ASSERT_THAT(Receive(at_alice_, Must(Send(at_bob, "reply", bob_.rng))), IsOk());
  const Bytes fourth = FromAlice("3");
  EXPECT_EQ(fourth.size(), 512u);
  EXPECT_THAT(Receive(at_bob, fourth), IsOkAndHolds(Eq("3")));
}

TEST_F(PendingTest, RepeatedHandshakeDoesNotSurviveAFlippedBit) {
  Session at_bob = Must(test::AcceptFrom(bob_, alice_, FromAlice("0"))).session;
  const Bytes second = FromAlice("1");
  const Bytes before = StateOf(at_bob);
  test::ForEachBitFlip(
      second,
      [&](ByteView damaged) {
        ASSERT_FALSE(Receive(at_bob, damaged).ok());
        ASSERT_FALSE(Stage(at_bob).OpenRepeated(damaged, kNow).ok());
      },
      17);
  EXPECT_EQ(StateOf(at_bob), before);
  EXPECT_THAT(Receive(at_bob, second), IsOk());
}

TEST_F(PendingTest, FirstReplyConfirmsAndDropsTheHandshake) {
  EXPECT_FALSE(at_alice_.confirmed());
  Session at_bob = Must(test::AcceptFrom(bob_, alice_, FromAlice("0"))).session;
  EXPECT_TRUE(at_bob.confirmed());
  const Bytes reply = Must(Send(at_bob, "reply", bob_.rng));
  Stage stage(at_alice_);
  EXPECT_FALSE(stage.facts_changed());
  ASSERT_THAT(stage.Open(reply, kNow), IsOk());
  EXPECT_TRUE(stage.facts_changed());
  EXPECT_TRUE(stage.confirmed());
  EXPECT_LT(stage.EncodeFacts().size(), 512u);
  EXPECT_NE(at_alice_.facts().pending, nullptr);
  at_alice_.Commit(std::move(stage));
  EXPECT_EQ(at_alice_.facts().pending, nullptr);
  EXPECT_TRUE(at_alice_.confirmed());
  EXPECT_FALSE(Stage(at_alice_).facts_changed());
}

TEST_F(PendingTest, OnlyTheResponderCanConfirm) {
  const test::TestDevice carol("carol@example.org/1", 3);
  const Bytes first = FromAlice("0");
  Session at_bob = Must(test::AcceptFrom(bob_, alice_, first)).session;
  Bytes reply = Must(Send(at_bob, "reply", bob_.rng));
  const Bytes before = StateOf(at_alice_);
  for (size_t byte = 17; byte < reply.size(); byte += 5) {
    reply[byte] ^= 1;
    EXPECT_FALSE(Receive(at_alice_, reply).ok());
    reply[byte] ^= 1;
  }
  EXPECT_FALSE(at_alice_.confirmed());
  EXPECT_EQ(StateOf(at_alice_), before);
}

TEST_F(PendingTest, HandshakeThatNobodyAnswersIsGivenUpAfterThirtyDays) {
  EXPECT_THAT(Send(at_alice_, "?", alice_.rng, kNow + Days(30)), IsOk());
  EXPECT_FALSE(at_alice_.NeedsFreshSession(kNow + Days(30)));
  const Timestamp later = kNow + Days(30) + Milliseconds(1);
  EXPECT_TRUE(at_alice_.NeedsFreshSession(later));
  EXPECT_THAT(Send(at_alice_, "?", alice_.rng, later), HasCode(Code::kWrongState));
}

TEST_F(PendingTest, LargestContentLeavesRoomForTheHandshake) {
  const size_t most = MaxContentSize(at_alice_.facts().suite, WithHandshake::kYes);
  const Bytes envelope = FromAlice(std::string(most, 'x'));
  EXPECT_EQ(envelope.size(), kMaxEnvelopeSize);
  EXPECT_THAT(Send(at_alice_, std::string(most + 1, 'x'), alice_.rng), HasCode(Code::kTooLarge));
  EXPECT_THAT(test::AcceptFrom(bob_, alice_, envelope), IsOk());
}

}  // namespace
}  // namespace pawl::session
