#include "client/attachment/chunk_log.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "crypto/init.h"
#include "support/matchers.h"
#include "support/seeded_rng.h"
#include "support/temp_dir.h"

namespace pawl::attachment {
namespace {

using test::HasCode;
using test::IsOk;

class ChunkLogTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_THAT(crypto::Init(), IsOk()); }

  ChunkLog::Record NewRecord() {
    ChunkLog::Record record;
    rng_.Fill(record.sealed_hash);
    rng_.Fill(record.content_mark);
    return record;
  }
  absl::StatusOr<ChunkLog> Open() { return ChunkLog::Open(path_, key_.Clone()); }
  void FlipByteAt(int64_t offset) {
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(offset);
    const int byte = file.get();
    file.seekp(offset);
    file.put(static_cast<char>(byte ^ 1));
  }

  test::SeededRng rng_{1};
  test::TempDir dir_;
  std::string path_ = dir_.File("log");
  crypto::BlobKey key_ = crypto::BlobKey::Random(rng_);
};

TEST_F(ChunkLogTest, RecordsSurviveTheProcess) {
  const ChunkLog::Record first = NewRecord(), second = NewRecord();
  {
    PAWL_ASSERT_OK_AND_ASSIGN(ChunkLog log, Open());
    EXPECT_EQ(log.count(), 0u);
    ASSERT_THAT(log.Append(first), IsOk());
    ASSERT_THAT(log.Append(second), IsOk());
  }
  PAWL_ASSERT_OK_AND_ASSIGN(ChunkLog log, Open());
  ASSERT_EQ(log.count(), 2u);
  PAWL_ASSERT_OK_AND_ASSIGN(const ChunkLog::Record read, log.Read(1));
  EXPECT_EQ(read.sealed_hash, second.sealed_hash);
  EXPECT_EQ(read.content_mark, second.content_mark);
}

TEST_F(ChunkLogTest, ATornOrDamagedRecordEndsIt) {
  {
    PAWL_ASSERT_OK_AND_ASSIGN(ChunkLog log, Open());
    for (int i = 0; i < 3; ++i) ASSERT_THAT(log.Append(NewRecord()), IsOk());
  }
  std::filesystem::resize_file(path_, 3 * ChunkLog::kRecordSize - 1);
  {
    PAWL_ASSERT_OK_AND_ASSIGN(ChunkLog log, Open());
    EXPECT_EQ(log.count(), 2u);
  }
  for (int64_t byte : {0, 40, 63}) {
    FlipByteAt(static_cast<int64_t>(ChunkLog::kRecordSize) + byte);
    PAWL_ASSERT_OK_AND_ASSIGN(ChunkLog log, Open());
    EXPECT_EQ(log.count(), 1u) << byte;
    FlipByteAt(static_cast<int64_t>(ChunkLog::kRecordSize) + byte);
  }
  PAWL_ASSERT_OK_AND_ASSIGN(ChunkLog whole, Open());
  EXPECT_EQ(whole.count(), 2u);
}

TEST_F(ChunkLogTest, AnotherBlobsLogIsNoLog) {
  {
    PAWL_ASSERT_OK_AND_ASSIGN(ChunkLog log, Open());
    ASSERT_THAT(log.Append(NewRecord()), IsOk());
  }
  PAWL_ASSERT_OK_AND_ASSIGN(ChunkLog other, ChunkLog::Open(path_, crypto::BlobKey::Random(rng_)));
  EXPECT_EQ(other.count(), 0u);
}

TEST_F(ChunkLogTest, GoesOnAfterTruncation) {
  PAWL_ASSERT_OK_AND_ASSIGN(ChunkLog log, Open());
  for (int i = 0; i < 3; ++i) ASSERT_THAT(log.Append(NewRecord()), IsOk());
  ASSERT_THAT(log.Truncate(1), IsOk());
  EXPECT_EQ(log.count(), 1u);
  EXPECT_THAT(log.Read(1), HasCode(Code::kIo));
  ASSERT_THAT(log.Append(NewRecord()), IsOk());
  PAWL_ASSERT_OK_AND_ASSIGN(ChunkLog again, Open());
  EXPECT_EQ(again.count(), 2u);
}

TEST_F(ChunkLogTest, GivesTheRootOfTheChunksThatWereSealed) {
  PAWL_ASSERT_OK_AND_ASSIGN(ChunkLog log, Open());
  crypto::BlobRoot direct, from_log;
  for (uint8_t i = 0; i < 5; ++i) {
    const Bytes sealed(100, i);
    direct.AddChunk(sealed);
    ASSERT_THAT(
        log.Append({.sealed_hash = crypto::Blake2b256({ByteView(sealed)}), .content_mark = {}}),
        IsOk());
  }
  ASSERT_THAT(log.AddTo(from_log, 5), IsOk());
  EXPECT_EQ(from_log.Finish(), direct.Finish());
}

TEST_F(ChunkLogTest, TheContentMarkBindsKeyIndexHashAndContent) {
  const crypto::Hash32 hash{1};
  const auto mark = ChunkLog::ContentMark(key_, 0, hash, AsBytes("x"));
  EXPECT_EQ(mark, ChunkLog::ContentMark(key_, 0, hash, AsBytes("x")));
  EXPECT_NE(mark, ChunkLog::ContentMark(key_, 1, hash, AsBytes("x")));
  EXPECT_NE(mark, ChunkLog::ContentMark(key_, 0, crypto::Hash32{2}, AsBytes("x")));
  EXPECT_NE(mark, ChunkLog::ContentMark(key_, 0, hash, AsBytes("y")));
  EXPECT_NE(mark, ChunkLog::ContentMark(crypto::BlobKey::Random(rng_), 0, hash, AsBytes("x")));
}

}  // namespace
}  // namespace pawl::attachment
