#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/engine/fanout.h"
#include "client/engine/reducers.h"
#include "support/step_world.h"
#include "wire/tokens.h"

namespace pawl::client {
namespace {

using test::IsOk;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr uint64_t kAnswered = 7;

class Replies : public ::testing::Test {
 protected:
  Replies() {
    world_.MakeAccount();
    world_.Know(bob_);
    world_.BeginSession(bob_);
  }
  // An envelope to Bob, on its way in a call.
  void SendOne() {
    ASSERT_THAT(world_.Step([&](Batch& batch) {
      return SendToDevice(batch, to_,
                          {.content = AsBytes("hi"), .cls = store::OutboxClass::kMessage});
    }),
                IsOk());
    DeviceQueue& queue = world_.state().outbox.queues().at(to_);
    queue.items.front().call = kAnswered;
    queue.on_the_way = queue.unanswered = 1;
    Ask(CarriesEnvelope{to_, queue.items.front().id}, 256);
  }
  void Ask(decltype(CallRecord::what) what, size_t bytes = 0) {
    world_.state().calls.emplace(kAnswered, CallRecord{false, bytes, std::move(what)});
    world_.state().call_bytes += bytes;
  }
  absl::Status Take(decltype(Reply::body) body, uint64_t call = kAnswered) {
    return world_.Step([&](Batch& batch) {
      return Reduce(batch, Reply{.channel = Channel::kAnonymous, .call = call, .body = body});
    });
  }
  std::vector<store::OutboxRow> Rows() {
    return world_.Read([&](auto& tx) {
      return test::Must(tx.outbox().LoadFor("bob@example.org", DeviceId(1), 10));
    });
  }
  test::StepWorld world_;
  test::TestDevice bob_{"bob@example.org/1", 5};
  const identity::DeviceAddress to_ = bob_.local.address;
};

TEST_F(Replies, AnAnswerToNothingIsIgnored) {
  SendOne();
  EXPECT_THAT(Take(Sent{}, kAnswered + 1), IsOk());
  EXPECT_THAT(world_.state().calls, SizeIs(1));
  EXPECT_EQ(Rows().at(0).state, store::OutboxState::kQueued);
}

TEST_F(Replies, ACallEndsWithItsFirstAnswer) {
  SendOne();
  ASSERT_THAT(world_.Step([](Batch& batch) -> absl::Status {
    PAWL_TRY(Reduce(batch, Reply{.call = kAnswered, .body = Sent{}}));
    return Reduce(batch, Reply{.call = kAnswered, .body = Refused{.code = Code::kTooLarge}});
  }),
              IsOk());
  EXPECT_EQ(Rows().at(0).state, store::OutboxState::kAtRelay);
  EXPECT_THAT(world_.state().calls, IsEmpty());
  EXPECT_EQ(world_.state().call_bytes, 0u);
  EXPECT_EQ(world_.state().outbox.size(), 0u);
  EXPECT_THAT(Take(Refused{.code = Code::kTooLarge}), IsOk()) << "and in a later Step";
  EXPECT_THAT(Rows(), SizeIs(1));
}

TEST_F(Replies, ARefusedEnvelopeWaits) {
  SendOne();
  EXPECT_THAT(Take(Refused{.code = Code::kRateLimited, .retry_after = Minutes(1)}), IsOk());
  EXPECT_EQ(Rows().at(0).attempts, 1u);
  EXPECT_GE(world_.state().outbox.Find(to_)->blocked_until, world_.clock.Now() + Minutes(1));
}

// A relay that answers "done" has not said that it has the envelope.
TEST_F(Replies, AnEnvelopeAnsweredWithSomethingElseIsSentAgain) {
  const std::vector<decltype(Reply::body)> nonsense = {Done{}, DirectoryRecord{}, PrekeyRecords{}};
  for (const auto& body : nonsense) {
    world_.state().outbox.Erase(to_);
    SendOne();
    EXPECT_THAT(Take(body), IsOk());
    EXPECT_EQ(Rows().back().state, store::OutboxState::kQueued);
    EXPECT_EQ(Rows().back().attempts, 1u);
    EXPECT_NE(world_.state().outbox.Find(to_), nullptr);
  }
}

TEST_F(Replies, AListIsTakenWhereAListWasAskedFor) {
  test::TestDevice carol("carol@example.org/1", 9);
  const auto what = WholeAccount(carol.local.address.account);
  world_.state().fetches[what] = {.call = kAnswered};
  Ask(AsksFor{what});
  EXPECT_THAT(Take(DirectoryRecord{carol.list.record()}), IsOk());
  EXPECT_THAT(world_.state().fetches, IsEmpty());
  ASSERT_TRUE(world_.state().peers.contains(what.account));
  EXPECT_EQ(world_.state().peers.at(what.account)->list_ref(), carol.list.ref());
}

TEST_F(Replies, PrekeysAreTakenWherePrekeysWereAskedFor) {
  test::TestDevice carol("carol@example.org/1", 9);
  world_.Know(carol);
  const identity::DeviceAddress what = carol.local.address;
  world_.state().fetches[what] = {.call = kAnswered};
  Ask(AsksFor{what});
  const Bytes bundle =
      test::Must(carol.keys.MakeBundle(carol.local, world_.clock.Now()).Sign(carol.signing));
  EXPECT_THAT(Take(PrekeyRecords{.epoch = carol.local.epoch_record, .bundle = bundle}), IsOk());
  EXPECT_THAT(world_.state().fetches, IsEmpty());
  EXPECT_THAT(world_.state().sessions.With(what), SizeIs(1));
}

TEST_F(Replies, RecordsOfTheOtherKindAreAskedForAgainLater) {
  const Bytes list = bob_.list.record();
  const auto asked_again = [&](const identity::DeviceAddress& what, decltype(Reply::body) body) {
    world_.state().fetches[what] = {.call = kAnswered};
    Ask(AsksFor{what});
    EXPECT_THAT(Take(std::move(body)), IsOk());
    const auto fetch = world_.state().fetches.find(what);
    return fetch != world_.state().fetches.end() && fetch->second.call == 0 &&
           fetch->second.attempts == 1;
  };
  EXPECT_TRUE(asked_again(WholeAccount(to_.account), PrekeyRecords{.bundle = list}));
  EXPECT_TRUE(asked_again({to_.account, DeviceId(1)}, DirectoryRecord{list}));
  EXPECT_TRUE(asked_again({to_.account, DeviceId(1)}, Done{}));
  EXPECT_TRUE(asked_again(WholeAccount(to_.account), Refused{.code = Code::kRateLimited}));
}

TEST_F(Replies, ADutyIsDoneWhenTheRelaySaysSoAndNotOtherwise) {
  DutyState& duty = world_.state().duties[Duty::kPutDeliveryKey];
  duty = {.due = true, .call = kAnswered};
  Ask(DoesDuty{.duty = Duty::kPutDeliveryKey});
  EXPECT_THAT(Take(Sent{}), IsOk());
  EXPECT_TRUE(duty.due);
  EXPECT_EQ(duty.call, 0u);
  EXPECT_EQ(duty.attempts, 1u);
  Ask(DoesDuty{.duty = Duty::kPutDeliveryKey});
  EXPECT_THAT(Take(Done{}), IsOk());
  EXPECT_FALSE(duty.due);
}

TEST_F(Replies, AnAnswerAboutTokensOfTheWrongKindIsNoneAndAskedForAgain) {
  DutyState& keys = world_.state().duties[Duty::kGetTokenKeys];
  keys = {.due = true, .call = kCall};
  Ask(DoesDuty{.duty = Duty::kGetTokenKeys});
  EXPECT_THAT(Take(TokensRecord{}), IsOk());
  EXPECT_TRUE(keys.due);
  EXPECT_EQ(keys.call, 0u);
  EXPECT_EQ(keys.attempts, 1u);
  Ask(DoesDuty{.duty = Duty::kGetTokenKeys});
  EXPECT_THAT(Take(Done{}), IsOk());
  EXPECT_TRUE(keys.due);
  const uint32_t period = wire::PeriodAt(world_.clock.Now());
  Ask(DoesDuty{.duty = Duty::kGetTokenKeys});
  EXPECT_THAT(Take(TokenKeysRecord{.period = period, .until = wire::EndOf(period)}), IsOk());
  EXPECT_FALSE(keys.due);
}

TEST_F(Replies, WhateverIsSaidOfSomethingEphemeralEndsIt) {
  Ask(CarriesEphemeral{}, 300);
  EXPECT_THAT(Take(Refused{.code = Code::kNotFound}), IsOk());
  EXPECT_THAT(world_.state().calls, IsEmpty());
  EXPECT_EQ(world_.state().call_bytes, 0u);
  EXPECT_THAT(world_.state().fetches, IsEmpty());
}

// The answer cannot be taken; it must not be waited for either.
TEST_F(Replies, ARefusedAnswerEndsItsCallAndItIsAskedAgain) {
  const auto what = WholeAccount(to_.account);
  world_.state().fetches[what] = {.call = kAnswered};
  Ask(AsksFor{what});
  const auto end = [&] {
    return world_.Step([](Batch& batch) {
      EndCall(batch, Reply{.call = kAnswered, .body = Done{}});
      return OkStatus();
    });
  };
  ASSERT_THAT(end(), IsOk());
  EXPECT_THAT(world_.state().calls, IsEmpty());
  EXPECT_EQ(world_.state().fetches[what].call, 0u);
  EXPECT_EQ(world_.state().fetches[what].attempts, 1u);

  SendOne();
  ASSERT_THAT(end(), IsOk());
  EXPECT_THAT(Rows(), SizeIs(1));
  ASSERT_NE(world_.state().outbox.Find(to_), nullptr);
  EXPECT_EQ(world_.state().outbox.Find(to_)->items.front().call, 0u);
  EXPECT_EQ(world_.state().outbox.Find(to_)->unanswered, 0u);

  DutyState& duty = world_.state().duties[Duty::kPutPrekeys];
  duty = {.due = true, .call = kAnswered};
  Ask(DoesDuty{.duty = Duty::kPutPrekeys});
  ASSERT_THAT(end(), IsOk());
  EXPECT_TRUE(duty.due);
  EXPECT_EQ(duty.call, 0u);
  EXPECT_EQ(duty.attempts, 1u);
}

}  // namespace
}  // namespace pawl::client
