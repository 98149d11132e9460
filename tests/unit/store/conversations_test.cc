#include "store/conversations.h"

#include "unit/store/test_store.h"

namespace pawl::store {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

ConversationRow ConversationOf(uint8_t n, int64_t activity) {
  ConversationRow row;
  row.id = IdOf<ConversationId>(n);
  row.peer = "b@x";
  row.created_at = Timestamp{1};
  row.last_activity_at = Timestamp{activity};
  row.unread = 2;
  row.expires_in_s = 3;
  return row;
}

class ConversationsTest : public GatewayTest {};

TEST_F(ConversationsTest, EveryFieldComesBackAfterReopening) {
  ASSERT_THAT(tx_->conversations().Save(ConversationOf(1, 10)), IsOk());
  Reopen();
  PAWL_ASSERT_OK_AND_ASSIGN(const auto row, tx_->conversations().Find(IdOf<ConversationId>(1)));
  ASSERT_TRUE(row.has_value());
  EXPECT_EQ(row->id, IdOf<ConversationId>(1));
  EXPECT_EQ(row->peer, "b@x");
  EXPECT_EQ(row->created_at, Timestamp{1});
  EXPECT_EQ(row->last_activity_at, Timestamp{10});
  EXPECT_EQ(row->unread, 2u);
  EXPECT_EQ(row->expires_in_s, 3u);
  EXPECT_FALSE(tx_->conversations().Find(IdOf<ConversationId>(2))->has_value());
}

TEST_F(ConversationsTest, ActivityNeverGoesBackAndUnreadNeverWraps) {
  const auto id = IdOf<ConversationId>(1);
  ASSERT_THAT(tx_->conversations().Save(ConversationOf(1, 10)), IsOk());
  ASSERT_THAT(tx_->conversations().Touch(id, Timestamp{5}, 1), IsOk());
  EXPECT_EQ((*tx_->conversations().Find(id))->last_activity_at, Timestamp{10});
  EXPECT_EQ((*tx_->conversations().Find(id))->unread, 3u);
  ASSERT_THAT(tx_->conversations().Touch(id, Timestamp{15}, UINT32_MAX), IsOk());
  EXPECT_EQ((*tx_->conversations().Find(id))->last_activity_at, Timestamp{15});
  EXPECT_EQ((*tx_->conversations().Find(id))->unread, UINT32_MAX);
  ASSERT_THAT(tx_->conversations().SetUnread(id, 0), IsOk());
  EXPECT_EQ((*tx_->conversations().Find(id))->unread, 0u);
  const auto other = IdOf<ConversationId>(2);
  EXPECT_THAT(tx_->conversations().Touch(other, now_, 1), HasCode(Code::kNotFound));
  EXPECT_THAT(tx_->conversations().SetUnread(other, 1), HasCode(Code::kNotFound));
}

TEST_F(ConversationsTest, AreListedByActivityInPagesWithoutGapsOrRepeats) {
  // Four share one time: the id decides.
  for (const auto& [n, activity] :
       {std::pair<uint8_t, int64_t>{1, 10}, {2, 30}, {3, 30}, {4, 30}, {5, 30}, {6, 20}}) {
    ASSERT_THAT(tx_->conversations().Save(ConversationOf(n, activity)), IsOk());
  }
  std::vector<uint8_t> order;
  std::optional<ConversationRow> last;
  while (true) {
    PAWL_ASSERT_OK_AND_ASSIGN(const auto page,
                              tx_->conversations().List(last ? &*last : nullptr, 2));
    if (page.empty()) break;
    for (const auto& row : page) order.push_back(row.id.value()[0]);
    last = page.back();
  }
  EXPECT_THAT(order, ::testing::ElementsAre(5, 4, 3, 2, 6, 1));
}

TEST_F(ConversationsTest, ErasingTakesItsMessagesAlone) {
  for (const uint8_t n : {uint8_t{1}, uint8_t{2}}) {
    ASSERT_THAT(tx_->conversations().Save(ConversationOf(n, 10)), IsOk());
    NewMessage message;
    message.name = {IdOf<ConversationId>(n), "b@x", IdOf<MessageId>(1)};
    ASSERT_THAT(tx_->messages().Insert(message), IsOk());
  }
  ASSERT_THAT(tx_->conversations().Erase(IdOf<ConversationId>(1)), IsOk());
  EXPECT_FALSE(tx_->conversations().Find(IdOf<ConversationId>(1))->has_value());
  EXPECT_THAT(tx_->messages().History(IdOf<ConversationId>(1), std::nullopt, 9),
              IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(tx_->messages().History(IdOf<ConversationId>(2), std::nullopt, 9),
              IsOkAndHolds(SizeIs(1)));
}

}  // namespace
}  // namespace pawl::store
