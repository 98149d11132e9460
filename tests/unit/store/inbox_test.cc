#include "store/inbox.h"

#include "unit/store/test_store.h"

namespace pawl::store {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class InboxTest : public GatewayTest {
 protected:
  InboxSeq Append(uint16_t kind = 2) {
    NewEvent event;
    event.kind = kind;
    event.conversation = IdOf<ConversationId>(1);
    event.message = IdOf<MessageId>(2);
    event.peer = "b@x";
    event.device = DeviceId(3);
    event.code = Code::kBlocked;
    event.extra = AsBytes("extra");
    event.at = Timestamp{4};
    const auto seq = tx_->inbox().Append(event);
    EXPECT_THAT(seq, IsOk());
    return seq.value_or(InboxSeq());
  }
};

TEST_F(InboxTest, EveryFieldComesBackAfterReopening) {
  const InboxSeq seq = Append(9);
  Reopen();
  PAWL_ASSERT_OK_AND_ASSIGN(const auto rows, tx_->inbox().Read(InboxSeq(0), 9));
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_EQ(rows[0].seq, seq);
  EXPECT_EQ(rows[0].kind, 9);
  EXPECT_EQ(rows[0].conversation, IdOf<ConversationId>(1));
  EXPECT_EQ(rows[0].message, IdOf<MessageId>(2));
  EXPECT_EQ(rows[0].peer, "b@x");
  EXPECT_EQ(rows[0].device, DeviceId(3));
  EXPECT_EQ(rows[0].code, Code::kBlocked);
  EXPECT_EQ(TextOf(rows[0].extra), "extra");
  EXPECT_EQ(rows[0].at, Timestamp{4});
}

TEST_F(InboxTest, IsHandedOutInOrderAndAgainUntilAcknowledged) {
  for (int n = 0; n < 5; ++n) Append();
  PAWL_ASSERT_OK_AND_ASSIGN(auto rows, tx_->inbox().Read(InboxSeq(2), 2));
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_EQ(rows[0].seq, InboxSeq(3));
  EXPECT_EQ(rows[1].seq, InboxSeq(4));
  ASSERT_THAT(tx_->inbox().Ack(InboxSeq(3)), IsOk());
  Reopen();
  PAWL_ASSERT_OK_AND_ASSIGN(rows, tx_->inbox().Read(InboxSeq(0), 9));
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_EQ(rows[0].seq, InboxSeq(4));
}

TEST_F(InboxTest, AcknowledgingTwiceIsFine) {
  for (int n = 0; n < 3; ++n) Append();
  ASSERT_THAT(tx_->inbox().Ack(InboxSeq(2)), IsOk());
  ASSERT_THAT(tx_->inbox().Ack(InboxSeq(2)), IsOk());
  ASSERT_THAT(tx_->inbox().Ack(InboxSeq(1)), IsOk());
  EXPECT_THAT(tx_->inbox().Count(), IsOkAndHolds(1u));
}

TEST_F(InboxTest, WhatWasNeverGivenOutCannotBeAcknowledged) {
  EXPECT_THAT(tx_->inbox().Ack(InboxSeq(1)), HasCode(Code::kInvalidArgument));
  EXPECT_THAT(tx_->inbox().Ack(InboxSeq(0)), IsOk());
  Append();
  EXPECT_THAT(tx_->inbox().Ack(InboxSeq(2)), HasCode(Code::kInvalidArgument));
  EXPECT_THAT(tx_->inbox().Ack(InboxSeq(UINT64_MAX)), HasCode(Code::kInvalidArgument));
  EXPECT_THAT(tx_->inbox().Count(), IsOkAndHolds(1u));
}

TEST_F(InboxTest, NumbersAreNeverReused) {
  for (int n = 0; n < 3; ++n) Append();
  ASSERT_THAT(tx_->inbox().Ack(InboxSeq(3)), IsOk());
  EXPECT_THAT(tx_->inbox().Count(), IsOkAndHolds(0u));
  Reopen();
  EXPECT_THAT(tx_->inbox().Last(), IsOkAndHolds(InboxSeq(3)));
  EXPECT_EQ(Append(), InboxSeq(4));
}

// A number that a rolled back transaction drew was never seen by anybody.
TEST_F(InboxTest, NumbersOfARolledBackTransactionAreNotSpent) {
  Append();
  ASSERT_THAT(tx_->Commit(now_), IsOk());
  tx_.reset();
  Begin();
  EXPECT_EQ(Append(), InboxSeq(2));
  tx_.reset();
  Begin();
  EXPECT_THAT(tx_->inbox().Last(), IsOkAndHolds(InboxSeq(1)));
  EXPECT_EQ(Append(), InboxSeq(2));
}

}  // namespace
}  // namespace pawl::store
