#include "client/engine/devices.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/engine/conversation.h"
#include "client/engine/fanout.h"
#include "client/engine/retransmit.h"
#include "support/step_world.h"

namespace pawl::client {
namespace {

using test::HasCode;
using test::IsOk;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Bob has a first device, that we have a session with, and may have a second, that we have none
// with: what is sent to it waits for its prekeys.
class Devices : public ::testing::Test {
 protected:
  Devices() {
    world_.MakeAccount();
    world_.Know(bob_);
    session_ = world_.BeginSession(bob_);
  }
  identity::DeviceList ListWith(std::vector<identity::DeviceEntry> devices) {
    return test::Must(identity::DeviceList::Sign(
        {address_, bob_.account.pub(), 1, {}, world_.clock.Now(), std::move(devices)},
        bob_.account));
  }
  identity::DeviceEntry Entry(uint32_t id, uint8_t key) const {
    return {DeviceId(id), {key}, world_.clock.Now()};
  }
  template <typename What>
  void Step(const What& what) {
    ASSERT_THAT(world_.Step(what), IsOk());
  }
  // A message of ours in history, and an envelope or a waiting row of it for each device.
  void Queue(const MessageId& message, std::vector<identity::DeviceAddress> to) {
    Step([&](Batch& batch) -> absl::Status {
      PAWL_TRY(batch.tx.messages()
                   .Insert({.name = {conversation_, "alice@example.org", message},
                            .direction = store::Direction::kOutgoing,
                            .sender_device = DeviceId(1),
                            .sent_at = batch.now,
                            .received_at = batch.now,
                            .content = AsBytes("hi"),
                            .state = store::MessageState::kQueued})
                   .status());
      for (const auto& device : to) {
        PAWL_TRY(SendToDevice(batch, device,
                              {.content = AsBytes("hi"),
                               .conversation = conversation_,
                               .cls = store::OutboxClass::kMessage,
                               .message = message}));
      }
      return OkStatus();
    });
  }
  size_t RowsFor(const identity::DeviceAddress& to) {
    return world_.Read([&](auto& tx) {
      return test::Must(tx.outbox().LoadFor(to.account.ToString(), to.device, 1000)).size();
    });
  }
  test::StepWorld world_;
  test::TestDevice bob_{"bob@example.org/1", 5};
  const identity::Address address_ = bob_.local.address.account;
  const identity::DeviceAddress first_ = bob_.local.address, second_{address_, DeviceId(2)};
  const ConversationId conversation_ =
      ConversationOf(*identity::Address::Parse("alice@example.org"), address_);
  SessionId session_;
};

TEST_F(Devices, ADeviceThatIsGoneIsForgottenWithAllThatWaitedForIt) {
  Queue(MessageId({1}), {first_});
  Queue(MessageId({2}), {first_});
  world_.state().fetches[first_] = {};
  const auto after = ListWith({Entry(3, 3)});
  Step([&](Batch& batch) { return FollowDevices(batch, address_, bob_.list, after); });
  EXPECT_EQ(world_.state().sessions.size(), 0u);
  EXPECT_EQ(world_.state().outbox.size(), 0u);
  EXPECT_EQ(RowsFor(first_), 0u);
  EXPECT_THAT(world_.state().fetches, IsEmpty());
  EXPECT_THAT(world_.Told(), ElementsAre(EventKind::kMessageState, EventKind::kMessageState,
                                         EventKind::kDeviceRemoved, EventKind::kDeviceAdded));
  const auto events = world_.Events();
  EXPECT_EQ(events[0].state, MessageState::kFailed);
  EXPECT_EQ(events[0].code, Code::kDeviceNotListed);
  EXPECT_EQ(events[2].device, DeviceId(1));
  EXPECT_EQ(events[3].device, DeviceId(3));
  ASSERT_THAT(world_.Restart(), IsOk());
  EXPECT_EQ(world_.state().sessions.size(), 0u) << "also in the store";
}

TEST_F(Devices, ADeviceThatStaysIsLeftAlone) {
  Queue(MessageId({1}), {first_});
  const identity::DeviceEntry same = bob_.list.fields().devices[0];
  const auto after = ListWith({same, Entry(2, 2)});
  Step([&](Batch& batch) { return FollowDevices(batch, address_, bob_.list, after); });
  EXPECT_THAT(world_.Told(), ElementsAre(EventKind::kDeviceAdded));
  EXPECT_NE(world_.state().sessions.Find(session_), nullptr);
  EXPECT_EQ(RowsFor(first_), 1u);
}

TEST_F(Devices, WhatTheRelayHadForADeviceIsNotSentAgainToAnotherKeyUnderItsId) {
  Queue(MessageId({1}), {first_});
  Step([&](Batch& batch) -> absl::Status {
    PAWL_ASSIGN(const auto rows, batch.tx.outbox().LoadFor("bob@example.org", DeviceId(1), 9));
    for (const store::OutboxRow& row : rows) PAWL_TRY(batch.tx.outbox().MarkAtRelay(row.id));
    return OkStatus();
  });
  const auto resend = [&] {
    size_t sent = 0;
    Step([&](Batch& batch) -> absl::Status {
      PAWL_TRY(RetransmitWindow(batch, first_));
      sent = batch.new_items.size();
      return OkStatus();
    });
    return sent;
  };
  ASSERT_EQ(resend(), 1u) << "to the device that it was for";
  const auto after = ListWith({Entry(1, 9)});
  Step([&](Batch& batch) -> absl::Status {
    batch.peers.Edit(address_, batch.now).list = after;
    return FollowDevices(batch, address_, bob_.list, after);
  });
  EXPECT_EQ(resend(), 0u);
  EXPECT_EQ(RowsFor(first_), 0u);
  const auto events = world_.Events();
  const Event& failed = events.at(0);
  EXPECT_EQ(failed.state, MessageState::kFailed);
  EXPECT_EQ(failed.code, Code::kDeviceNotListed);
}

TEST_F(Devices, AnotherKeyUnderTheSameIdIsAnotherDevice) {
  const auto after = ListWith({Entry(1, 9)});
  Step([&](Batch& batch) { return FollowDevices(batch, address_, bob_.list, after); });
  EXPECT_THAT(world_.Told(), ElementsAre(EventKind::kDeviceRemoved, EventKind::kDeviceAdded));
  EXPECT_EQ(world_.state().sessions.size(), 0u);
}

TEST_F(Devices, AListThatCountsNoMoreTakesAllItsDevicesAlong) {
  const auto list = ListWith({bob_.list.fields().devices[0], Entry(2, 2)});
  Step([&](Batch& batch) { return DropDevices(batch, address_, list); });
  EXPECT_THAT(world_.Told(), ElementsAre(EventKind::kDeviceRemoved, EventKind::kDeviceRemoved));
  EXPECT_EQ(world_.state().sessions.size(), 0u);
}

TEST_F(Devices, AMessageFailsWhenNoDeviceCanGetItAnyMore) {
  Queue(MessageId({1}), {first_, second_});
  Step([&](Batch& batch) { return FailQueued(batch, first_, Code::kBlocked); });
  EXPECT_THAT(world_.Told(), IsEmpty()) << "it waits for the second device";
  Step([&](Batch& batch) { return FailWaiting(batch, second_, Code::kBlocked); });
  ASSERT_THAT(world_.Told(), ElementsAre(EventKind::kMessageState));
  EXPECT_EQ(world_.Events()[0].state, MessageState::kFailed);
  EXPECT_EQ(world_.Events()[0].code, Code::kBlocked);
  EXPECT_EQ(world_.state().pending.Count(second_), 0);
}

TEST_F(Devices, AMessageThatTheRelayHasIsStillUnderWay) {
  Queue(MessageId({1}), {first_, second_});
  Step([&](Batch& batch) {
    return batch.tx.outbox().MarkAtRelay(batch.state.outbox.Find(first_)->items.front().id);
  });
  Step([&](Batch& batch) { return FailWaiting(batch, second_, Code::kBlocked); });
  ASSERT_THAT(world_.Told(), ElementsAre(EventKind::kMessageState));
  EXPECT_EQ(world_.Events()[0].state, MessageState::kAtRelay) << "for each device that is left";
}

TEST_F(Devices, OurOwnAutomaticMessagesEndWithoutAWord) {
  Step([&](Batch& batch) -> absl::Status {
    PAWL_TRY(SendToDevice(batch, first_, {.content = AsBytes("receipt")}));
    return SendToDevice(batch, second_, {.content = AsBytes("receipt")});
  });
  Step([&](Batch& batch) -> absl::Status {
    PAWL_TRY(FailQueued(batch, first_, Code::kBlocked));
    return FailWaiting(batch, second_, Code::kBlocked);
  });
  EXPECT_EQ(RowsFor(first_), 0u);
  EXPECT_EQ(world_.state().pending.Count(second_), 0);
  EXPECT_THAT(world_.Told(), IsEmpty());
}

TEST_F(Devices, WhatWasSealedInTheSameStepDoesNotLeave) {
  Step([&](Batch& batch) -> absl::Status {
    PAWL_TRY(SendToDevice(batch, first_, {.content = AsBytes("hi")}));
    EXPECT_THAT(batch.new_items, SizeIs(1));
    PAWL_TRY(FailQueued(batch, first_, Code::kBlocked));
    EXPECT_THAT(batch.new_items, IsEmpty());
    return OkStatus();
  });
  EXPECT_EQ(world_.state().outbox.size(), 0u);
}

// Rows of the account as a whole stand behind more than a page of those of one device.
TEST_F(Devices, WhatWaitsForTheListEndsAndWhatWaitsForADeviceDoesNot) {
  constexpr int kMany = 70;
  const identity::DeviceAddress whole = WholeAccount(address_);
  Step([&](Batch& batch) -> absl::Status {
    for (int i = 0; i < kMany; ++i) {
      PAWL_TRY(SendToDevice(batch, second_, {.content = AsBytes("hi")}));
    }
    for (int i = 0; i < 3; ++i) {
      PAWL_TRY(SendToDevice(batch, whole, {.content = AsBytes("hi")}));
    }
    return OkStatus();
  });
  ASSERT_EQ(world_.state().pending.Count(whole), 3);
  Step([&](Batch& batch) { return FailWaiting(batch, whole, Code::kNotFound); });
  EXPECT_EQ(world_.state().pending.Count(whole), 0);
  EXPECT_EQ(world_.state().pending.Count(second_), kMany);
  const auto rows = world_.Read([](auto& tx) {
    return test::Must(tx.pending().LoadFor("bob@example.org", DeviceId(0), 1000)).size();
  });
  EXPECT_EQ(rows, static_cast<size_t>(kMany));
}

TEST_F(Devices, ARemoteDeviceIsWhatTheVerifiedListSays) {
  Step([&](Batch& batch) {
    const auto remote = RemoteOf(batch, first_);
    EXPECT_THAT(remote, IsOk());
    EXPECT_EQ(remote->address, first_);
    EXPECT_EQ(remote->account_key, bob_.account.pub());
    EXPECT_EQ(remote->signing_key, bob_.signing.pub());
    EXPECT_THAT(RemoteOf(batch, second_), HasCode(Code::kDeviceNotListed));
    EXPECT_THAT(RemoteOf(batch, {*identity::Address::Parse("eve@example.org"), DeviceId(1)}),
                HasCode(Code::kNotFound));
    EXPECT_THAT(RemoteOf(batch, batch.self->device.address), IsOk()) << "our own list";
    return OkStatus();
  });
}

}  // namespace
}  // namespace pawl::client
