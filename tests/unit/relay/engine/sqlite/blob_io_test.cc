#include "relay/engine/sqlite/blob_io.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

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

TEST_F(BlobIo, WhatCouldNotBeSyncedIsSentAgainFromTheBeginning) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  const BlobId id({1});
  const BeginBlob begin{mailbox, id, 100, kNow, kNow + Days(1)};
  Write<BlobBegun>(begin);
  EXPECT_THAT(Do(*db_, *files_, AppendBlob{mailbox, id, 0, Bytes(100, 1)}), test::IsOk());
  {
    // Room for the file's descriptor and not for its folder's.
    const int free_one = open("/dev/null", O_RDONLY | O_CLOEXEC);
    close(free_one);
    rlimit before{};
    getrlimit(RLIMIT_NOFILE, &before);
    rlimit tight = before;
    tight.rlim_cur = static_cast<rlim_t>(free_one) + 1;
    setrlimit(RLIMIT_NOFILE, &tight);
    const auto synced = Sync(*db_, *files_, CommitBlob{mailbox, id, kNow + Days(1)});
    setrlimit(RLIMIT_NOFILE, &before);
    EXPECT_FALSE(synced.ok());
  }
  EXPECT_EQ(Write<BlobBegun>(begin).offset, 0u);
  PAWL_ASSERT_OK_AND_ASSIGN(const BlobCommitted again,
                            Sync(*db_, *files_, CommitBlob{mailbox, id, kNow + Days(1)}));
  EXPECT_EQ(again.code, Code::kWrongState) << "its bytes are not there";
}

}  // namespace
}  // namespace pawl::relay::engine::sqlite
