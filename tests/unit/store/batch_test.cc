#include "store/batch.h"

#include "support/file_faults.h"
#include "unit/store/test_store.h"

namespace pawl::store {
namespace {

class BatchTest : public StoreTest {
 protected:
  void SetUp() override {
    PAWL_ASSERT_OK_AND_ASSIGN(vfs_, db::ShimVfs::Register("batch_test", &disk_));
    db::OpenOptions options;
    options.path = temp_.File("a.db");
    options.access = db::Access::kCreate;
    options.vfs = vfs_->name();
    PAWL_ASSERT_OK_AND_ASSIGN(db_, db::Connection::Open(options, db::Key::From(HashOf(1))));
    ASSERT_THAT(db_->Execute("CREATE TABLE t (n INTEGER PRIMARY KEY)"), IsOk());
    batch_.emplace(db_.get());
  }
  absl::Status Insert(int64_t n) {
    PAWL_ASSIGN(db::Statement change, batch_->Prepare("INSERT INTO t VALUES (?)"));
    change.Bind(1, n);
    return batch_->Change(change).status();
  }

  test::SwitchableDisk disk_;
  std::unique_ptr<db::ShimVfs> vfs_;
  std::unique_ptr<db::Connection> db_;
  std::optional<Batch> batch_;
};

TEST_F(BatchTest, KnowsWhetherAnythingChanged) {
  EXPECT_FALSE(batch_->changed());
  {
    PAWL_ASSERT_OK_AND_ASSIGN(db::Statement change, batch_->Prepare("DELETE FROM t"));
    EXPECT_THAT(batch_->Change(change), IsOkAndHolds(0));
    EXPECT_FALSE(batch_->changed());
    EXPECT_THAT(batch_->ChangeOr(change, Code::kNotFound, "x"), HasCode(Code::kNotFound));
  }
  ASSERT_THAT(Insert(1), IsOk());
  EXPECT_TRUE(batch_->changed());
  batch_->Start();
  EXPECT_FALSE(batch_->changed());
}

TEST_F(BatchTest, WhatBefellOneConnectionIsOverWithTheNext) {
  disk_.Set(db::FileVerdict::kDiskFull);
  EXPECT_THAT(Insert(1), HasCode(Code::kDiskFull));
  disk_.Set(db::FileVerdict::kProceed);
  batch_->Attach(db_.get());
  EXPECT_THAT(batch_->failure(), IsOk());
  EXPECT_THAT(Insert(2), IsOk());
}

TEST_F(BatchTest, OrdinaryErrorsDoNotEndATransaction) {
  ASSERT_THAT(Insert(1), IsOk());
  EXPECT_THAT(Insert(1), HasCode(Code::kStorage));
  EXPECT_THAT(batch_->failure(), IsOk());
}

TEST_F(BatchTest, RemembersTheFirstErrorOfTheDiskUntilTheNextTransaction) {
  disk_.Set(db::FileVerdict::kDiskFull);
  EXPECT_THAT(Insert(1), HasCode(Code::kDiskFull));
  disk_.Set(db::FileVerdict::kProceed);
  EXPECT_THAT(Insert(2), HasCode(Code::kDiskFull)) << "it would be a transaction of its own";
  EXPECT_THAT(batch_->failure(), HasCode(Code::kDiskFull));
  EXPECT_THAT(batch_->Note(Fail(Code::kCorrupt, "later")), HasCode(Code::kCorrupt));
  EXPECT_THAT(batch_->failure(), HasCode(Code::kDiskFull));
  batch_->Start();
  EXPECT_THAT(batch_->failure(), IsOk());
  EXPECT_THAT(Insert(2), IsOk());
}

}  // namespace
}  // namespace pawl::store
