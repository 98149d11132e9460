#include "client/engine/outbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/world_devices.h"

namespace pawl::client {
namespace {

using test::World;
using test::WorldClient;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Outbox : public ::testing::Test {
 protected:
  Outbox() : alice_(world_.AddRegistered("alice")), bob_(world_.AddRegistered("bob")) {
    world_.MakeContacts(alice_, bob_);
  }
  // The next `times` sends of Alice are answered with this; the relay never sees them.
  void Refuse(Code code, Duration retry_after, int times) {
    alice_.faults.on_call = [=, this, left = times](Call& call) mutable {
      if (!std::holds_alternative<SendEnvelope>(call.body) || left == 0) return true;
      --left;
      alice_.Push(Reply{.channel = call.channel,
                        .call = call.id,
                        .body = Refused{.code = code, .retry_after = retry_after}});
      return false;
    };
  }
  World world_;
  WorldClient& alice_;
  WorldClient& bob_;
};

TEST_F(Outbox, AFullMailboxIsToldOnceAndWaitedOut) {
  Refuse(Code::kQuotaExceeded, Seconds(60), 3);
  const MessageId message = alice_.SendText(bob_.address(), "patience", world_.now());
  world_.Settle();
  EXPECT_EQ(alice_.StateOf(message), MessageState::kQueued);
  EXPECT_EQ(alice_.Last(EventKind::kMessageState)->code, Code::kQuotaExceeded);
  const size_t told = alice_.Count(EventKind::kMessageState);
  world_.Run(Seconds(50));
  EXPECT_THAT(bob_.Texts(alice_.address()), IsEmpty()) << "the relay said a minute";
  world_.Run(Minutes(10));
  EXPECT_THAT(bob_.Texts(alice_.address()), ElementsAre("patience"));
  EXPECT_EQ(alice_.Count(EventKind::kMessageState), told + 2) << "at the relay, confirmed";
}

TEST_F(Outbox, TheRelaysOwnRateLimitKeepsTheOrder) {
  std::vector<std::string> expected;
  for (int i = 0; i < 800; ++i) {  // 600 at once, then 20 a second
    expected.push_back(std::to_string(i));
    alice_.SendText(bob_.address(), expected.back(), world_.now());
  }
  world_.Run(Minutes(20));
  EXPECT_EQ(bob_.Texts(alice_.address()), expected);
}

TEST_F(Outbox, WhatWillNeverBeTakenFails) {
  Refuse(Code::kTooLarge, {}, 1);
  const MessageId message = alice_.SendText(bob_.address(), "no", world_.now());
  world_.Settle();
  EXPECT_EQ(alice_.StateOf(message), MessageState::kFailed);
  EXPECT_EQ(alice_.Last(EventKind::kMessageState)->code, Code::kTooLarge);
}

TEST_F(Outbox, AResendIsTheSameBytesUnderTheSameId) {
  std::vector<SendEnvelope> seen;
  alice_.faults.on_call = [&](Call& call) {
    auto* send = std::get_if<SendEnvelope>(&call.body);
    if (!send) return true;
    seen.push_back(*send);
    return false;  // lost
  };
  alice_.SendText(bob_.address(), "again", world_.now());
  world_.Settle();
  world_.Restart(alice_);
  world_.Settle();
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[0].id, seen[1].id);
  EXPECT_EQ(seen[0].envelope, seen[1].envelope);
  alice_.faults.on_call = nullptr;
  world_.Restart(alice_);
  world_.Settle();
  EXPECT_THAT(bob_.Texts(alice_.address()), ElementsAre("again"));
}

TEST_F(Outbox, WhatNobodyFetchesEndsAsExpired) {
  world_.SetOnline(bob_, false);
  const MessageId message = alice_.SendText(bob_.address(), "too late", world_.now());
  world_.Settle();
  EXPECT_EQ(alice_.StateOf(message), MessageState::kAtRelay);
  world_.Run(Days(31));
  EXPECT_EQ(alice_.StateOf(message), MessageState::kFailed);
  EXPECT_EQ(alice_.Last(EventKind::kMessageState)->code, Code::kExpired);
}

TEST_F(Outbox, ARelayThatDiesAndComesBackLosesNothing) {
  world_.SetOnline(bob_, false);
  for (int i = 0; i < 10; ++i) alice_.SendText(bob_.address(), std::to_string(i), world_.now());
  world_.RestartRelay();
  world_.Run(Minutes(10));
  world_.SetOnline(bob_, true);
  world_.Run(Minutes(5));
  EXPECT_EQ(bob_.Texts(alice_.address()).size(), 10u);
}

TEST_F(Outbox, AMessageIsAtTheRelayWhenEveryDeviceHasItThere) {
  WorldClient& phone = test::LinkDevice(world_, bob_);
  alice_.SendText(bob_.address(), "learns of the phone", world_.now());
  world_.Settle();
  alice_.SendText(bob_.address(), "reaches both", world_.now());
  world_.Settle();
  world_.SetOnline(bob_, false);
  world_.SetOnline(phone, false);
  alice_.faults.on_call = [](Call& call) {
    const auto* send = std::get_if<SendEnvelope>(&call.body);
    return !send || send->to.device != DeviceId(2);  // swallowed
  };
  const MessageId message = alice_.SendText(bob_.address(), "both?", world_.now());
  world_.Settle();
  EXPECT_EQ(alice_.StateOf(message), MessageState::kQueued);
  alice_.faults.on_call = nullptr;
  world_.Restart(alice_);
  world_.Settle();
  EXPECT_EQ(alice_.StateOf(message), MessageState::kAtRelay);
}

TEST_F(Outbox, OneDeviceThatIsHeldUpDoesNotTakeBackThatAnotherHasIt) {
  WorldClient& phone = test::LinkDevice(world_, bob_);
  alice_.SendText(bob_.address(), "learns of the phone", world_.now());
  world_.Settle();
  alice_.SendText(bob_.address(), "reaches both", world_.now());
  world_.Settle();
  std::optional<Call> waiting;
  alice_.faults.on_call = [&](Call& call) {
    const auto* send = std::get_if<SendEnvelope>(&call.body);
    if (!send || send->to.device != DeviceId(2) || waiting) return true;
    waiting = std::move(call);
    return false;
  };
  const MessageId message = alice_.SendText(bob_.address(), "one first", world_.now());
  world_.Settle();
  ASSERT_TRUE(waiting);
  ASSERT_EQ(alice_.StateOf(message), MessageState::kConfirmed);
  alice_.Push(Reply{.channel = waiting->channel,
                    .call = waiting->id,
                    .body = Refused{.code = Code::kRateLimited}});
  world_.Settle();
  EXPECT_EQ(alice_.StateOf(message), MessageState::kConfirmed);
  world_.Run(Minutes(10));
  EXPECT_EQ(phone.Texts(alice_.address()).back(), "one first");
}

}  // namespace
}  // namespace pawl::client
