#include "relay/engine/sqlite/blob_io.h"

#include "test_store.h"

namespace pawl::relay::engine::sqlite {
namespace {

using BlobIo = TestStore;

TEST_F(BlobIo, AFileShorterThanItsRowIsCorruptNotShort) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  const BlobId id({1});
  Write<BlobBegun>(BeginBlob{mailbox, id, 100, kNow, kNow + Days(1)});
  EXPECT_THAT(Do(*db_, *files_, AppendBlob{mailbox, id, 0, Bytes(100, 1)}), test::IsOk());
  EXPECT_THAT(Sync(*db_, *files_, CommitBlob{mailbox, id}), test::IsOk());
  Write<BlobCommitted>(CommitBlob{mailbox, id});
  std::filesystem::resize_file(folder_.File("blobs/01/01" + std::string(62, '0')), 50);
  PAWL_ASSERT_OK_AND_ASSIGN(const BlobRead read, Do(*db_, *files_, ReadBlob{id, 0, 100, kNow}));
  EXPECT_EQ(read.code, Code::kCorrupt);
}

TEST_F(BlobIo, ACommittedBlobTakesNoMore) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  const BlobId id({1});
  Write<BlobBegun>(BeginBlob{mailbox, id, 100, kNow, kNow + Days(1)});
  Do(*db_, *files_, AppendBlob{mailbox, id, 0, Bytes(100, 1)}).IgnoreError();
  Write<BlobCommitted>(CommitBlob{mailbox, id});
  PAWL_ASSERT_OK_AND_ASSIGN(const BlobAppended more,
                            Do(*db_, *files_, AppendBlob{mailbox, id, 100, Bytes(1, 1)}));
  EXPECT_EQ(more.code, Code::kWrongState);
  PAWL_ASSERT_OK_AND_ASSIGN(const BlobAppended again,
                            Do(*db_, *files_, AppendBlob{mailbox, id, 50, Bytes(50, 9)}));
  EXPECT_EQ(again.code, Code::kOk) << "a chunk sent again";
  EXPECT_THAT(files_->Read(id, 50, 1), test::IsOkAndHolds(Bytes(1, 1))) << "changes nothing";
}

}  // namespace
}  // namespace pawl::relay::engine::sqlite
