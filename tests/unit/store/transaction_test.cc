#include "store/transaction.h"

#include "support/counting_allocator.h"
#include "support/replace_operator_new.h"
#include "unit/store/test_store.h"

namespace pawl::store {
namespace {

class TransactionTest : public StoreTest {
 protected:
  void SetUp() override { store_ = Open(); }
  std::unique_ptr<Store> store_;
};

TEST_F(TransactionTest, ReadsItsOwnWritesAndLeavesNothingWithoutCommit) {
  {
    PAWL_ASSERT_OK_AND_ASSIGN(Transaction tx, store_->Begin());
    ASSERT_THAT(tx.values().PutInt("n", 1), IsOk());
    EXPECT_THAT(tx.values().GetInt("n"), IsOkAndHolds(1));
  }
  PAWL_ASSERT_OK_AND_ASSIGN(Transaction tx, store_->Begin());
  EXPECT_THAT(tx.values().GetInt("n"), IsOkAndHolds(std::nullopt));
  EXPECT_EQ(store_->generation(), Generation(1));
}

TEST_F(TransactionTest, OnlyOneAtATime) {
  PAWL_ASSERT_OK_AND_ASSIGN(Transaction tx, store_->Begin());
  EXPECT_THAT(store_->Begin(), HasCode(Code::kWrongState));
  EXPECT_THAT(store_->EraseTraces(), HasCode(Code::kWrongState));
  EXPECT_THAT(store_->Close(now_), HasCode(Code::kWrongState));
  ASSERT_THAT(tx.Commit(now_), IsOk());
  EXPECT_THAT(store_->Begin(), IsOk());
}

TEST_F(TransactionTest, IsOverAfterItsCommit) {
  PAWL_ASSERT_OK_AND_ASSIGN(Transaction tx, store_->Begin());
  ASSERT_THAT(tx.Commit(now_), IsOk());
  EXPECT_THAT(tx.Commit(now_), HasCode(Code::kWrongState));
}

TEST_F(TransactionTest, MovesWithItsObject) {
  PAWL_ASSERT_OK_AND_ASSIGN(Transaction first, store_->Begin());
  ASSERT_THAT(first.values().PutInt("n", 1), IsOk());
  Transaction second = std::move(first);
  ASSERT_THAT(second.Commit(now_), IsOk());
  EXPECT_EQ(store_->generation(), Generation(2));
}

TEST_F(TransactionTest, RefusedChangesDoNotSpoilTheRest) {
  PAWL_ASSERT_OK_AND_ASSIGN(Transaction tx, store_->Begin());
  ASSERT_THAT(tx.values().PutInt("n", 1), IsOk());
  EXPECT_THAT(tx.inbox().Ack(InboxSeq(5)), HasCode(Code::kInvalidArgument));
  EXPECT_THAT(tx.sessions().Update({SessionId(1), {}, true, now_}), HasCode(Code::kNotFound));
  ASSERT_THAT(tx.Commit(now_), IsOk());
  PAWL_ASSERT_OK_AND_ASSIGN(Transaction after, store_->Begin());
  EXPECT_THAT(after.values().GetInt("n"), IsOkAndHolds(1));
}

// What is bound lies where it is, and statements are kept: a message costs no memory of ours.
TEST_F(TransactionTest, WritingAMessageAllocatesNothing) {
  PAWL_ASSERT_OK_AND_ASSIGN(Transaction tx, store_->Begin());
  PAWL_ASSERT_OK_AND_ASSIGN(const SessionId session, tx.sessions().Insert({}));
  const Bytes frame(32'768, 'f');
  const Bytes content(1'024, 'c');
  const auto write = [&](uint8_t n) -> absl::Status {
    PAWL_TRY(tx.sessions().Update({session, content, true, now_}));
    NewMessage message;
    message.name = {IdOf<ConversationId>(1), "a@x", IdOf<MessageId>(n)};
    message.content = content;
    PAWL_TRY(tx.messages().Insert(message).status());
    NewOutbox envelope;
    envelope.address = "b@x";
    envelope.envelope = IdOf<EnvelopeId>(n);
    envelope.frame = frame;
    PAWL_TRY(tx.outbox().Add(envelope).status());
    PAWL_TRY(tx.inbox().Append({}).status());
    return tx.dedupe().Add(IdOf<EnvelopeId>(n), HashOf(n), now_).status();
  };
  ASSERT_THAT(write(0), IsOk());
  const test::AllocationCounter counter;
  for (uint8_t n = 1; n < 100; ++n) {
    if (const absl::Status status = write(n); !status.ok()) FAIL() << MessageOf(status);
  }
  EXPECT_EQ(counter.count(), 0u);
}

}  // namespace
}  // namespace pawl::store
