#include "client/engine/own_devices.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/container/flat_hash_set.h"

#include "support/world_devices.h"

namespace pawl::client {
namespace {

using test::World;
using test::WorldClient;
using ::testing::ElementsAre;

class OwnDevices : public ::testing::Test {
 protected:
  OwnDevices() : phone_(world_.AddRegistered("alice")), bob_(world_.AddRegistered("bob")) {
    world_.MakeContacts(phone_, bob_);
    laptop_ = &test::LinkDevice(world_, phone_);
    // Everybody has heard of everybody's devices.
    bob_.SendText(phone_.address(), "hi", world_.now());
    world_.Settle();
    bob_.SendText(phone_.address(), "hi", world_.now());
    world_.Settle();
  }
  World world_;
  WorldClient& phone_;
  WorldClient& bob_;
  WorldClient* laptop_ = nullptr;
};

TEST_F(OwnDevices, WhatOneSendsTheOtherShowsAsOurs) {
  const MessageId message = phone_.SendText(bob_.address(), "by phone", world_.now());
  world_.Settle();
  const Event* copy = laptop_->Last(EventKind::kMessage);
  ASSERT_NE(copy, nullptr);
  EXPECT_EQ(copy->message, message);
  EXPECT_TRUE(copy->outgoing);
  EXPECT_EQ(copy->peer, bob_.address());
  EXPECT_EQ(copy->device, DeviceId(1));
  EXPECT_EQ(WorldClient::TextOf(*copy), "by phone");
  laptop_->SendText(bob_.address(), "by laptop", world_.now());
  world_.Settle();
  EXPECT_EQ(WorldClient::TextOf(*phone_.Last(EventKind::kMessage)), "by laptop");
  EXPECT_THAT(bob_.Texts(phone_.address()), ElementsAre("by phone", "by laptop"));
}

TEST_F(OwnDevices, ReadingOnOneIsReadingOnBoth) {
  bob_.SendText(phone_.address(), "read me", world_.now());
  world_.Settle();
  const MessageId message = phone_.Last(EventKind::kMessage)->message;
  phone_.Do(MarkRead{bob_.address(), message});
  world_.Settle();
  ASSERT_GE(laptop_->Count(EventKind::kReadElsewhere), 1u);
  EXPECT_EQ(laptop_->Last(EventKind::kReadElsewhere)->message, message);
}

TEST_F(OwnDevices, ContactsAreTheSameOnAll) {
  WorldClient& carol = world_.AddRegistered("carol");
  carol.Do(RequestContact{.peer = phone_.address()});
  world_.Settle();
  laptop_->Do(AnswerContact{.peer = carol.address()});
  world_.Settle();
  ASSERT_GE(phone_.Count(EventKind::kContactChanged), 1u);
  EXPECT_EQ(phone_.Last(EventKind::kContactChanged)->peer, carol.address());
  EXPECT_EQ(phone_.Last(EventKind::kContactChanged)->contact, ContactState::kAccepted);
  const MessageId message = phone_.SendText(carol.address(), "hello", world_.now());
  world_.Settle();
  EXPECT_EQ(phone_.StateOf(message), MessageState::kConfirmed);
}

TEST_F(OwnDevices, CopiesWaitARandomWhile) {
  Config slow = World::DefaultClient();
  slow.own_copy_delay = Seconds(60);
  WorldClient& carol = world_.AddRegistered("carol", slow);
  WorldClient& pad = test::LinkDevice(world_, carol);
  carol.SendText(bob_.address(), "hello", world_.now());
  Timestamp to_bob, to_pad;
  carol.faults.on_call = [&](Call& call) {
    if (auto* send = std::get_if<SendEnvelope>(&call.body)) {
      (send->to.account == carol.address() ? to_pad : to_bob) = world_.now();
    }
    return true;
  };
  world_.Run(Minutes(3));
  EXPECT_GT(to_pad - to_bob, Milliseconds(500));
  EXPECT_LE(to_pad - to_bob, Seconds(130)) << "two copies in a row, a minute each";
  EXPECT_EQ(WorldClient::TextOf(*pad.Last(EventKind::kMessage)), "hello");
}

TEST_F(OwnDevices, AnAnswerThatComesBeforeTheCopyThatSaysThatWeAskedIsNotLost) {
  Config slow = World::DefaultClient();
  slow.own_copy_delay = Minutes(30);
  WorldClient& carol = world_.AddRegistered("carol", slow);
  WorldClient& pad = test::LinkDevice(world_, carol);
  world_.Run(Hours(2));  // what linking says to the other device is said
  carol.Do(RequestContact{.peer = bob_.address()});
  world_.Settle();
  bob_.Do(AnswerContact{.peer = carol.address()});
  bob_.SendText(carol.address(), "you may", world_.now());
  world_.Settle();
  ASSERT_EQ(carol.Last(EventKind::kContactAnswer)->contact, ContactState::kAccepted);
  ASSERT_EQ(pad.Texts(bob_.address()).size(), 1u);
  ASSERT_EQ(pad.Count(EventKind::kContactChanged), 0u) << "this seed drew no wait";
  world_.Run(Hours(2));
  ASSERT_GE(pad.Count(EventKind::kContactChanged), 1u);
  EXPECT_EQ(pad.Last(EventKind::kContactChanged)->contact, ContactState::kAccepted);
  auto tx = bob_.store().Begin();
  ASSERT_TRUE(tx.ok());
  const auto unconfirmed = tx->outbox().LoadFor(carol.address().ToString(), DeviceId(2), 10);
  ASSERT_TRUE(unconfirmed.ok());
  EXPECT_TRUE(unconfirmed->empty()) << "what it held back it confirms now";
}

TEST_F(OwnDevices, ABlockIsNotUndoneByWhatAnotherDeviceDecidedBefore) {
  world_.SetOnline(*laptop_, false);
  laptop_->Do(BlockContact{bob_.address(), true});
  laptop_->Do(BlockContact{bob_.address(), false});
  world_.Run(Seconds(10));
  phone_.Do(BlockContact{bob_.address(), true});
  world_.Settle();
  world_.SetOnline(*laptop_, true);
  world_.Settle();
  EXPECT_EQ(phone_.Count(EventKind::kContactChanged), 0u);
  ASSERT_GE(laptop_->Count(EventKind::kContactChanged), 1u);
  EXPECT_EQ(laptop_->Last(EventKind::kContactChanged)->contact, ContactState::kBlocked);
}

// The relay's view of one copy: when it left `from`, and under which envelope ids.
struct Watch {
  std::vector<std::pair<Timestamp, EnvelopeId>> copies;
  void On(World& world, WorldClient& from) {
    from.faults.on_call = [this, &world, &from](Call& call) {
      const auto* send = std::get_if<SendEnvelope>(&call.body);
      if (send && send->to.account == from.address()) copies.push_back({world.now(), send->id});
      return true;
    };
  }
};

TEST_F(OwnDevices, TheWaitOfACopyOutlivesTheProcess) {
  Config slow = World::DefaultClient();
  slow.own_copy_delay = Minutes(30);
  WorldClient& carol = world_.AddRegistered("carol", slow);
  WorldClient& pad = test::LinkDevice(world_, carol);
  world_.Run(Hours(2));  // what linking says to the other device is said
  Watch watch;
  watch.On(world_, carol);
  carol.SendText(bob_.address(), "hello", world_.now());
  world_.Settle();
  ASSERT_TRUE(watch.copies.empty()) << "this seed drew no wait";
  const Timestamp before = world_.now();
  const Timestamp due = carol.NextDeadline();
  world_.Restart(carol);
  world_.Run(Minutes(31));
  ASSERT_FALSE(watch.copies.empty());  // an answer to the other device may follow it
  EXPECT_GT(watch.copies[0].first - before, Seconds(5)) << "not at once after a restart";
  EXPECT_LE(due, watch.copies[0].first) << "the deadline was known before";
  ASSERT_EQ(pad.Count(EventKind::kMessage), 1u);
  EXPECT_EQ(WorldClient::TextOf(*pad.Last(EventKind::kMessage)), "hello");
}

TEST_F(OwnDevices, EachCopyDrawsItsWaitAnew) {
  Config slow = World::DefaultClient();
  slow.own_copy_delay = Minutes(10);
  WorldClient& carol = world_.AddRegistered("carol", slow);
  test::LinkDevice(world_, carol);
  world_.Run(Hours(2));
  constexpr size_t kCopies = 20;
  absl::flat_hash_set<int64_t> waits;  // in whole seconds
  for (size_t i = 0; i < kCopies; ++i) {
    Watch watch;
    watch.On(world_, carol);
    carol.SendText(bob_.address(), "hello", world_.now());
    const Timestamp sent = world_.now();
    world_.Run(Minutes(11));
    ASSERT_FALSE(watch.copies.empty());
    const Duration wait = watch.copies[0].first - sent;
    EXPECT_LE(wait, Seconds(601));
    waits.insert(wait.ms / 1000);
    carol.faults.on_call = nullptr;
  }
  EXPECT_GE(waits.size(), kCopies / 2);
}

TEST_F(OwnDevices, ALongerWaitThanAnHourIsAnHour) {
  Config slow = World::DefaultClient();
  slow.own_copy_delay = Days(40);
  WorldClient& carol = world_.AddRegistered("carol", slow);
  WorldClient& pad = test::LinkDevice(world_, carol);
  world_.Run(Hours(4));
  carol.SendText(bob_.address(), "hello", world_.now());
  world_.Run(Minutes(61));
  ASSERT_NE(pad.Last(EventKind::kMessage), nullptr);
  EXPECT_EQ(WorldClient::TextOf(*pad.Last(EventKind::kMessage)), "hello");
}

TEST_F(OwnDevices, EachEnvelopeHasAnIdOfItsOwn) {
  std::vector<EnvelopeId> ids;
  phone_.faults.on_call = [&](Call& call) {
    if (const auto* send = std::get_if<SendEnvelope>(&call.body)) ids.push_back(send->id);
    return true;
  };
  for (int i = 0; i < 10; ++i) phone_.SendText(bob_.address(), "hello", world_.now());
  world_.Settle();
  ASSERT_GE(ids.size(), 20u) << "to bob and to the laptop";
  EXPECT_EQ(absl::flat_hash_set<EnvelopeId>(ids.begin(), ids.end()).size(), ids.size());
}

}  // namespace
}  // namespace pawl::client
