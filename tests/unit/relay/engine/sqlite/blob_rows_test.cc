#include "relay/engine/sqlite/blob_rows.h"

#include "test_store.h"

namespace pawl::relay::engine::sqlite {
namespace {

using BlobRows = TestStore;

TEST_F(BlobRows, AnIdStartsAfreshWhateverACrashLeftInItsFile) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  const BlobId id({1});
  EXPECT_THAT(files_->Append(id, 0, Bytes(70, 9)), test::IsOk());
  EXPECT_EQ(Write<BlobBegun>(BeginBlob{mailbox, id, 100, kNow, kNow + Days(1)}).offset, 0u);
  EXPECT_EQ(files_->SizeOf(id), 0u);
}

TEST_F(BlobRows, TheFileGoesWithTheRow) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  const BlobId id({1});
  Write<BlobBegun>(BeginBlob{mailbox, id, 100, kNow, kNow + Days(1)});
  EXPECT_THAT(files_->Append(id, 0, Bytes(100, 9)), test::IsOk());
  Write<BlobDeleted>(DeleteBlob{mailbox, id});
  EXPECT_EQ(files_->SizeOf(id), 0u);
  EXPECT_EQ(Count("SELECT blob_bytes FROM account"), 0);
}

TEST_F(BlobRows, AReservationCountsBeforeAByteIsThere) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  Write<BlobBegun>(BeginBlob{mailbox, BlobId({1}), 12345, kNow, kNow + Days(1)});
  EXPECT_EQ(Count("SELECT blob_bytes FROM account"), 12345);
  Write<Expired>(Expire{kNow + Days(1), 10});
  EXPECT_EQ(Count("SELECT blob_bytes FROM account"), 0);
}

TEST_F(BlobRows, ASmallBlobFillsTheQuotaAsItFillsTheDisk) {
  quotas_.blob_bytes = 10 * kLeastBlobCharge;
  writes_ = std::make_unique<Writes>(*db_, *files_, quotas_);
  const MailboxRef mailbox = MakeAccount("bob@x");
  uint8_t begun = 0;
  while (begun < 100 &&
         Write<BlobBegun>(BeginBlob{mailbox, BlobId({begun}), 1, kNow, kNow + Days(1)}).code ==
             Code::kOk) {
    ++begun;
  }
  EXPECT_EQ(begun, 10);
  Write<BlobDeleted>(DeleteBlob{mailbox, BlobId({0})});
  EXPECT_EQ(Count("SELECT blob_bytes FROM account"), 9 * static_cast<int64_t>(kLeastBlobCharge));
}

TEST_F(BlobRows, OnlySoManyUploadsOfAnAccountAreOpen) {
  quotas_.open_uploads = 3;
  writes_ = std::make_unique<Writes>(*db_, *files_, quotas_);
  const MailboxRef mailbox = MakeAccount("bob@x");
  const MailboxRef eve = MakeAccount("eve@x");
  const auto begin = [&](MailboxRef who, uint8_t id) {
    return Write<BlobBegun>(BeginBlob{who, BlobId({id}), 10, kNow, kNow + Days(1)}).code;
  };
  for (uint8_t id = 1; id <= 3; ++id) EXPECT_EQ(begin(mailbox, id), Code::kOk);
  EXPECT_EQ(begin(mailbox, 4), Code::kRateLimited);
  EXPECT_EQ(begin(mailbox, 3), Code::kOk) << "an upload that goes on";
  EXPECT_EQ(begin(eve, 5), Code::kOk);
  EXPECT_THAT(files_->Append(BlobId({1}), 0, Bytes(10, 9)), test::IsOk());
  Write<BlobCommitted>(CommitBlob{mailbox, BlobId({1}), kNow + Days(30)});
  EXPECT_EQ(begin(mailbox, 4), Code::kOk);
}

TEST_F(BlobRows, ACommittedBlobLivesFromItsCommit) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  Write<BlobBegun>(BeginBlob{mailbox, BlobId({1}), 10, kNow, kNow + Days(1)});
  EXPECT_THAT(files_->Append(BlobId({1}), 0, Bytes(10, 9)), test::IsOk());
  Write<BlobCommitted>(CommitBlob{mailbox, BlobId({1}), kNow + Days(30)});
  Write<BlobCommitted>(CommitBlob{mailbox, BlobId({1}), kNow + Days(90)});  // a retry
  Write<Expired>(Expire{kNow + Days(29), 10});
  EXPECT_EQ(Count("SELECT count(*) FROM blob"), 1);
  Write<Expired>(Expire{kNow + Days(30), 10});
  EXPECT_EQ(Count("SELECT count(*) FROM blob"), 0);
}

}  // namespace
}  // namespace pawl::relay::engine::sqlite
