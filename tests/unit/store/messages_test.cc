#include "store/messages.h"

#include "unit/store/test_store.h"

namespace pawl::store {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

MessageName NameOf(uint8_t id, uint8_t conversation = 1, std::string_view sender = "b@x") {
  return {IdOf<ConversationId>(conversation), sender, IdOf<MessageId>(id)};
}

class MessagesTest : public GatewayTest {
 protected:
  void Insert(const MessageName& name, Timestamp expires_at = kNever) {
    NewMessage message;
    message.name = name;
    message.sender_device = DeviceId(2);
    message.sent_at = Timestamp{3};
    message.received_at = Timestamp{4};
    message.content = AsBytes("content");
    message.expires_at = expires_at;
    ASSERT_THAT(tx_->messages().Insert(message), IsOk());
  }
};

TEST_F(MessagesTest, EveryFieldComesBackAfterReopening) {
  Insert(NameOf(1), Timestamp{5});
  Reopen();
  PAWL_ASSERT_OK_AND_ASSIGN(const auto row, tx_->messages().Find(NameOf(1)));
  ASSERT_TRUE(row.has_value());
  EXPECT_EQ(row->conversation, IdOf<ConversationId>(1));
  EXPECT_EQ(row->id, IdOf<MessageId>(1));
  EXPECT_EQ(row->sender, "b@x");
  EXPECT_EQ(row->sender_device, DeviceId(2));
  EXPECT_EQ(row->direction, Direction::kIncoming);
  EXPECT_EQ(row->sent_at, Timestamp{3});
  EXPECT_EQ(row->received_at, Timestamp{4});
  EXPECT_EQ(TextOf(row->content), "content");
  EXPECT_EQ(row->state, MessageState::kReceived);
  EXPECT_EQ(row->failure, Code::kOk);
  EXPECT_EQ(row->expires_at, Timestamp{5});
}

// An id is the sender's choice: taking somebody else's must neither block nor replace that one.
TEST_F(MessagesTest, TheSameIdFromAnotherSenderOrElsewhereIsAnotherMessage) {
  Insert(NameOf(1));
  NewMessage again;
  again.name = NameOf(1);
  again.content = AsBytes("other");
  EXPECT_THAT(tx_->messages().Insert(again), HasCode(Code::kAlreadyExists));
  EXPECT_EQ(TextOf((*tx_->messages().Find(NameOf(1)))->content), "content");
  Insert(NameOf(1, 1, "mallory@x"));
  Insert(NameOf(1, 2));
  EXPECT_THAT(tx_->messages().FindById(IdOf<MessageId>(1)), IsOkAndHolds(SizeIs(3)));
  ASSERT_THAT(tx_->messages().SetState(NameOf(1, 1, "mallory@x"), MessageState::kRead), IsOk());
  EXPECT_THAT(tx_->messages().FindState(NameOf(1)), IsOkAndHolds(MessageState::kReceived));
}

TEST_F(MessagesTest, FindingByIdIsBounded) {
  for (uint8_t n = 0; n < 20; ++n) Insert(NameOf(1, n));
  EXPECT_THAT(tx_->messages().FindById(IdOf<MessageId>(1)), IsOkAndHolds(SizeIs(16)));
}

TEST_F(MessagesTest, FailureIsKeptWithTheFailedStateAlone) {
  Insert(NameOf(1));
  ASSERT_THAT(tx_->messages().SetState(NameOf(1), MessageState::kFailed, Code::kBlocked), IsOk());
  EXPECT_EQ((*tx_->messages().Find(NameOf(1)))->failure, Code::kBlocked);
  ASSERT_THAT(tx_->messages().SetState(NameOf(1), MessageState::kQueued, Code::kBlocked), IsOk());
  EXPECT_EQ((*tx_->messages().Find(NameOf(1)))->failure, Code::kOk);
}

TEST_F(MessagesTest, EditReplacesAndDeletionErasesTheContent) {
  Insert(NameOf(1));
  ASSERT_THAT(tx_->messages().SetContent(NameOf(1), AsBytes("edited")), IsOk());
  EXPECT_EQ(TextOf((*tx_->messages().Find(NameOf(1)))->content), "edited");
  ASSERT_THAT(tx_->messages().EraseContent(NameOf(1)), IsOk());
  PAWL_ASSERT_OK_AND_ASSIGN(const auto row, tx_->messages().Find(NameOf(1)));
  EXPECT_TRUE(row->content.empty());
  EXPECT_EQ(row->state, MessageState::kDeleted);
}

TEST_F(MessagesTest, WhatIsNotThereCannotChange) {
  EXPECT_THAT(tx_->messages().SetState(NameOf(9), MessageState::kRead), HasCode(Code::kNotFound));
  EXPECT_THAT(tx_->messages().SetContent(NameOf(9), {}), HasCode(Code::kNotFound));
  EXPECT_THAT(tx_->messages().SetExpiry(NameOf(9), now_), HasCode(Code::kNotFound));
  EXPECT_THAT(tx_->messages().EraseContent(NameOf(9)), HasCode(Code::kNotFound));
  EXPECT_THAT(tx_->messages().FindState(NameOf(9)), IsOkAndHolds(std::nullopt));
}

TEST_F(MessagesTest, HistoryIsNewestFirstInPages) {
  for (uint8_t n = 1; n <= 5; ++n) Insert(NameOf(n));
  Insert(NameOf(1, 2));
  std::vector<uint8_t> order;
  std::optional<MessageRowId> before;
  while (true) {
    PAWL_ASSERT_OK_AND_ASSIGN(const auto page,
                              tx_->messages().History(IdOf<ConversationId>(1), before, 2));
    if (page.empty()) break;
    for (const auto& row : page) order.push_back(row.id.value()[0]);
    before = page.back().row;
  }
  EXPECT_THAT(order, ::testing::ElementsAre(5, 4, 3, 2, 1));
}

TEST_F(MessagesTest, ExpiredOnesAreErasedInBoundedPiecesOldestFirst) {
  EXPECT_THAT(tx_->messages().NextExpiry(), IsOkAndHolds(kNever));
  Insert(NameOf(1));
  Insert(NameOf(2), Timestamp{30});
  Insert(NameOf(3), Timestamp{10});
  Insert(NameOf(4), Timestamp{20});
  EXPECT_THAT(tx_->messages().NextExpiry(), IsOkAndHolds(Timestamp{10}));
  EXPECT_THAT(tx_->messages().EraseExpired(Timestamp{20}, 1), IsOkAndHolds(1u));
  EXPECT_FALSE(tx_->messages().Find(NameOf(3))->has_value());
  EXPECT_THAT(tx_->messages().EraseExpired(Timestamp{20}, 5), IsOkAndHolds(1u));
  ASSERT_THAT(tx_->messages().SetExpiry(NameOf(2), kNever), IsOk());
  EXPECT_THAT(tx_->messages().NextExpiry(), IsOkAndHolds(kNever));
  EXPECT_THAT(tx_->messages().History(IdOf<ConversationId>(1), std::nullopt, 9),
              IsOkAndHolds(SizeIs(2)));
}

}  // namespace
}  // namespace pawl::store
