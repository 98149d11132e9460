#include "capi/event.h"

#include <gtest/gtest.h>

#include "client/engine/compose.h"
#include "crypto/init.h"
#include "pawl/contact.h"
#include "support/matchers.h"

namespace pawl::capi {
namespace {

using client::EventKind;

class EventTest : public ::testing::Test {
 protected:
  Events::Held& Out(client::Event source) {
    held_ = std::make_unique<Events::Held>();
    held_->source = std::move(source);
    EventOut("me@example.org", *held_);
    return *held_;
  }
  static client::Event Make(EventKind kind) {
    client::Event event;
    event.kind = kind;
    event.seq = InboxSeq(7);
    event.at = Timestamp{1234};
    event.peer = *identity::Address::Parse("bob@example.org");
    event.device = DeviceId(3);
    event.message = MessageId(ByteArray<16>{9});
    return event;
  }
  std::unique_ptr<Events::Held> held_;
};

TEST_F(EventTest, KindsAreTheNumbersOfTheHeader) {
  EXPECT_EQ(static_cast<int>(EventKind::kMessage), PAWL_EVENT_MESSAGE);
  EXPECT_EQ(static_cast<int>(EventKind::kMessageState), PAWL_EVENT_MESSAGE_STATE);
  EXPECT_EQ(static_cast<int>(EventKind::kReceipt), PAWL_EVENT_RECEIPT);
  EXPECT_EQ(static_cast<int>(EventKind::kContactRequest), PAWL_EVENT_CONTACT_REQUEST);
  EXPECT_EQ(static_cast<int>(EventKind::kContactAnswer), PAWL_EVENT_CONTACT_ANSWER);
  EXPECT_EQ(static_cast<int>(EventKind::kIdentityChanged), PAWL_EVENT_IDENTITY_CHANGED);
  EXPECT_EQ(static_cast<int>(EventKind::kDeviceListWarning), PAWL_EVENT_DEVICE_LIST_WARNING);
  EXPECT_EQ(static_cast<int>(EventKind::kDeviceAdded), PAWL_EVENT_DEVICE_ADDED);
  EXPECT_EQ(static_cast<int>(EventKind::kDeviceRemoved), PAWL_EVENT_DEVICE_REMOVED);
  EXPECT_EQ(static_cast<int>(EventKind::kDeviceRekeyed), PAWL_EVENT_DEVICE_REKEYED);
  EXPECT_EQ(static_cast<int>(EventKind::kSessionReset), PAWL_EVENT_SESSION_RESET);
  EXPECT_EQ(static_cast<int>(EventKind::kGap), PAWL_EVENT_GAP);
  EXPECT_EQ(static_cast<int>(EventKind::kRegistered), PAWL_EVENT_REGISTERED);
  EXPECT_EQ(static_cast<int>(EventKind::kAttachment), PAWL_EVENT_ATTACHMENT);
  EXPECT_EQ(static_cast<int>(EventKind::kReadElsewhere), PAWL_EVENT_READ_ELSEWHERE);
  EXPECT_EQ(static_cast<int>(EventKind::kContactChanged), PAWL_EVENT_CONTACT_CHANGED);
  EXPECT_EQ(static_cast<int>(EventKind::kConnection), PAWL_EVENT_CONNECTION);
  EXPECT_EQ(static_cast<int>(EventKind::kProgress), PAWL_EVENT_PROGRESS);
  EXPECT_EQ(static_cast<int>(EventKind::kTyping), PAWL_EVENT_TYPING);
  EXPECT_EQ(static_cast<int>(EventKind::kCompleted), PAWL_EVENT_COMPLETED);
  EXPECT_EQ(static_cast<int>(EventKind::kDrained), PAWL_EVENT_DRAINED);
  EXPECT_EQ(static_cast<int>(EventKind::kStore), PAWL_EVENT_STORE);
}

TEST_F(EventTest, StatesAreTheNumbersOfTheHeader) {
  using client::ConnectionState, client::ContactState, client::ListWarning, client::MessageState;
  EXPECT_EQ(MessageStateOut(MessageState::kQueued), PAWL_MESSAGE_QUEUED);
  EXPECT_EQ(MessageStateOut(MessageState::kAtRelay), PAWL_MESSAGE_AT_RELAY);
  EXPECT_EQ(MessageStateOut(MessageState::kConfirmed), PAWL_MESSAGE_CONFIRMED);
  EXPECT_EQ(MessageStateOut(MessageState::kDelivered), PAWL_MESSAGE_DELIVERED);
  EXPECT_EQ(MessageStateOut(MessageState::kRead), PAWL_MESSAGE_READ);
  EXPECT_EQ(MessageStateOut(MessageState::kFailed), PAWL_MESSAGE_FAILED);
  EXPECT_EQ(MessageStateOut(MessageState::kReceived), PAWL_MESSAGE_RECEIVED);
  EXPECT_EQ(MessageStateOut(MessageState::kDeleted), PAWL_MESSAGE_DELETED);
  EXPECT_EQ(static_cast<int>(ContactState::kRequested), PAWL_CONTACT_REQUESTED);
  EXPECT_EQ(static_cast<int>(ContactState::kAsking), PAWL_CONTACT_ASKING);
  EXPECT_EQ(static_cast<int>(ContactState::kAccepted), PAWL_CONTACT_ACCEPTED);
  EXPECT_EQ(static_cast<int>(ContactState::kBlocked), PAWL_CONTACT_BLOCKED);
  EXPECT_EQ(static_cast<int>(ConnectionState::kOffline), PAWL_CONNECTION_OFFLINE);
  EXPECT_EQ(static_cast<int>(ConnectionState::kConnecting), PAWL_CONNECTION_CONNECTING);
  EXPECT_EQ(static_cast<int>(ConnectionState::kCatchingUp), PAWL_CONNECTION_CATCHING_UP);
  EXPECT_EQ(static_cast<int>(ConnectionState::kOnline), PAWL_CONNECTION_ONLINE);
  EXPECT_EQ(static_cast<int>(ConnectionState::kWaiting), PAWL_CONNECTION_WAITING);
  EXPECT_EQ(static_cast<int>(ConnectionState::kStopped), PAWL_CONNECTION_STOPPED);
  EXPECT_EQ(static_cast<int>(ListWarning::kRolledBack), PAWL_LIST_ROLLED_BACK);
  EXPECT_EQ(static_cast<int>(ListWarning::kForked), PAWL_LIST_FORKED);
  EXPECT_EQ(static_cast<int>(ListWarning::kStale), PAWL_LIST_STALE);
  EXPECT_EQ(static_cast<int>(ListWarning::kFrozen), PAWL_LIST_FROZEN);
}

TEST_F(EventTest, AMessageHasItsContentAndItsSender) {
  ASSERT_THAT(crypto::Init(), test::IsOk());
  client::ContentView view;
  view.body = client::TextView{"hello"};
  const auto bytes = client::Compose(view);
  ASSERT_THAT(bytes, test::IsOk());
  client::Event source = Make(EventKind::kMessage);
  source.content = crypto::SecretBytes::From(bytes->view());
  const pawl_event& event = Out(std::move(source)).event;
  EXPECT_EQ(event.seq, 7u);
  EXPECT_EQ(event.time_ms, 1234);
  EXPECT_STREQ(event.address, "bob@example.org");
  ASSERT_NE(event.message, nullptr);
  EXPECT_STREQ(event.message->sender, "bob@example.org");
  EXPECT_EQ(event.message->direction, PAWL_INCOMING);
  EXPECT_EQ(event.message->sender_device_id, 3u);
  ASSERT_NE(event.message->content, nullptr);
  EXPECT_STREQ(event.message->content->text, "hello");
  EXPECT_EQ(event.message->id.bytes[0], 9);
}

TEST_F(EventTest, OneOfOurOwnFromElsewhereIsOurs) {
  client::Event source = Make(EventKind::kMessage);
  source.outgoing = true;
  const pawl_event& event = Out(std::move(source)).event;
  EXPECT_STREQ(event.address, "bob@example.org");
  EXPECT_STREQ(event.message->sender, "me@example.org");
  EXPECT_EQ(event.message->direction, PAWL_OUTGOING);
  EXPECT_EQ(event.message->content, nullptr) << "what cannot be read is not there";
}

TEST_F(EventTest, EachKindFillsInWhatItsCommentSays) {
  client::Event receipt = Make(EventKind::kReceipt);
  receipt.receipt = client::ReceiptKind::kRead;
  EXPECT_EQ(Out(std::move(receipt)).event.state, PAWL_MESSAGE_READ);
  EXPECT_NE(held_->event.message_id, nullptr);
  EXPECT_NE(held_->event.conversation, nullptr);

  client::Event state = Make(EventKind::kMessageState);
  state.state = client::MessageState::kFailed;
  state.code = Code::kExpired;
  EXPECT_EQ(Out(std::move(state)).event.state, PAWL_MESSAGE_FAILED);
  EXPECT_EQ(held_->event.status, PAWL_E_EXPIRED);

  client::Event changed = Make(EventKind::kIdentityChanged);
  changed.key[0] = 0xAB;
  ASSERT_EQ(Out(std::move(changed)).event.data_len, 32u);
  EXPECT_EQ(held_->event.data[0], 0xAB);
  EXPECT_EQ(held_->event.message_id, nullptr);

  client::Event asked = Make(EventKind::kContactRequest);
  asked.text = "Bob";
  EXPECT_STREQ(Out(std::move(asked)).event.text, "Bob");

  client::Event progress = Make(EventKind::kProgress);
  progress.done = 5;
  progress.total = 10;
  EXPECT_EQ(Out(std::move(progress)).event.bytes_done, 5u);
  EXPECT_EQ(held_->event.bytes_total, 10u);
  EXPECT_EQ(held_->event.conversation, nullptr);

  client::Event done = Make(EventKind::kCompleted);
  done.peer.reset();
  done.request = RequestId(77);
  done.data = {1, 2, 3};
  done.retry_at = Timestamp{999};
  EXPECT_EQ(Out(std::move(done)).event.request_id, 77u);
  EXPECT_EQ(held_->event.retry_at_ms, 999);
  EXPECT_EQ(held_->event.data_len, 3u);
  EXPECT_EQ(held_->event.address, nullptr);

  client::Event waits = Make(EventKind::kConnection);
  waits.connection = client::ConnectionState::kWaiting;
  waits.retry_at = Timestamp{999};
  EXPECT_EQ(Out(std::move(waits)).event.retry_at_ms, 999);
  client::Event never = Make(EventKind::kConnection);
  never.retry_at = kNever;
  EXPECT_EQ(Out(std::move(never)).event.retry_at_ms, 0);
}

}  // namespace
}  // namespace pawl::capi
