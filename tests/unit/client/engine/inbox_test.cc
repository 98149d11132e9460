#include "client/engine/inbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/engine/conversation.h"
#include "support/step_world.h"

namespace pawl::client {
namespace {

using test::HasCode;
using test::IsOk;
using test::IsOkAndHolds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Stored = store::MessageState;

class InboxTest : public ::testing::Test {
 protected:
  InboxTest() { world_.MakeAccount(); }
  // Recorded, stored, read back.
  Event Again(const Event& event) {
    EXPECT_THAT(world_.Step([&](Batch& batch) { return Record(batch, event); }), IsOk());
    EXPECT_TRUE(world_.effects.inbox_grew);
    auto events = world_.Events();
    return std::move(events.back());
  }
  Event About(EventKind kind) const {
    Event event;
    event.kind = kind;
    event.peer = bob_;
    event.device = DeviceId(3);
    event.conversation = conversation_;
    event.message = kMessage;
    return event;
  }
  void Insert(const identity::Address& sender, Stored state) {
    const std::string from = sender.ToString();
    EXPECT_THAT(world_.Step([&](Batch& batch) {
      return batch.tx.messages()
          .Insert({.name = {conversation_, from, kMessage},
                   .direction =
                       sender == alice_ ? store::Direction::kOutgoing : store::Direction::kIncoming,
                   .sender_device = DeviceId(1),
                   .sent_at = Timestamp{5},
                   .received_at = batch.now,
                   .content = content_,
                   .state = state})
          .status();
    }),
                IsOk());
  }
  absl::StatusOr<bool> AdvanceTo(Stored state, Code code = Code::kOk) {
    absl::StatusOr<bool> moved;
    EXPECT_THAT(world_.Step([&](Batch& batch) {
      moved = Advance(batch, bob_, kMessage, state, code);
      return moved.status();
    }),
                IsOk());
    return moved;
  }
  static constexpr MessageId kMessage{ByteArray<16>{9}};
  const identity::Address alice_ = *identity::Address::Parse("alice@example.org");
  const identity::Address bob_ = *identity::Address::Parse("bob@example.org");
  const ConversationId conversation_ = ConversationOf(alice_, bob_);
  const Bytes content_ = {1, 2, 3};
  test::StepWorld world_;
};

TEST_F(InboxTest, EveryKindComesBackAsItWasRecorded) {
  Event event = About(EventKind::kMessageState);
  event.state = MessageState::kFailed;
  event.code = Code::kTooLarge;
  Event again = Again(event);
  EXPECT_EQ(again.kind, EventKind::kMessageState);
  EXPECT_EQ(again.state, MessageState::kFailed);
  EXPECT_EQ(again.code, Code::kTooLarge);
  EXPECT_EQ(again.peer, bob_);
  EXPECT_EQ(again.device, DeviceId(3));
  EXPECT_EQ(again.conversation, conversation_);
  EXPECT_EQ(again.message, kMessage);
  EXPECT_EQ(again.at, world_.clock.Now());

  event = About(EventKind::kReceipt);
  event.receipt = ReceiptKind::kRead;
  EXPECT_EQ(Again(event).receipt, ReceiptKind::kRead);
  event = About(EventKind::kDeviceListWarning);
  event.warning = ListWarning::kForked;
  EXPECT_EQ(Again(event).warning, ListWarning::kForked);
  for (const EventKind kind : {EventKind::kContactAnswer, EventKind::kContactChanged}) {
    event = About(kind);
    event.contact = ContactState::kBlocked;
    EXPECT_EQ(Again(event).contact, ContactState::kBlocked);
  }
  event = About(EventKind::kContactRequest);
  event.text = "Bob of the hills";
  EXPECT_EQ(Again(event).text, "Bob of the hills");
  event = About(EventKind::kIdentityChanged);
  event.key = {4, 5, 6};
  EXPECT_EQ(Again(event).key, event.key);
}

TEST_F(InboxTest, NumbersAscendAndAnEventWithoutAPeerHasNone) {
  const InboxSeq first = Again(About(EventKind::kReceipt)).seq;
  Event gap;
  gap.kind = EventKind::kGap;
  gap.code = Code::kForked;
  const Event again = Again(gap);
  EXPECT_GT(again.seq, first);
  EXPECT_EQ(again.peer, std::nullopt);
  EXPECT_EQ(again.code, Code::kForked);
}

TEST_F(InboxTest, AMessageComesWithItsContentAndWithoutItOnceThatIsErased) {
  Insert(bob_, Stored::kReceived);
  Event again = Again(About(EventKind::kMessage));
  EXPECT_FALSE(again.outgoing);
  EXPECT_EQ(ToBytes(again.content.Expose()), content_);
  EXPECT_EQ(again.sent_at, Timestamp{5});
  ASSERT_THAT(world_.Step([&](Batch& batch) {
    return batch.tx.messages().EraseContent({conversation_, "bob@example.org", kMessage});
  }),
              IsOk());
  EXPECT_TRUE(world_.Events().back().content.empty());
}

TEST_F(InboxTest, WhatAnotherDeviceOfOursSentIsLookedUpAsOurs) {
  Insert(alice_, Stored::kAtRelay);
  Event event = About(EventKind::kMessage);
  EXPECT_TRUE(Again(About(EventKind::kMessage)).content.empty()) << "Bob sent none of this id";
  event.outgoing = true;
  const Event again = Again(event);
  EXPECT_TRUE(again.outgoing);
  EXPECT_EQ(ToBytes(again.content.Expose()), content_);
}

TEST_F(InboxTest, ARowThatRecordDidNotMakeIsCorrupt) {
  store::InboxRow row;
  row.kind = static_cast<uint16_t>(EventKind::kContactRequest);
  row.peer = "bob@example.org";
  row.extra = crypto::SecretBytes::From(Bytes{0, 0, 2, 'h', 'i'});
  ASSERT_THAT(DecodeEvent(row), IsOk());
  EXPECT_EQ(DecodeEvent(row)->text, "hi");
  row.peer = "nobody";
  EXPECT_THAT(DecodeEvent(row), HasCode(Code::kCorrupt));
  row.peer.clear();
  for (const Bytes& extra : {Bytes{}, Bytes{0}, Bytes{0, 0, 2, 'h'}, Bytes{0, 0, 0, 'h'}}) {
    row.extra = crypto::SecretBytes::From(extra);
    EXPECT_THAT(DecodeEvent(row), HasCode(Code::kCorrupt)) << extra.size();
  }
}

TEST_F(InboxTest, AMessageOfOursGoesForwardAndTheAppHearsEachStep) {
  Insert(alice_, Stored::kQueued);
  EXPECT_THAT(AdvanceTo(Stored::kAtRelay), IsOkAndHolds(true));
  EXPECT_THAT(AdvanceTo(Stored::kAtRelay), IsOkAndHolds(false)) << "it is there already";
  EXPECT_THAT(AdvanceTo(Stored::kQueued), IsOkAndHolds(false));
  EXPECT_THAT(AdvanceTo(Stored::kConfirmed), IsOkAndHolds(true));
  EXPECT_THAT(AdvanceTo(Stored::kFailed, Code::kExpired), IsOkAndHolds(false)) << "somebody has it";
  const auto events = world_.Events();
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].state, MessageState::kAtRelay);
  EXPECT_EQ(events[1].state, MessageState::kConfirmed);
  EXPECT_EQ(events[1].peer, bob_);
  EXPECT_EQ(events[1].message, kMessage);
}

