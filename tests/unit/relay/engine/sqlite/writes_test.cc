#include "relay/engine/sqlite/writes.h"

#include "db/vfs.h"
#include "support/file_faults.h"
#include "test_store.h"

namespace pawl::relay::engine::sqlite {
namespace {

class FaultyStore : public TestStore {
 protected:
  void Open() override {
    auto vfs = db::ShimVfs::Register("relay-faults", &disk_);
    ASSERT_THAT(vfs, test::IsOk());
    vfs_ = *std::move(vfs);
    location_.vfs = "relay-faults";
    TestStore::Open();
  }
  void TearDown() override {
    writes_.reset();
    db_.reset();
    vfs_.reset();
  }

  test::SwitchableDisk disk_;
  std::unique_ptr<db::ShimVfs> vfs_;
};

TEST_F(FaultyStore, AFullDiskIsATypedErrorNothingIsLostAndItGoesOnWithRoom) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  Write<Appended>(Mail("bob@x", 1));
  disk_.Set(db::FileVerdict::kDiskFull);
  EXPECT_EQ(Write<Appended>(Mail("bob@x", 2)).code, Code::kDiskFull);
  EXPECT_EQ(Write<Acknowledged>(Acknowledge{mailbox, {MailboxCursor(1)}, kNow}).code,
            Code::kDiskFull);
  disk_.Set(db::FileVerdict::kProceed);
  EXPECT_EQ(Count("SELECT count(*) FROM envelope"), 1);
  EXPECT_EQ(Write<Appended>(Mail("bob@x", 2)).code, Code::kOk);
  EXPECT_EQ(Count("SELECT n_messages FROM mailbox"), 2);
}

TEST_F(FaultyStore, EveryOperationOfAFailedBatchHearsOfIt) {
  MakeAccount("bob@x");
  std::vector<Request> batch;
  for (uint8_t i = 1; i <= 5; ++i) batch.push_back({OpId(i), Mail("bob@x", i)});
  disk_.Set(db::FileVerdict::kIoError);
  const Completions completions = writes_->Execute(batch);
  disk_.Set(db::FileVerdict::kProceed);
  ASSERT_EQ(completions.done.size(), 5u);
  for (const Completion& done : completions.done) EXPECT_EQ(CodeOf(done.result), Code::kIo);
  EXPECT_TRUE(completions.woken.empty());
}

using WritesTest = TestStore;

TEST_F(WritesTest, AMailboxIsWokenOncePerBatch) {
  const MailboxRef bob = MakeAccount("bob@x");
  const MailboxRef eve = MakeAccount("eve@x");
  std::vector<Request> batch;
  for (uint8_t i = 1; i <= 5; ++i) {
    batch.push_back({OpId(2 * i), Mail("bob@x", i)});
    batch.push_back({OpId(2 * i + 1), Mail("eve@x", i)});
  }
  EXPECT_EQ(writes_->Execute(batch).woken, (std::vector<MailboxRef>{bob, eve}));
  EXPECT_TRUE(writes_->Execute(batch).woken.empty()) << "all duplicates";
}

}  // namespace
}  // namespace pawl::relay::engine::sqlite
