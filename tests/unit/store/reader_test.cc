#include "store/reader.h"

#include "unit/store/test_store.h"

namespace pawl::store {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class ReaderTest : public GatewayTest {
 protected:
  void SetUp() override {
    GatewayTest::SetUp();
    ConversationRow conversation;
    conversation.id = kConversation;
    conversation.peer = "b@x";
    ASSERT_THAT(tx_->conversations().Save(conversation), IsOk());
    PeerRow peer;
    peer.address = "b@x";
    peer.display_name = "Bob";
    ASSERT_THAT(tx_->peers().Save(peer), IsOk());
    Insert(1);
    ASSERT_THAT(tx_->Commit(now_), IsOk());
    tx_.reset();
    PAWL_ASSERT_OK_AND_ASSIGN(reader_, store_->OpenReader());
  }
  void Insert(uint8_t id) {
    NewMessage message;
    message.name = NameOf(id);
    message.content = AsBytes("content");
    ASSERT_THAT(tx_->messages().Insert(message), IsOk());
  }
  static MessageName NameOf(uint8_t id) { return {kConversation, "b@x", IdOf<MessageId>(id)}; }

  static inline const ConversationId kConversation = IdOf<ConversationId>(1);
  std::unique_ptr<Reader> reader_;
};

TEST_F(ReaderTest, SeesWhatWasCommitted) {
  PAWL_ASSERT_OK_AND_ASSIGN(const auto history, reader_->History(kConversation, std::nullopt, 9));
  ASSERT_THAT(history, SizeIs(1));
  EXPECT_EQ(TextOf(history[0].content), "content");
  EXPECT_TRUE(reader_->Message(NameOf(1))->has_value());
  EXPECT_THAT(reader_->Conversations(nullptr, 9), IsOkAndHolds(SizeIs(1)));
  EXPECT_EQ((*reader_->Conversation(kConversation))->peer, "b@x");
  PAWL_ASSERT_OK_AND_ASSIGN(const auto contacts, reader_->Contacts("", 9));
  ASSERT_THAT(contacts, SizeIs(1));
  EXPECT_EQ(contacts[0].display_name, "Bob");
  EXPECT_TRUE(reader_->Peer("b@x")->has_value());
}

TEST_F(ReaderTest, DoesNotSeeOrWaitForAnOpenTransaction) {
  Begin();
  Insert(2);
  EXPECT_THAT(reader_->History(kConversation, std::nullopt, 9), IsOkAndHolds(SizeIs(1)));
  ASSERT_THAT(tx_->Commit(now_), IsOk());
  EXPECT_THAT(reader_->History(kConversation, std::nullopt, 9), IsOkAndHolds(SizeIs(2)));
}

TEST_F(ReaderTest, PagesAreBounded) {
  Begin();
  for (int n = 0; n < 1100; ++n) {
    NewMessage message;
    ByteArray<16> id{};
    id[0] = static_cast<uint8_t>(n >> 8);
    id[1] = static_cast<uint8_t>(n);
    id[2] = 1;
    message.name = {kConversation, "b@x", MessageId(id)};
    ASSERT_THAT(tx_->messages().Insert(message), IsOk());
  }
  ASSERT_THAT(tx_->Commit(now_), IsOk());
  EXPECT_THAT(reader_->History(kConversation, std::nullopt, SIZE_MAX),
              IsOkAndHolds(SizeIs(kMaxPage)));
}

TEST_F(ReaderTest, HeldBackByNothingTheWriterDoesAfterwards) {
  ASSERT_THAT(store_->EraseTraces(), IsOk());
  EXPECT_THAT(reader_->History(kConversation, std::nullopt, 9), IsOkAndHolds(SizeIs(1)));
  ASSERT_THAT(store_->Close(now_), IsOk());
  EXPECT_THAT(reader_->History(kConversation, std::nullopt, 9), IsOkAndHolds(SizeIs(1)));
  EXPECT_THAT(store_->OpenReader(), HasCode(Code::kClosed));
}

TEST_F(ReaderTest, WhatIsNotThereIsEmpty) {
  EXPECT_THAT(reader_->History(IdOf<ConversationId>(9), std::nullopt, 9), IsOkAndHolds(IsEmpty()));
  EXPECT_FALSE(reader_->Peer("c@x")->has_value());
}

}  // namespace
}  // namespace pawl::store
