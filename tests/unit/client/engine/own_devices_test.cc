#include "client/engine/own_devices.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

}  // namespace
}  // namespace pawl::client
