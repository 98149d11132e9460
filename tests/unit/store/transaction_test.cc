#include "store/transaction.h"

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

}  // namespace
}  // namespace pawl::store
