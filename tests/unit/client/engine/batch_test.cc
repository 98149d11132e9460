#include "client/engine/batch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/engine/standing.h"
#include "support/step_world.h"

namespace pawl::client {
namespace {

using test::HasCode;
using test::IsOk;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::UnorderedElementsAre;

class BatchTest : public ::testing::Test {
 protected:
  BatchTest() { world_.MakeAccount(); }
  template <typename What>
  void Step(const What& what) {
    EXPECT_THAT(world_.Step([&](Batch& batch) {
      what(batch);
      return OkStatus();
    }),
                IsOk());
  }
  // Unanswered: one of a duty on the device channel; an envelope, the registration and a look-up on
  // the other.
  void MakeCalls() {
    State& state = world_.state();
    state.calls.emplace(1, CallRecord{true, 0, DoesDuty{.duty = Duty::kPutList}});
    state.calls.emplace(2, CallRecord{false, 300, CarriesEnvelope{bob_, store::OutboxId(1)}});
    state.calls.emplace(3, CallRecord{false, 0, DoesDuty{.duty = Duty::kRegister}});
    state.calls.emplace(4, CallRecord{false, 0, AsksFor{bob_}});
    state.call_bytes = 300;
    state.duties[Duty::kPutList] = {.due = true, .call = 1};
    state.duties[Duty::kRegister] = {.due = true, .call = 3};
    state.duties[Duty::kGetTokenKeys] = {.due = true, .call = 5};
    state.duties[Duty::kIssueTokens] = {.due = true, .call = 6};
    state.fetches[bob_].call = 4;
    state.outbox.Add(bob_, {.id = store::OutboxId(1), .call = 2});
    DeviceQueue& queue = state.outbox.queues().begin()->second;
    queue.on_the_way = queue.unanswered = 1;
  }
  const identity::DeviceAddress bob_ = *identity::DeviceAddress::Parse("bob@example.org/1");
  test::StepWorld world_;
};

TEST_F(BatchTest, AStepThatFailsChangesNeitherStateNorStore) {
  EXPECT_THAT(world_.Step([&](Batch& batch) -> absl::Status {
    batch.Want(bob_);
    batch.peers.Edit(bob_.account, batch.now);
    batch.pending_changes[bob_] = 2;
    batch.device_up = true;
    batch.duties[Duty::kPutList].due = true;
    PAWL_TRY(batch.tx.values().PutInt("something", 7));
    return Fail(Code::kDiskFull, "no room");
  }),
              HasCode(Code::kDiskFull));
  const State& state = world_.state();
  EXPECT_TRUE(state.fetches.empty());
  EXPECT_TRUE(state.peers.empty());
  EXPECT_TRUE(state.pending.all().empty());
  EXPECT_FALSE(state.device_up);
  EXPECT_FALSE(state.duties[Duty::kPutList].due);
  EXPECT_FALSE(*world_.Read([](auto& tx) { return tx.values().GetInt("something"); }));
}

TEST_F(BatchTest, WhatTheStepDecidedIsTheStateAfterwards) {
  Step([&](Batch& batch) {
    batch.setup = Setup::kListed;
    batch.requests.setup = RequestId(4);
    batch.device_up = batch.anonymous_up = batch.transfers_started = true;
    batch.relay_epoch = DeviceEpoch(3);
    batch.one_time_left = 17;
    batch.trial_budget = 5;
    batch.next_maintenance = Timestamp{11};
    batch.next_expiry = Timestamp{12};
    batch.EditClaims().Note(bob_.account, bob_.account, {.version = 9});
    batch.said_yes[bob_.account] = Timestamp{13};
    batch.next_top_up = Timestamp{14};
  });
  const State& state = world_.state();
  EXPECT_EQ(state.setup, Setup::kListed);
  EXPECT_EQ(state.requests.setup, RequestId(4));
  EXPECT_TRUE(state.device_up && state.anonymous_up && state.transfers_started);
  EXPECT_EQ(state.relay_epoch, DeviceEpoch(3));
  EXPECT_EQ(state.one_time_left, 17u);
  EXPECT_EQ(state.trial_budget, 5);
  EXPECT_EQ(state.next_maintenance, Timestamp{11});
  EXPECT_EQ(state.next_expiry, Timestamp{12});
  EXPECT_EQ(state.claims.Find(bob_.account, bob_.account)->version, 9u);
  EXPECT_EQ(state.said_yes.at(bob_.account), Timestamp{13});
  EXPECT_EQ(state.next_top_up, Timestamp{14});
}

TEST_F(BatchTest, ACompletionIsForSomebodyWhoAsked) {
  Step([](Batch& batch) {
    batch.Complete(RequestId(0), Code::kOk);
    batch.Complete(RequestId(5), Code::kNameTaken, {1, 2});
  });
  ASSERT_EQ(world_.effects.events.size(), 1u);
  const Event& event = world_.effects.events[0];
  EXPECT_EQ(event.kind, EventKind::kCompleted);
  EXPECT_EQ(event.seq, InboxSeq(0));
  EXPECT_EQ(event.request, RequestId(5));
  EXPECT_EQ(event.code, Code::kNameTaken);
  EXPECT_EQ(event.data, (Bytes{1, 2}));
}

TEST_F(BatchTest, RowsThatWaitAreCountedWithThoseOfTheStep) {
  world_.state().pending.Add(bob_, 2);
  Step([&](Batch& batch) {
    EXPECT_EQ(batch.PendingCount(bob_), 2);
    --batch.pending_changes[bob_];
    EXPECT_EQ(batch.PendingCount(bob_), 1);
    EXPECT_EQ(batch.state.pending.Count(bob_), 2) << "the state waits for the commit";
  });
  EXPECT_EQ(world_.state().pending.Count(bob_), 1);
}

TEST_F(BatchTest, WhatIsWantedTwiceIsAskedForOnce) {
  world_.state().fetches[bob_] = {.call = 9, .attempts = 3};
  Step([&](Batch& batch) { batch.Want(bob_); });
  EXPECT_EQ(world_.state().fetches[bob_].call, 9u);
  EXPECT_EQ(world_.state().fetches[bob_].attempts, 3u);
}

TEST_F(BatchTest, AFetchIsTriedAgainLaterOrIsOver) {
  using Kind = Batch::FetchChange::Kind;
  world_.state().fetches[bob_] = {.call = 9, .attempts = 3};
  const identity::DeviceAddress nobody{bob_.account, DeviceId(7)};
  Step([&](Batch& batch) {
    batch.fetches.push_back({bob_, Kind::kRetry, Timestamp{50}});
    batch.fetches.push_back({nobody, Kind::kRetry, Timestamp{50}});
  });
  EXPECT_THAT(world_.state().fetches, UnorderedElementsAre(Key(bob_)));
  EXPECT_EQ(world_.state().fetches[bob_].call, 0u);
  EXPECT_EQ(world_.state().fetches[bob_].attempts, 4u);
  EXPECT_EQ(world_.state().fetches[bob_].not_before, Timestamp{50});
  Step([&](Batch& batch) { batch.fetches.push_back({bob_, Kind::kDone, {}}); });
  EXPECT_THAT(world_.state().fetches, IsEmpty());
}

TEST_F(BatchTest, AClockThatWasSetBackDoesNotPutTheNoteOff) {
  world_.state().next_note = world_.clock.Now() + Hours(9);
  Step([](Batch&) {});
  EXPECT_EQ(world_.state().next_note, world_.clock.Now() + kNoteInterval);
  world_.state().next_note = world_.clock.Now() + Seconds(1);
  Step([](Batch&) {});
  EXPECT_EQ(world_.state().next_note, world_.clock.Now() + Seconds(1));
}

TEST_F(BatchTest, AnEndedCallGivesBackItsBytesOnce) {
  MakeCalls();
  Step([](Batch& batch) { batch.ended_calls = {2, 2, 77}; });
  EXPECT_EQ(world_.state().call_bytes, 0u);
  EXPECT_THAT(world_.state().calls, UnorderedElementsAre(Key(1), Key(3), Key(4)));
}

// Also when it is there again within the same Step.
TEST_F(BatchTest, ALostDeviceChannelEndsItsCallsAndNoOthers) {
  MakeCalls();
  Step([](Batch& batch) { batch.device_lost = batch.device_up = true; });
  const State& state = world_.state();
  EXPECT_THAT(state.calls, UnorderedElementsAre(Key(2), Key(3), Key(4)));
  EXPECT_EQ(state.call_bytes, 300u);
  EXPECT_TRUE(state.duties[Duty::kPutList].due);
  EXPECT_EQ(state.duties[Duty::kPutList].call, 0u);
  EXPECT_EQ(state.duties[Duty::kRegister].call, 3u);
  EXPECT_EQ(state.duties[Duty::kGetTokenKeys].call, 5u);
  EXPECT_EQ(state.duties[Duty::kIssueTokens].call, 0u);
  EXPECT_EQ(state.fetches.at(bob_).call, 4u);
  EXPECT_EQ(state.outbox.Find(bob_)->unanswered, 1u);
  EXPECT_TRUE(state.device_up);
}

TEST_F(BatchTest, ALostAnonymousChannelEndsItsCallsAndNoOthers) {
  MakeCalls();
  Step([](Batch& batch) { batch.anonymous_lost = true; });
  const State& state = world_.state();
  EXPECT_THAT(state.calls, UnorderedElementsAre(Key(1)));
  EXPECT_EQ(state.call_bytes, 0u);
  EXPECT_EQ(state.duties[Duty::kPutList].call, 1u);
  EXPECT_TRUE(state.duties[Duty::kRegister].due);
  EXPECT_EQ(state.duties[Duty::kRegister].call, 0u);
  EXPECT_EQ(state.duties[Duty::kGetTokenKeys].call, 0u);
  EXPECT_EQ(state.duties[Duty::kIssueTokens].call, 6u);
  EXPECT_EQ(state.fetches.at(bob_).call, 0u);
  EXPECT_EQ(state.outbox.Find(bob_)->unanswered, 0u);
}

TEST_F(BatchTest, WhatIsSealedInTheStepThatErasedAQueueStays) {
  world_.state().outbox.Add(bob_, {.id = store::OutboxId(1)});
  Step([&](Batch& batch) {
    batch.erased_queues.push_back(bob_);
    batch.new_rows.push_back({bob_, {.id = store::OutboxId(2)}});
  });
  const DeviceQueue* queue = world_.state().outbox.Find(bob_);
  ASSERT_NE(queue, nullptr);
  ASSERT_EQ(queue->items.size(), 1u);
  EXPECT_EQ(queue->items.front().id, store::OutboxId(2));
}

TEST_F(BatchTest, AnEnvelopeMayBeParkedOnceMoreInTheStepThatTookItOut) {
  const EnvelopeId id({1});
  world_.state().parked.envelopes.emplace_back(id, ParkedEnvelope{.cursor = MailboxCursor(1)});
  Step([&](Batch& batch) {
    batch.unparked.push_back(id);
    batch.parked.emplace_back(id, ParkedEnvelope{.cursor = MailboxCursor(1), .retry_at = {80}});
  });
  ASSERT_EQ(world_.state().parked.envelopes.size(), 1u);
  EXPECT_EQ(world_.state().parked.Find(id)->retry_at, Timestamp{80});
}

}  // namespace
}  // namespace pawl::client
