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

}  // namespace
}  // namespace pawl::relay::engine::sqlite
