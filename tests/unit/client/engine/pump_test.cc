#include "client/engine/pump.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/engine/fanout.h"
#include "client/engine/purse.h"
#include "support/step_world.h"
#include "wire/tokens.h"

namespace pawl::client {
namespace {

using test::IsOk;
using test::Must;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Both channels are up, the account is ready, and there is a session with Bob.
class PumpTest : public ::testing::Test {
 protected:
  PumpTest() : world_(Small()) {
    world_.MakeAccount();
    world_.Know(bob_);
    world_.BeginSession(bob_);
    world_.state().device_up = world_.state().anonymous_up = true;
  }
  static Config Small() {
    Config config;
    config.send_window = 3;
    return config;
  }
  void HaveBobsKey() {
    EXPECT_THAT(world_.Step([&](Batch& batch) {
      batch.peers.Edit(to_.account, batch.now).delivery_key = DeliveryKey{7};
      return OkStatus();
    }),
                IsOk());
  }
  void Queue(int count) {
    EXPECT_THAT(world_.Step([&](Batch& batch) -> absl::Status {
      for (int i = 0; i < count; ++i) {
        PAWL_TRY(SendToDevice(batch, to_,
                              {.content = AsBytes("hi"), .cls = store::OutboxClass::kMessage}));
      }
      return OkStatus();
    }),
                IsOk());
  }
  // One round, in which nothing goes wrong.
  std::vector<Call> Calls() {
    EXPECT_THAT(Run(), IsOk());
    return std::move(effects_.calls);
  }
  absl::Status Run(std::vector<Batch::NewItem> fresh = {},
                   std::vector<Batch::EphemeralFrame> ephemeral = {}) {
    effects_ = {};
    return Pump(world_.state(), std::move(fresh), std::move(ephemeral), world_.clock.Now(),
                effects_);
  }
  void Due(Duty duty) { world_.state().duties[duty] = {.due = true}; }
  template <typename Body>
  static const Body& As(const Call& call) {
    EXPECT_TRUE(std::holds_alternative<Body>(call.body));
    return std::get<Body>(call.body);
  }
  test::TestDevice bob_{"bob@example.org/1", 5};
  const identity::DeviceAddress to_ = bob_.local.address;
  test::StepWorld world_;
  Effects effects_;
};

TEST_F(PumpTest, NothingLeavesOnAChannelThatIsDown) {
  Queue(1);
  Due(Duty::kPutDeliveryKey);
  world_.state().fetches[to_] = {};
  world_.state().device_up = world_.state().anonymous_up = false;
  EXPECT_THAT(Calls(), IsEmpty());
  EXPECT_TRUE(effects_.want_anonymous && effects_.want_device);
  world_.state().device_up = true;
  const auto calls = Calls();
  ASSERT_THAT(calls, SizeIs(1));
  EXPECT_EQ(calls[0].channel, Channel::kDevice);
}

TEST_F(PumpTest, ConnectionsAreWantedForWhatThereIsToDo) {
  Calls();
  EXPECT_TRUE(effects_.want_device) << "mail comes on it";
  EXPECT_FALSE(effects_.want_anonymous);
  world_.state().setup = Setup::kRegistering;
  Due(Duty::kRegister);
  Calls();
  EXPECT_FALSE(effects_.want_device) << "the relay does not know us yet";
  EXPECT_TRUE(effects_.want_anonymous);
}

TEST_F(PumpTest, OurOwnAccountIsNeverAskedAboutOnTheAnonymousConnection) {
  const identity::Address own = world_.state().self->address();
  world_.state().fetches[WholeAccount(own)] = {};
  world_.state().fetches[{own, DeviceId(2)}] = {};
  world_.state().fetches[WholeAccount(to_.account)] = {};
  const auto calls = Calls();
  ASSERT_THAT(calls, SizeIs(3));
  for (const Call& call : calls) {
    const auto* list = std::get_if<GetDirectory>(&call.body);
    const bool about_bob = list != nullptr && list->account == to_.account;
    EXPECT_EQ(call.channel, about_bob ? Channel::kAnonymous : Channel::kDevice);
  }
  // The device connection takes only its own with it.
  world_.state().device_up = false;
  EXPECT_THAT(world_.Step([](Batch& batch) {
    batch.device_lost = true;
    return OkStatus();
  }),
              IsOk());
  const Fetches& fetches = world_.state().fetches;
  EXPECT_EQ(fetches.at(WholeAccount(own)).call, 0u);
  EXPECT_NE(fetches.at(WholeAccount(to_.account)).call, 0u);
}

TEST_F(PumpTest, EnvelopesLeaveAsTheyLieInTheStoreWithinTheWindow) {
  HaveBobsKey();
  Queue(5);
  const auto calls = Calls();
  ASSERT_THAT(calls, SizeIs(3));
  for (size_t i = 0; i < calls.size(); ++i) {
    const auto& send = As<SendEnvelope>(calls[i]);
    EXPECT_EQ(calls[i].channel, Channel::kAnonymous);
    EXPECT_EQ(send.to, to_);
    EXPECT_EQ(send.delivery_key, DeliveryKey{7});
    EXPECT_EQ(send.follows, i > 0) << "the first overtakes nobody";
    EXPECT_TRUE(send.urgent);
    const auto& item = world_.state().outbox.Find(to_)->items[i];
    EXPECT_EQ(send.id, item.envelope);
    EXPECT_EQ(item.call, calls[i].id);
    Bytes stored;
    ASSERT_THAT(world_.Read([&](auto& tx) { return tx.outbox().ReadFrame(item.id, stored); }),
                IsOk());
    EXPECT_EQ(send.envelope, stored);
  }
  EXPECT_THAT(Calls(), IsEmpty()) << "the window is full";
}

TEST_F(PumpTest, TheRelayKeepsAnEnvelopeNoLongerThanItsMessageMayTake) {
  HaveBobsKey();
  const Duration whole = world_.state().config.envelope_ttl;
  Queue(2);
  world_.clock.Advance(Milliseconds(whole.ms - Days(1).ms));
  auto calls = Calls();
  ASSERT_THAT(calls, SizeIs(2));
  EXPECT_EQ(As<SendEnvelope>(calls[0]).ttl, Days(1));
  Queue(1);
  calls = Calls();
  ASSERT_THAT(calls, SizeIs(1));
  EXPECT_EQ(As<SendEnvelope>(calls[0]).ttl, whole);
}

TEST_F(PumpTest, OnThePathForStrangersOneWaitsForTheAnswerToTheOther) {
  Queue(5);
  const auto calls = Calls();
  ASSERT_THAT(calls, SizeIs(1));
  EXPECT_EQ(As<SendEnvelope>(calls[0]).delivery_key, std::nullopt);
}

TEST_F(PumpTest, WhatThisStepSealedIsNotReadBack) {
  Queue(1);
  const OutboxItem item = world_.state().outbox.Find(to_)->items.front();
  EXPECT_THAT(Run({{to_, item, Bytes{1, 2, 3}}}), IsOk());
  ASSERT_THAT(effects_.calls, SizeIs(1));
  EXPECT_EQ(As<SendEnvelope>(effects_.calls[0]).envelope, (Bytes{1, 2, 3}));
}

TEST_F(PumpTest, BeforeTheRelayKnowsUsThereIsOnlyTheRegistration) {
  Queue(1);
  world_.state().setup = Setup::kRegistering;
  Due(Duty::kRegister);
  Due(Duty::kPutDeliveryKey);
  world_.state().fetches[WholeAccount(to_.account)] = {};
  const auto calls = Calls();
  ASSERT_THAT(calls, SizeIs(1)) << "whom it asks about would stand beside its name";
  EXPECT_EQ(calls[0].channel, Channel::kAnonymous);
  EXPECT_EQ(As<RegisterAccount>(calls[0]).list_record, world_.state().self->list.record());
  EXPECT_THAT(Calls(), IsEmpty()) << "it is under way";
}

TEST_F(PumpTest, UnansweredCallsAreBounded) {
  Queue(1);
  world_.state().fetches[to_] = {};
  const size_t size = world_.state().outbox.Find(to_)->items.front().size;
  world_.state().call_bytes = Effects::kMaxCallBytes - size + 1;
  EXPECT_THAT(Calls(), SizeIs(1)) << "a question has no bytes to speak of";
  world_.state().call_bytes = Effects::kMaxCallBytes - size;
  EXPECT_THAT(Calls(), SizeIs(1));
  EXPECT_EQ(world_.state().call_bytes, Effects::kMaxCallBytes);

  world_.state().fetches[to_] = {};
  for (uint64_t id = 1000; world_.state().calls.size() < Effects::kMaxCalls; ++id) {
    world_.state().calls.emplace(id, CallRecord{});
  }
  EXPECT_THAT(Calls(), IsEmpty());
}

TEST_F(PumpTest, ListsAndPrekeysAreAskedForOnceWhenTheirTimeHasCome) {
  const auto whole = WholeAccount(to_.account);
  world_.state().fetches[whole] = {};
  world_.state().fetches[to_] = {.not_before = world_.clock.Now() + Seconds(5)};
  EXPECT_EQ(NextPump(world_.state()), kLongAgo);
  auto calls = Calls();
  ASSERT_THAT(calls, SizeIs(1));
  EXPECT_EQ(As<GetDirectory>(calls[0]).account, to_.account);
  EXPECT_EQ(NextPump(world_.state()), world_.clock.Now() + Seconds(5));
  world_.clock.Advance(Seconds(5));
  calls = Calls();
  ASSERT_THAT(calls, SizeIs(1));
  EXPECT_EQ(As<TakePrekeys>(calls[0]).device, to_);
  EXPECT_THAT(Calls(), IsEmpty());
  EXPECT_EQ(NextPump(world_.state()), kNever);
}

TEST_F(PumpTest, TheEpochGoesBeforeEverythingThatNamesIt) {
  world_.state().relay_epoch = DeviceEpoch(4);
  Due(Duty::kPutEpoch);
  Due(Duty::kPutDeliveryKey);
  const auto calls = Calls();
  ASSERT_THAT(calls, SizeIs(1));
  EXPECT_EQ(As<PutEpoch>(calls[0]).expected, DeviceEpoch(4));
  EXPECT_THAT(Calls(), IsEmpty());
  EXPECT_EQ(NextPump(world_.state()), kNever) << "an answer comes first";
  world_.state().duties[Duty::kPutEpoch] = {};
  const auto after = Calls();
  ASSERT_THAT(after, SizeIs(1));
  EXPECT_EQ(As<PutDeliveryKey>(after[0]).key, world_.state().self->delivery_key);
}

TEST_F(PumpTest, PrekeysArePutAHundredAtATime) {
  EXPECT_THAT(world_.Step([](Batch& batch) -> absl::Status {
    PAWL_TRY(MakeOneTimePairs(batch, 120));
    return RotateBundle(batch);
  }),
              IsOk());
  const auto calls = Calls();
  ASSERT_THAT(calls, SizeIs(1));
  const auto& put = As<PutPrekeys>(calls[0]);
  EXPECT_EQ(put.one_time.size() + (put.bundle.empty() ? 0 : 1), 100u);
  const auto& record = std::get<DoesDuty>(world_.state().calls.at(calls[0].id).what);
  EXPECT_THAT(record.uploads, SizeIs(100)) << "what its answer will mark as put";
}

TEST_F(PumpTest, WhatIsEphemeralLeavesNowOrNever) {
  const auto frame = [&] {
    std::vector<Batch::EphemeralFrame> frames(1, {{.to = to_, .envelope = Bytes(256)}});
    frames[0].send.ephemeral = true;
    return frames;
  };
  EXPECT_THAT(Run({}, frame()), IsOk());
  ASSERT_THAT(effects_.calls, SizeIs(1));
  EXPECT_TRUE(As<SendEnvelope>(effects_.calls[0]).ephemeral);
  world_.state().anonymous_up = false;
  EXPECT_THAT(Run({}, frame()), IsOk());
  world_.state().anonymous_up = true;
  EXPECT_THAT(Calls(), IsEmpty());
}

TEST_F(PumpTest, WhatHasNoRowAnyMoreLeavesTheQueueAndNothingElseDoes) {
  HaveBobsKey();
  Queue(1);
  world_.state().outbox.Add(to_, {.id = store::OutboxId(999)});
  Queue(1);
  EXPECT_THAT(Calls(), SizeIs(2));
  EXPECT_THAT(world_.state().outbox.Find(to_)->items, SizeIs(2));
  EXPECT_EQ(world_.state().outbox.size(), 2u);
}

TEST_F(PumpTest, NothingIsWrittenBeforeTheRelayKnowsOurDeliveryKey) {
  HaveBobsKey();
  Queue(1);
  Due(Duty::kPutDeliveryKey);
  Calls();
  EXPECT_EQ(world_.state().outbox.Find(to_)->on_the_way, 0u);
  world_.state().duties[Duty::kPutDeliveryKey].due = false;
  Calls();
  EXPECT_EQ(world_.state().outbox.Find(to_)->on_the_way, 1u);
}

// Asked on the device connection the relay could name other keys to each account.
TEST_F(PumpTest, TokensAreAskedForOnTheDeviceConnectionTheirKeysOnTheAnonymousOne) {
  const uint32_t period = wire::PeriodAt(world_.clock.Now());
  EXPECT_THAT(world_.Step([&](Batch& batch) -> absl::Status {
    PAWL_TRY(OnTokenKeys(batch, {.period = period, .until = wire::EndOf(period)}));
    batch.purse.first = true;
    return RefillPurse(batch);
  }),
              IsOk());
  const auto request = world_.Read([](auto& tx) { return Must(PendingTokenRequest(tx)); });
  ASSERT_TRUE(request);
  Due(Duty::kGetTokenKeys);
  const auto calls = Calls();
  ASSERT_THAT(calls, SizeIs(2));
  for (const Call& call : calls) {
    if (call.channel == Channel::kAnonymous) {
      As<GetTokenKeys>(call);
      continue;
    }
    EXPECT_EQ(As<IssueTokens>(call).id, request->id);
    EXPECT_EQ(As<IssueTokens>(call).period, period);
    EXPECT_EQ(As<IssueTokens>(call).blinded, BlindedElements(*request));
  }
  EXPECT_THAT(Calls(), IsEmpty()) << "one call at a time";
}

TEST_F(PumpTest, ForTheStockAloneNoConnectionIsOpened) {
  Due(Duty::kGetTokenKeys);
  Calls();
  EXPECT_FALSE(effects_.want_anonymous);
  world_.state().purse.unpaid[MessageId({1})] = {.size = 1, .total = 1};
  Calls();
  EXPECT_TRUE(effects_.want_anonymous);
}

TEST_F(PumpTest, ADutyWithNothingToAskForIsNoneAndKeepsNobodyAwake) {
  Due(Duty::kIssueTokens);
  EXPECT_THAT(Calls(), IsEmpty());
  EXPECT_EQ(NextPump(world_.state()), kNever);
}

TEST_F(PumpTest, KeysAreNotAskedForBeforeTheirTimeNorOffline) {
  State& state = world_.state();
  const Timestamp later = world_.clock.Now() + Seconds(5);
  state.duties[Duty::kGetTokenKeys] = {.due = true, .not_before = later};
  EXPECT_THAT(Calls(), IsEmpty());
  EXPECT_EQ(NextPump(state), later);
  state.anonymous_up = false;
  EXPECT_EQ(NextPump(state), kNever);
}

TEST_F(PumpTest, FilesThatWaitAfterARefusalAreLookedAtWhenItIsTime) {
  State& state = world_.state();
  const Timestamp later = world_.clock.Now() + Seconds(5);
  state.purse.not_before = later;
  EXPECT_EQ(NextPump(state), kNever) << "none waits";
  state.purse.unpaid[MessageId({1})] = {.size = 1, .total = 1};
  EXPECT_EQ(NextPump(state), later);
  state.standing = store::OpenedState::kSuperseded;
  EXPECT_EQ(NextPump(state), kNever);
}

TEST_F(PumpTest, ItIsTimeWhenTheFirstOfAllHasCome) {
  State& state = world_.state();
  EXPECT_EQ(NextPump(state), kNever);
  const Timestamp now = world_.clock.Now();
  state.pump_again = now + Days(9);
  state.parked.envelopes.emplace_back(EnvelopeId({1}),
                                      ParkedEnvelope{.since = now, .waits_for = to_.account});
  EXPECT_EQ(NextPump(state), now + kParkedTime + Milliseconds(1));
  state.parked.envelopes.emplace_back(EnvelopeId({2}), ParkedEnvelope{.since = now});
  EXPECT_EQ(NextPump(state), now + kQuarantineTime + Milliseconds(1));
  state.parked.envelopes.emplace_back(EnvelopeId({3}),
                                      ParkedEnvelope{.since = now, .retry_at = now + kTrialRetry});
  EXPECT_EQ(NextPump(state), now + kTrialRetry);
  state.duties[Duty::kPutPrekeys] = {.due = true, .not_before = now + Seconds(3)};
  EXPECT_EQ(NextPump(state), now + Seconds(3));
  state.outbox.Add(to_, {.id = store::OutboxId(1), .not_before = now + Seconds(2)});
  EXPECT_EQ(NextPump(state), now + Seconds(2));
  state.pump_again = now + Seconds(1);
  EXPECT_EQ(NextPump(state), now + Seconds(1));
}

TEST_F(PumpTest, AnItemWhoseRowIsGoneStandsInNobodysWay) {
  HaveBobsKey();
  world_.state().outbox.Add({*identity::Address::Parse("aaron@example.org"), DeviceId(1)},
                            {.id = store::OutboxId(4711), .size = 10});
  Queue(1);
  EXPECT_THAT(Calls(), SizeIs(1));
  EXPECT_EQ(world_.state().outbox.size(), 1u);
  EXPECT_THAT(world_.state().outbox.queues(), SizeIs(1)) << "no empty queue stays";
}

}  // namespace
}  // namespace pawl::client
