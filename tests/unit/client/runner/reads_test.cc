#include "client/runner/reads.h"

#include <gtest/gtest.h>

#include "support/matchers.h"
#include "test_store.h"

namespace pawl::runner {
namespace {

using test::HasCode;
using test::IsOk;
using ::testing::ElementsAre;

class ReadsTest : public WithStore {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(WithStore::SetUp());
    auto reader = store_->OpenReader();
    ASSERT_THAT(reader, IsOk());
    reader_ = *std::move(reader);
  }
  template <typename What>
  void Write(What what) {
    auto transaction = store_->Begin();
    ASSERT_THAT(transaction, IsOk());
    what(*transaction);
    ASSERT_THAT(transaction->Commit(kNow), IsOk());
  }
  void AddPeer(const std::string& address, store::ContactState state, uint8_t key,
               std::optional<uint8_t> pending = std::nullopt) {
    Write([&](store::Transaction& tx) {
      store::PeerRow row;
      row.address = address;
      row.account_key = {key};
      row.state = state;
      row.display_name = "name of " + address;
      if (pending) row.pending_key = ByteArray<32>{*pending};
      ASSERT_THAT(tx.peers().Save(row), IsOk());
    });
  }

  const ConversationId kConversation{ByteArray<16>{5}};
  std::unique_ptr<store::Reader> reader_;
};

TEST_F(ReadsTest, HistoryComesOldestFirstInPages) {
  Write([&](store::Transaction& tx) {
    store::ConversationRow row;
    row.id = kConversation;
    row.peer = "bob@example.org";
    ASSERT_THAT(tx.conversations().Save(row), IsOk());
    for (uint8_t i = 1; i <= 5; ++i) {
      const Bytes content{i};
      ASSERT_THAT(tx.messages().Insert(
                      {.name = {kConversation, "bob@example.org", MessageId(ByteArray<16>{i})},
                       .sender_device = DeviceId(1),
                       .sent_at = kNow,
                       .received_at = kNow,
                       .content = content}),
                  IsOk());
    }
  });
  const auto ids = [](const std::vector<HistoryMessage>& messages) {
    std::vector<int> firsts;
    for (const HistoryMessage& message : messages) firsts.push_back((*message.id)[0]);
    return firsts;
  };
  PAWL_ASSERT_OK_AND_ASSIGN(const auto latest, ReadHistory(*reader_, kConversation, 0, 2));
  EXPECT_THAT(ids(latest), ElementsAre(4, 5));
  EXPECT_FALSE(latest[0].outgoing);
  EXPECT_EQ(latest[0].state, client::MessageState::kReceived);
  PAWL_ASSERT_OK_AND_ASSIGN(const auto before,
                            ReadHistory(*reader_, kConversation, latest[0].position, 10));
  EXPECT_THAT(ids(before), ElementsAre(1, 2, 3));
  PAWL_ASSERT_OK_AND_ASSIGN(const auto conversations, ReadConversations(*reader_));
  ASSERT_EQ(conversations.size(), 1u);
  EXPECT_EQ(conversations[0].peer, "bob@example.org");
}

TEST_F(ReadsTest, ContactsAreThoseThereIsSomethingToSayAbout) {
  AddPeer("bob@example.org", store::ContactState::kAccepted, 1);
  AddPeer("carol@example.org", store::ContactState::kNone, 2);
  AddPeer("dave@example.org", store::ContactState::kBlocked, 3);
  AddPeer("eve@example.org", store::ContactState::kNone, 4, 9);
  PAWL_ASSERT_OK_AND_ASSIGN(const auto contacts, ReadContacts(*reader_));
  ASSERT_EQ(contacts.size(), 3u);
  EXPECT_EQ(contacts[0].address, "bob@example.org");
  EXPECT_EQ(contacts[0].name, "name of bob@example.org");
  EXPECT_EQ(contacts[0].state, client::ContactState::kAccepted);
  EXPECT_EQ(contacts[1].address, "dave@example.org");
  EXPECT_TRUE(contacts[2].identity_changed);
}

TEST_F(ReadsTest, TheKeyToCompareIsTheAcceptedOneAndNoneIsNotAKeyOfZeros) {
  AddPeer("bob@example.org", store::ContactState::kAccepted, 1);
  AddPeer("eve@example.org", store::ContactState::kAccepted, 2, 9);
  PAWL_ASSERT_OK_AND_ASSIGN(const auto bob, ReadAccountKey(*reader_, "bob@example.org"));
  EXPECT_EQ(bob[0], 1);
  PAWL_ASSERT_OK_AND_ASSIGN(const auto eve, ReadAccountKey(*reader_, "eve@example.org"));
  EXPECT_EQ(eve[0], 2) << "another one waits for the app's word";
  AddPeer("new@example.org", store::ContactState::kRequested, 0);
  EXPECT_THAT(ReadAccountKey(*reader_, "new@example.org"), HasCode(Code::kNotFound));
  EXPECT_THAT(ReadAccountKey(*reader_, "nobody@example.org"), HasCode(Code::kNotFound));
}

}  // namespace
}  // namespace pawl::runner
