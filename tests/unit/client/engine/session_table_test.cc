#include "client/engine/session_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fake_clock.h"
#include "support/step_world.h"

namespace pawl::client {
namespace {

using test::Conversation;
using test::IsOk;
using test::kNow;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Bob's sessions with Alice's device, which talks to him.
class SessionTableTest : public ::testing::Test {
 protected:
  void Insert(SessionId id, Conversation& conversation) {
    table_.Insert(std::make_unique<SessionEntry>(SessionEntry{id, std::move(conversation.at_bob)}));
  }
  Bytes FromAlice(std::string_view text) {
    return test::Must(test::Send(one_.at_alice, text, one_.alice.rng));
  }
  const SessionId kFirst{1}, kSecond{2};
  Conversation one_{1}, two_{11};
  const identity::DeviceAddress alice_ = one_.alice.local.address;
  SessionTable table_;
};

TEST_F(SessionTableTest, EveryTagLeadsToItsSessionUntilThatIsErased) {
  const auto first = one_.at_bob.RouteTags();
  const auto second = two_.at_bob.RouteTags();
  ASSERT_FALSE(first.empty());
  Insert(kFirst, one_);
  Insert(kSecond, two_);
  EXPECT_EQ(table_.size(), 2u);
  EXPECT_THAT(table_.With(alice_), SizeIs(2));
  for (const auto& tag : first) EXPECT_EQ(table_.Route(tag), kFirst);
  for (const auto& tag : second) EXPECT_EQ(table_.Route(tag), kSecond);
  EXPECT_EQ(table_.Route(session::RouteTag({0xff})), std::nullopt);

  table_.Erase(kFirst);
  table_.Erase(SessionId(77));
  EXPECT_EQ(table_.Find(kFirst), nullptr);
  for (const auto& tag : first) EXPECT_EQ(table_.Route(tag), std::nullopt);
  for (const auto& tag : second) EXPECT_EQ(table_.Route(tag), kSecond);
  EXPECT_THAT(table_.With(alice_), ElementsAre(table_.Find(kSecond)));
  table_.Erase(kSecond);
  EXPECT_THAT(table_.With(alice_), IsEmpty());
}

TEST_F(SessionTableTest, AStageThatOnlyFailedIsAsIfItHadNeverBeen) {
  Insert(kFirst, one_);
  const Bytes before = test::StateOf(table_.Find(kFirst)->session);
  Bytes damaged = FromAlice("hello");
  damaged.back() ^= 1;
  SessionEdits edits(table_);
  EXPECT_FALSE(edits.StageOf(kFirst).Open(damaged, kNow).ok());
  std::move(edits).ApplyTo(table_, kNow);
  EXPECT_EQ(test::StateOf(table_.Find(kFirst)->session), before);
}

TEST_F(SessionTableTest, DroppedEditsChangeNothing) {
  Insert(kFirst, one_);
  const Bytes before = test::StateOf(table_.Find(kFirst)->session);
  {
    SessionEdits edits(table_);
    ASSERT_THAT(edits.StageOf(kFirst).Open(FromAlice("hello"), kNow), IsOk());
    edits.Opened(kFirst);
    edits.Add(kSecond, std::move(two_.at_bob));
    edits.Erase(kFirst);
  }
  EXPECT_EQ(test::StateOf(table_.Find(kFirst)->session), before);
  EXPECT_EQ(table_.size(), 1u);
}

TEST_F(SessionTableTest, NewTagsRouteInTheirStepAndInTheTableAfterIt) {
  Insert(kFirst, one_);
  SessionEdits edits(table_);
  ASSERT_EQ(edits.FindStage(kFirst), nullptr);
  session::Stage& stage = edits.StageOf(kFirst);
  EXPECT_EQ(edits.FindStage(kFirst), &stage);
  ASSERT_THAT(stage.Open(FromAlice("hello"), kNow), IsOk());
  const session::TagChanges changes = stage.tag_changes();
  ASSERT_FALSE(changes.entering.empty());
  ASSERT_FALSE(changes.leaving.empty());
  EXPECT_EQ(edits.Route(changes.entering.back()), std::nullopt) << "nobody said that it worked";
  edits.Opened(kFirst);
  for (const auto& tag : changes.entering) {
    EXPECT_EQ(edits.Route(tag), kFirst);
    EXPECT_EQ(table_.Route(tag), std::nullopt) << "before the commit";
  }
  std::move(edits).ApplyTo(table_, kNow);
  for (const auto& tag : changes.entering) EXPECT_EQ(table_.Route(tag), kFirst);
  for (const auto& tag : changes.leaving) EXPECT_EQ(table_.Route(tag), std::nullopt);
}

TEST_F(SessionTableTest, AnErasedSessionIsGoneForItsStepAtOnce) {
  const auto tags = one_.at_bob.RouteTags();
  Insert(kFirst, one_);
  SessionEdits edits(table_);
  edits.StageOf(kFirst);
  edits.Erase(kFirst);
  EXPECT_EQ(edits.Find(kFirst), nullptr);
  EXPECT_THAT(edits.With(alice_), IsEmpty());
  EXPECT_EQ(edits.Route(tags[0]), std::nullopt);
  EXPECT_NE(table_.Find(kFirst), nullptr);
  std::move(edits).ApplyTo(table_, kNow);
  EXPECT_EQ(table_.size(), 0u);
}

TEST_F(SessionTableTest, ASessionOfThisStepIsFoundAndUsedInIt) {
  Insert(kFirst, one_);
  const auto tags = two_.at_bob.RouteTags();
  SessionEdits edits(table_);
  edits.Add(kSecond, std::move(two_.at_bob));
  EXPECT_THAT(edits.With(alice_), SizeIs(2));
  EXPECT_EQ(edits.Route(tags[0]), kSecond);
  const auto envelope = edits.StageOf(kSecond).Seal(AsBytes("hi"), {}, kNow, two_.bob.rng);
  ASSERT_THAT(envelope, IsOk());
  edits.Sealed(kSecond);
  EXPECT_EQ(table_.Find(kSecond), nullptr);
  std::move(edits).ApplyTo(table_, kNow);
  ASSERT_NE(table_.Find(kSecond), nullptr);
  EXPECT_EQ(table_.Route(tags[0]), kSecond);
  EXPECT_EQ(table_.Find(kSecond)->session.unanswered(), 2u) << "the step on it is there too";
  EXPECT_THAT(test::Receive(two_.at_alice, *envelope), IsOk());
}

TEST_F(SessionTableTest, ASessionBegunAndErasedInOneStepLeavesNothing) {
  const auto tags = two_.at_bob.RouteTags();
  SessionEdits edits(table_);
  edits.Add(kSecond, std::move(two_.at_bob));
  edits.Erase(kSecond);
  EXPECT_EQ(edits.Route(tags[0]), std::nullopt);
  std::move(edits).ApplyTo(table_, kNow);
  EXPECT_EQ(table_.size(), 0u);
  EXPECT_EQ(table_.Route(tags[0]), std::nullopt);
}

// What Save writes is what a restart reads, skipped keys that come and go included.
TEST_F(SessionTableTest, TheStoreFollowsTheTable) {
  test::StepWorld world;
  world.MakeAccount();
  test::TestDevice bob("bob@example.org/1", 21);
  world.Know(bob);
  const SessionId id = world.BeginSession(bob);
  session::Session at_bob = world.AcceptedBy(bob, id);
  std::vector<Bytes> envelopes;
  for (const char* text : {"one", "two", "three"}) {
    envelopes.push_back(test::Must(test::Send(at_bob, text, bob.rng)));
  }
  const auto skipped = [&] {
    return world.Read([&](auto& tx) { return tx.skipped().LoadOf(id)->size(); });
  };
  const auto open = [&](const Bytes& envelope) {
    EXPECT_THAT(world.Step([&](Batch& batch) {
      const auto opened = batch.sessions.StageOf(id).Open(envelope, batch.now);
      batch.sessions.Opened(id);
      return opened.status();
    }),
                IsOk());
    const Bytes state = test::StateOf(world.state().sessions.Find(id)->session);
    EXPECT_THAT(world.Restart(), IsOk());
    EXPECT_EQ(test::StateOf(world.state().sessions.Find(id)->session), state);
  };
  open(envelopes[2]);
  EXPECT_EQ(skipped(), 4u) << "two of each ratchet";
  open(envelopes[0]);
  EXPECT_EQ(skipped(), 2u);

  const auto late = *session::PeekTag(envelopes[1]);
  EXPECT_EQ(world.state().sessions.Route(late), id);
  world.clock.Advance(Days(31));
  EXPECT_THAT(world.Step([&](Batch& batch) {
    batch.sessions.ExpireSkippedKeys(id);
    return OkStatus();
  }),
              IsOk());
  EXPECT_EQ(world.state().sessions.Route(late), std::nullopt) << "its time is over";
}

}  // namespace
}  // namespace pawl::client
