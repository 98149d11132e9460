#include "store/pending.h"

#include "unit/store/test_store.h"

namespace pawl::store {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class PendingTest : public GatewayTest {
 protected:
  NewPending ContentFor(std::string_view address, uint32_t device) {
    NewPending row;
    row.message = IdOf<MessageId>(1);
    row.conversation = IdOf<ConversationId>(2);
    row.address = address;
    row.device = DeviceId(device);
    row.content = AsBytes("content");
    row.cls = OutboxClass::kControl;
    row.reason = PendingReason::kNeedsBundle;
    row.created_at = Timestamp{3};
    row.not_before = Timestamp{4};
    row.expires_at = Timestamp{5};
    return row;
  }
  PendingId Add(const NewPending& row) {
    const auto id = tx_->pending().Add(row);
    EXPECT_THAT(id, IsOk());
    return id.value_or(PendingId());
  }
};

TEST_F(PendingTest, EveryFieldComesBackAfterReopening) {
  const PendingId id = Add(ContentFor("b@x", 6));
  Reopen();
  PAWL_ASSERT_OK_AND_ASSIGN(const auto rows, tx_->pending().LoadMessage(IdOf<MessageId>(1)));
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_EQ(rows[0].id, id);
  EXPECT_EQ(rows[0].message, IdOf<MessageId>(1));
  EXPECT_EQ(rows[0].conversation, IdOf<ConversationId>(2));
  EXPECT_EQ(rows[0].address, "b@x");
  EXPECT_EQ(rows[0].device, DeviceId(6));
  EXPECT_EQ(TextOf(rows[0].content), "content");
  EXPECT_EQ(rows[0].cls, OutboxClass::kControl);
  EXPECT_EQ(rows[0].reason, PendingReason::kNeedsBundle);
  EXPECT_EQ(rows[0].attempts, 0u);
  EXPECT_EQ(rows[0].created_at, Timestamp{3});
  EXPECT_EQ(rows[0].not_before, Timestamp{4});
  EXPECT_EQ(rows[0].expires_at, Timestamp{5});
}

TEST_F(PendingTest, DeviceZeroFindsEveryDevice) {
  Add(ContentFor("b@x", 0));
  Add(ContentFor("b@x", 1));
  Add(ContentFor("b@x", 2));
  Add(ContentFor("c@x", 1));
  EXPECT_THAT(tx_->pending().LoadFor("b@x", DeviceId(0), 9), IsOkAndHolds(SizeIs(3)));
  EXPECT_THAT(tx_->pending().LoadFor("b@x", DeviceId(1), 9), IsOkAndHolds(SizeIs(1)));
  EXPECT_THAT(tx_->pending().LoadFor("b@x", DeviceId(0), 2), IsOkAndHolds(SizeIs(2)));
}

TEST_F(PendingTest, WaitingForAnEventIsNeverDue) {
  EXPECT_THAT(tx_->pending().NextDue(), IsOkAndHolds(kNever));
  const PendingId id = Add(ContentFor("b@x", 1));
  EXPECT_THAT(tx_->pending().Due(Timestamp{3}, PendingId(), 9), IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(tx_->pending().Due(Timestamp{4}, PendingId(), 9), IsOkAndHolds(SizeIs(1)));
  EXPECT_THAT(tx_->pending().Due(Timestamp{4}, id, 9), IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(tx_->pending().NextDue(), IsOkAndHolds(Timestamp{4}));
  ASSERT_THAT(tx_->pending().Retry(id, PendingReason::kNeedsAcceptance, kNever), IsOk());
  EXPECT_THAT(tx_->pending().NextDue(), IsOkAndHolds(kNever));
  EXPECT_THAT(tx_->pending().Due(Timestamp{INT64_MAX - 1}, PendingId(), 9),
              IsOkAndHolds(IsEmpty()));
  PAWL_ASSERT_OK_AND_ASSIGN(const auto rows, tx_->pending().LoadMessage(IdOf<MessageId>(1)));
  EXPECT_EQ(rows[0].attempts, 1u);
  EXPECT_EQ(rows[0].reason, PendingReason::kNeedsAcceptance);
  EXPECT_EQ(rows[0].not_before, kNever);
}

TEST_F(PendingTest, ExpiredOnesAreFoundAndErased) {
  const PendingId id = Add(ContentFor("b@x", 1));
  EXPECT_THAT(tx_->pending().Expired(Timestamp{4}, 9), IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(tx_->pending().Expired(Timestamp{5}, 9), IsOkAndHolds(SizeIs(1)));
  ASSERT_THAT(tx_->pending().Erase(id), IsOk());
  EXPECT_THAT(tx_->pending().Expired(Timestamp{5}, 9), IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(tx_->pending().Retry(id, PendingReason::kNeedsBundle, now_),
              HasCode(Code::kNotFound));
}

}  // namespace
}  // namespace pawl::store
