#include "client/engine/retransmit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/engine/conversation.h"
#include "client/engine/fanout.h"
#include "ratchet/limits.h"
#include "support/step_world.h"
#include "support/world_devices.h"

namespace pawl::client {
namespace {

using test::IsOk;
using test::World;
using test::WorldClient;
using ::testing::ElementsAre;

class Retransmitting : public ::testing::Test {
 protected:
  Retransmitting() : alice_(world_.AddRegistered("alice")), bob_(world_.AddRegistered("bob")) {
    world_.MakeContacts(alice_, bob_);
  }
  // What of Alice's window has not been confirmed by Bob's device.
  std::vector<store::OutboxRow> RowsForBob() {
    store::Transaction tx = test::Must(alice_.store().Begin());
    return test::Must(tx.outbox().LoadFor("bob@example.org", DeviceId(1), 100));
  }
  World world_;
  WorldClient& alice_;
  WorldClient& bob_;
};

TEST_F(Retransmitting, ARowStaysWithoutItsFrameUntilTheDeviceConfirms) {
  world_.SetOnline(bob_, false);
  alice_.SendText(bob_.address(), "waits", world_.now());
  world_.Settle();
  const auto rows = RowsForBob();
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].state, store::OutboxState::kAtRelay);
  EXPECT_EQ(rows[0].frame_size, 0u);
  world_.SetOnline(bob_, true);
  EXPECT_TRUE(RowsForBob().empty());
}

TEST_F(Retransmitting, ACopyForAnOwnDeviceIsConfirmedToo) {
  WorldClient& laptop = test::LinkDevice(world_, alice_);
  world_.Settle();
  alice_.SendText(bob_.address(), "said once", world_.now());
  world_.Settle();
  store::Transaction tx = test::Must(alice_.store().Begin());
  EXPECT_TRUE(test::Must(tx.outbox().LoadFor("alice@example.org", DeviceId(2), 100)).empty());
  EXPECT_EQ(laptop.Count(EventKind::kMessage), 1u);
}

TEST_F(Retransmitting, ACopyThatCannotBeMadeYetDoesNotHoldUpWhatIsSaidOfTheMessage) {
  WorldClient& laptop = test::LinkDevice(world_, alice_);
  world_.Settle();
  world_.Kill(laptop);
  // The laptop has nothing to begin a session with: copies for it wait here.
  alice_.faults.on_input = [](Input& input) {
    auto* reply = std::get_if<Reply>(&input);
    if (reply && std::get_if<PrekeyRecords>(&reply->body)) {
      reply->body = Refused{.code = Code::kNotFound};
    }
    return true;
  };
  {
    store::Transaction tx = test::Must(alice_.store().Begin());
    for (const auto& row : test::Must(tx.sessions().LoadAll())) {
      if (row.address != "alice@example.org") continue;
      ASSERT_THAT(tx.sessions().Erase(row.id), IsOk());
    }
    ASSERT_THAT(tx.Commit(world_.now()), IsOk());
  }
  world_.Restart(alice_);
  world_.SetOnline(bob_, false);
  const MessageId message = alice_.SendText(bob_.address(), "goes ahead", world_.now());
  world_.Settle();
  EXPECT_EQ(alice_.StateOf(message), MessageState::kAtRelay);
}

TEST_F(Retransmitting, WhatWasDeletedMeanwhileIsNotSentAgain) {
  test::StepWorld world;
  world.MakeAccount();
  const test::TestDevice bob("bob@example.org/1", 2);
  world.Know(bob);
  world.BeginSession(bob);
  const identity::DeviceAddress to = bob.local.address;
  store::OutboxRow row;
  row.message = MessageId(ByteArray<16>{1});
  row.cls = store::OutboxClass::kMessage;
  ASSERT_THAT(world.Step([&](Batch& batch) { return Retransmit(batch, to, row); }), IsOk());
  EXPECT_EQ(world.state().outbox.size(), 0u);
}

TEST(Retransmit, EverythingIsSentAgainInItsOrderAndExpiresWithItsFirstSending) {
  constexpr size_t kMany = ratchet::kMaxUnanswered / 2;  // each is sealed twice
  test::StepWorld world;
  world.MakeAccount();
  const test::TestDevice bob("bob@example.org/1", 2);
  world.Know(bob);
  world.BeginSession(bob);
  const identity::DeviceAddress to = bob.local.address;
  const std::string own = world.state().self->address().ToString();
  const ConversationId conversation = ConversationOf(world.state().self->address(), to.account);
  const Timestamp expires_at = world.clock.Now() + Days(3);
  ASSERT_THAT(world.Step([&](Batch& batch) -> absl::Status {
    for (size_t i = 0; i < kMany; ++i) {
      const MessageId message(batch.rng.Array<16>());
      PAWL_TRY(batch.tx.messages()
                   .Insert({.name = {conversation, own, message},
                            .direction = store::Direction::kOutgoing,
                            .sender_device = DeviceId(1),
                            .sent_at = batch.now,
                            .received_at = batch.now,
                            .content = AsBytes("text"),
                            .state = store::MessageState::kQueued})
                   .status());
      PAWL_TRY(SendToDevice(batch, to,
                            {.content = AsBytes("text"),
                             .conversation = conversation,
                             .cls = store::OutboxClass::kMessage,
                             .message = message,
                             .expires_at = expires_at}));
    }
    return OkStatus();
  }),
              IsOk());
  const auto window = [&] {
    return world.Read([&](store::Transaction& tx) {
      return test::Must(tx.outbox().LoadFor(to.account.ToString(), to.device, 2 * kMany));
    });
  };
  const auto before = window();
  ASSERT_EQ(before.size(), kMany);
  ASSERT_THAT(world.Step([&](Batch& batch) -> absl::Status {
    for (const store::OutboxRow& row : before) PAWL_TRY(batch.tx.outbox().MarkAtRelay(row.id));
    return RetransmitWindow(batch, to);
  }),
              IsOk());
  const auto after = window();
  ASSERT_EQ(after.size(), kMany);
  for (size_t i = 0; i < kMany; ++i) {
    EXPECT_EQ(after[i].message, before[i].message);
    EXPECT_GT(after[i].id, before.back().id);
    EXPECT_EQ(after[i].expires_at, expires_at);
  }
}

}  // namespace
}  // namespace pawl::client