TEST_F(InboxTest, ReceiptsMoveTheStateAndAreEventsOfTheirOwn) {
  Insert(alice_, Stored::kConfirmed);
  EXPECT_THAT(AdvanceTo(Stored::kDelivered), IsOkAndHolds(true));
  EXPECT_THAT(AdvanceTo(Stored::kRead), IsOkAndHolds(true));
  EXPECT_THAT(AdvanceTo(Stored::kDelivered), IsOkAndHolds(false)) << "it was read";
  EXPECT_THAT(world_.Told(), IsEmpty());
}

TEST_F(InboxTest, WhatFailedStaysFailedWithItsReason) {
  Insert(alice_, Stored::kAtRelay);
  EXPECT_THAT(AdvanceTo(Stored::kFailed, Code::kExpired), IsOkAndHolds(true));
  EXPECT_THAT(AdvanceTo(Stored::kConfirmed), IsOkAndHolds(false));
  ASSERT_THAT(world_.Told(), ElementsAre(EventKind::kMessageState));
  EXPECT_EQ(world_.Events()[0].code, Code::kExpired);
}

TEST_F(InboxTest, MessagesOfOthersAndUnknownOnesAreLeftAlone) {
  EXPECT_THAT(AdvanceTo(Stored::kRead), IsOkAndHolds(false));
  Insert(bob_, Stored::kReceived);
  EXPECT_THAT(AdvanceTo(Stored::kRead), IsOkAndHolds(false)) << "of the same id, but theirs";
  const auto state = world_.Read([&](auto& tx) {
    return tx.messages().FindState({conversation_, "bob@example.org", kMessage});
  });
  EXPECT_EQ(*state, Stored::kReceived);
}

}  // namespace
}  // namespace pawl::client
