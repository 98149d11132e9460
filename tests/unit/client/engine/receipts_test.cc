#include "client/engine/receipts.h"

#include <gtest/gtest.h>

#include "support/world.h"

namespace pawl::client {
namespace {

using test::World;
using test::WorldClient;

class Receipts : public ::testing::Test {
 protected:
  Receipts() : alice_(world_.AddRegistered("alice")), bob_(world_.AddRegistered("bob")) {
    world_.MakeContacts(alice_, bob_);
  }
  size_t CountOf(ReceiptKind kind) const {
    size_t count = 0;
    for (const Event& event : alice_.journal()) {
      count += event.kind == EventKind::kReceipt && event.receipt == kind;
    }
    return count;
  }
  World world_;
  WorldClient& alice_;
  WorldClient& bob_;
};

TEST_F(Receipts, ConfirmedWhenDurableDeliveredWhenTheAppTookItReadWhenItSaysSo) {
  bob_.auto_ack = false;
  const MessageId message = alice_.SendText(bob_.address(), "one", world_.now());
  world_.Settle();
  EXPECT_EQ(alice_.StateOf(message), MessageState::kConfirmed);
  EXPECT_EQ(alice_.Count(EventKind::kReceipt), 0u);

  bob_.Do(AckInbox{bob_.journal().back().seq});
  world_.Settle();
  EXPECT_EQ(CountOf(ReceiptKind::kDelivered), 1u);
  EXPECT_EQ(alice_.Last(EventKind::kReceipt)->message, message);
  EXPECT_EQ(alice_.Last(EventKind::kReceipt)->peer, bob_.address());

  const RequestId read = bob_.Do(MarkRead{alice_.address(), message});
  world_.Settle();
  EXPECT_EQ(bob_.Completed(read), Code::kOk);
  EXPECT_EQ(CountOf(ReceiptKind::kRead), 1u);
  bob_.Do(MarkRead{alice_.address(), message});
  world_.Settle();
  EXPECT_EQ(CountOf(ReceiptKind::kRead), 1u) << "told twice";
}

TEST_F(Receipts, AConfirmationThatOvertakesTheRelaysWordLeavesNothingToSendAgain) {
  // What the relay says to Alice's sends is lost, with the connection that it came on.
  alice_.faults.on_input = [](Input& input) {
    const auto* reply = std::get_if<Reply>(&input);
    return !reply || !std::holds_alternative<Sent>(reply->body);
  };
  const MessageId message = alice_.SendText(bob_.address(), "fast", world_.now());
  world_.Settle();
  ASSERT_EQ(alice_.StateOf(message), MessageState::kConfirmed);
  alice_.faults.on_input = nullptr;
  world_.RestartRelay();
  world_.Run(Minutes(2));
  // Queues, fetches and duties go on.
  const MessageId next = alice_.SendText(bob_.address(), "next", world_.now());
  WorldClient& zoe = world_.AddRegistered("zoe");
  alice_.SendText(zoe.address(), "to a later queue", world_.now());
  world_.Settle();
  EXPECT_EQ(alice_.StateOf(next), MessageState::kConfirmed);
  EXPECT_EQ(zoe.Texts(alice_.address()).size(), 1u);
}

TEST_F(Receipts, ReadingUpToAMessageReadsThoseBeforeItAndNotThoseAfter) {
  alice_.SendText(bob_.address(), "one", world_.now());
  const MessageId two = alice_.SendText(bob_.address(), "two", world_.now());
  alice_.SendText(bob_.address(), "three", world_.now());
  world_.Settle();
  bob_.Do(MarkRead{alice_.address(), two});
  world_.Settle();
  EXPECT_EQ(CountOf(ReceiptKind::kRead), 2u);
}

TEST_F(Receipts, AnUnknownMessageCannotBeRead) {
  const RequestId read = bob_.Do(MarkRead{alice_.address(), MessageId({5})});
  world_.Settle();
  EXPECT_EQ(bob_.Completed(read), Code::kNotFound);
}

TEST_F(Receipts, WithoutAcknowledgementTheSameEventComesAgainWithTheSameNumber) {
  bob_.auto_ack = false;
  alice_.SendText(bob_.address(), "one", world_.now());
  world_.Settle();
  const InboxSeq seq = bob_.Last(EventKind::kMessage)->seq;
  world_.Restart(bob_);
  world_.Settle();
  const auto events = bob_.engine().ReadInbox(InboxSeq(0), 100);
  ASSERT_THAT(events, test::IsOk());
  bool again = false;
  for (const Event& event : *events) {
    again = again || (event.seq == seq && WorldClient::TextOf(event) == "one");
  }
  EXPECT_TRUE(again);
  bob_.Do(AckInbox{seq});
  world_.Settle();
  EXPECT_TRUE(bob_.engine().ReadInbox(InboxSeq(0), 100)->empty());
}

TEST_F(Receipts, DeliveredReceiptsCanBeSwitchedOff) {
  Config quiet = World::DefaultClient();
  quiet.delivered_receipts = false;
  WorldClient& carol = world_.AddRegistered("carol", quiet);
  world_.MakeContacts(alice_, carol);
  const MessageId message = alice_.SendText(carol.address(), "one", world_.now());
  world_.Settle();
  EXPECT_EQ(alice_.StateOf(message), MessageState::kConfirmed);
  EXPECT_EQ(alice_.Count(EventKind::kReceipt), 0u);
}

TEST_F(Receipts, AcknowledgingWhatWasNeverGivenIsRefused) {
  const RequestId ack = bob_.Do(AckInbox{InboxSeq(1'000'000)});
  world_.Settle();
  EXPECT_EQ(bob_.Completed(ack), Code::kInvalidArgument);
}

}  // namespace
}  // namespace pawl::client
