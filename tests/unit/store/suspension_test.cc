#include <gmock/gmock.h>

#include <filesystem>

#include "support/file_faults.h"
#include "support/held_locks.h"
#include "unit/store/test_store.h"

namespace pawl::store {
namespace {

using test::HeldLocks;
using ::testing::Contains;
using ::testing::IsEmpty;

constexpr Literal kValue("test.value");

class Suspension : public StoreTest {
 protected:
  void SetUp() override {
    store_ = Open();
    ASSERT_NE(store_, nullptr);
    Write(*store_, 1);
  }
  void Write(Store& store, int64_t value) {
    PAWL_ASSERT_OK_AND_ASSIGN(Transaction tx, store.Begin());
    ASSERT_THAT(tx.values().PutInt(kValue, value), IsOk());
    ASSERT_THAT(tx.Commit(now_), IsOk());
  }
  int64_t Read(Store& store) {
    auto tx = store.Begin();
    if (!tx.ok()) return -1;
    return tx->values().GetInt(kValue).value_or(std::nullopt).value_or(-1);
  }
  std::unique_ptr<Store> store_;
};

TEST_F(Suspension, NoLockIsHeldAndNothingWorksUntilResumed) {
  EXPECT_THAT(HeldLocks(StoreDir()), Contains("FLOCK WRITE lock"));
  EXPECT_THAT(HeldLocks(StoreDir()), Contains("POSIX READ pawl.db"))
      << "SQLite's own: the reason why closing the connection is part of it";
  ASSERT_THAT(store_->Suspend(now_), IsOk());
  EXPECT_THAT(HeldLocks(StoreDir()), IsEmpty());
  EXPECT_THAT(store_->Begin(), HasCode(Code::kWrongState));
  EXPECT_THAT(store_->OpenReader(), HasCode(Code::kWrongState));
  EXPECT_THAT(store_->EraseTraces(), HasCode(Code::kWrongState));
  EXPECT_THAT(store_->Suspend(now_), HasCode(Code::kWrongState));
  EXPECT_THAT(store_->Resume(now_, rng_), IsOkAndHolds(false));
  EXPECT_THAT(store_->Resume(now_, rng_), HasCode(Code::kWrongState))
      << "it is not suspended any more";
  EXPECT_EQ(Read(*store_), 1);
  Write(*store_, 2);
  EXPECT_EQ(Read(*store_), 2);
}

TEST_F(Suspension, AnotherWriterTakesOverAndIsNoticed) {
  ASSERT_THAT(store_->Suspend(now_), IsOk());
  auto other = Open();
  ASSERT_NE(other, nullptr);
  EXPECT_THAT(store_->Resume(now_, rng_), HasCode(Code::kStoreLocked));
  Write(*other, 7);
  const Generation reached = other->generation();
  other.reset();
  EXPECT_THAT(store_->Resume(now_, rng_), IsOkAndHolds(true));
  EXPECT_EQ(store_->generation(), reached);
  EXPECT_EQ(store_->opened_state(), OpenedState::kCurrent);
  EXPECT_EQ(Read(*store_), 7);
}

TEST_F(Suspension, AnotherWriterThatChangedNothingIsNone) {
  ASSERT_THAT(store_->Suspend(now_), IsOk());
  ASSERT_NE(Open(), nullptr);
  EXPECT_THAT(store_->Resume(now_, rng_), IsOkAndHolds(false));
}

TEST_F(Suspension, AnOlderCopyPutInPlaceIsDiverged) {
  ASSERT_THAT(store_->Close(now_), IsOk());
  std::filesystem::copy(StoreDir(), temp_.File("copy"));
  store_ = Open();
  Write(*store_, 2);
  ASSERT_THAT(store_->Suspend(now_), IsOk());
  std::filesystem::remove_all(StoreDir());
  std::filesystem::copy(temp_.File("copy"), StoreDir());
  EXPECT_THAT(store_->Resume(now_, rng_), IsOkAndHolds(true));
  EXPECT_EQ(store_->opened_state(), OpenedState::kDiverged);
  EXPECT_EQ(Read(*store_), 1);
}

TEST_F(Suspension, AfterAFullDiskItIsResumed) {
  test::SwitchableDisk disk;
  PAWL_ASSERT_OK_AND_ASSIGN(const auto vfs, db::ShimVfs::Register("suspension_test", &disk));
  ASSERT_THAT(store_->Close(now_), IsOk());
  OpenOptions options = Options();
  options.vfs = vfs->name();
  PAWL_ASSERT_OK_AND_ASSIGN(store_, TryOpen(std::move(options)));
  disk.Set(db::FileVerdict::kDiskFull);
  {
    PAWL_ASSERT_OK_AND_ASSIGN(Transaction tx, store_->Begin());
    absl::Status status = tx.values().Put(kValue, Bytes(10'000, 7));
    if (status.ok()) status = tx.Commit(now_);
    EXPECT_THAT(status, HasCode(Code::kDiskFull));
  }
  ASSERT_THAT(store_->Suspend(now_), IsOk());
  disk.Set(db::FileVerdict::kProceed);
  EXPECT_THAT(store_->Resume(now_, rng_), IsOkAndHolds(false));
  Write(*store_, 3);
  EXPECT_EQ(Read(*store_), 3);
  store_.reset();  // before its disk
}

TEST_F(Suspension, EachTimeIsAnOpeningOfItsOwnInTheLineage) {
  const auto before = store_->MakeNote(rng_);
  ASSERT_TRUE(before);
  ASSERT_THAT(store_->Suspend(now_), IsOk());
  {
    auto other = Open();
    ASSERT_NE(other, nullptr);
    Write(*other, 7);
  }
  ASSERT_THAT(store_->Resume(now_, rng_), IsOkAndHolds(true));
  EXPECT_EQ(store_->MakeNote(rng_), std::nullopt) << "it has committed nothing yet";
  EXPECT_EQ(store_->JudgeNote(*before), NoteVerdict::kOurs);
  Write(*store_, 8);
  const auto after = store_->MakeNote(rng_);
  ASSERT_TRUE(after);
  EXPECT_EQ(store_->JudgeNote(*after), NoteVerdict::kOurs);
}

TEST_F(Suspension, AHostsAnchorCountsTheSameWay) {
  store_.reset();
  OpenOptions options = Options();
  options.anchor = HostAnchor{Generation(1)};
  PAWL_ASSERT_OK_AND_ASSIGN(store_, TryOpen(std::move(options)));
  ASSERT_THAT(store_->Close(now_), IsOk());
  std::filesystem::copy(StoreDir(), temp_.File("copy"));
  options = Options();
  options.anchor = HostAnchor{Generation(1)};
  PAWL_ASSERT_OK_AND_ASSIGN(store_, TryOpen(std::move(options)));
  Write(*store_, 2);
  ASSERT_THAT(store_->Suspend(now_), IsOk());
  std::filesystem::remove_all(StoreDir());
  std::filesystem::copy(temp_.File("copy"), StoreDir());
  EXPECT_THAT(store_->Resume(now_, rng_), IsOkAndHolds(true));
  EXPECT_EQ(store_->opened_state(), OpenedState::kDiverged);
}

TEST_F(Suspension, ANewKeyMeansOpeningAnew) {
  ASSERT_THAT(store_->Suspend(now_), IsOk());
  auto other = Open();
  ASSERT_NE(other, nullptr);
  ASSERT_THAT(other->Reencrypt(HostKeyOf(7), rng_), IsOk());
  other.reset();
  EXPECT_THAT(store_->Resume(now_, rng_), HasCode(Code::kWrongKey));
  EXPECT_THAT(HeldLocks(StoreDir()), IsEmpty()) << "it stays suspended";
  EXPECT_THAT(store_->Begin(), HasCode(Code::kWrongState));
  EXPECT_NE(Open(), nullptr);
}

TEST_F(Suspension, IsRefusedWhileSomethingIsOpen) {
  {
    PAWL_ASSERT_OK_AND_ASSIGN(Transaction tx, store_->Begin());
    EXPECT_THAT(store_->Suspend(now_), HasCode(Code::kWrongState));
  }
  {
    PAWL_ASSERT_OK_AND_ASSIGN(const auto reader, store_->OpenReader());
    EXPECT_THAT(store_->Suspend(now_), HasCode(Code::kWrongState));
  }
  EXPECT_THAT(store_->Suspend(now_), IsOk());
}

TEST_F(Suspension, ClosesWithoutBeingResumed) {
  ASSERT_THAT(store_->Suspend(now_), IsOk());
  EXPECT_THAT(store_->Close(now_), IsOk());
  EXPECT_THAT(store_->Begin(), HasCode(Code::kClosed));
  EXPECT_THAT(store_->Resume(now_, rng_), HasCode(Code::kWrongState));
  store_ = Open();
  EXPECT_EQ(Read(*store_), 1);
}

TEST_F(Suspension, AStoreThatIsGoneIsNotMadeAnew) {
  ASSERT_THAT(store_->Suspend(now_), IsOk());
  std::filesystem::remove(StoreDir() + "/pawl.db");
  std::filesystem::remove(StoreDir() + "/key.wrap");
  EXPECT_THAT(store_->Resume(now_, rng_), HasCode(Code::kNotFound));
  EXPECT_FALSE(std::filesystem::exists(StoreDir() + "/pawl.db"));
}

}  // namespace
}  // namespace pawl::store
