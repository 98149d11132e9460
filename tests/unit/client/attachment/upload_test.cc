#include "client/attachment/upload.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "crypto/init.h"
#include "support/matchers.h"
#include "support/seeded_rng.h"
#include "support/temp_dir.h"

namespace pawl::attachment {
namespace {

using test::HasCode;
using test::IsOk;
using test::IsOkAndHolds;
using ::testing::Eq;

constexpr size_t kSealed = crypto::kBlobChunkSealed;

class UploadTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_THAT(crypto::Init(), IsOk()); }

  void MakeFile(size_t size) {
    content_.resize(size);
    rng_.Fill(content_);
    std::ofstream(path_, std::ios::binary)
        .write(reinterpret_cast<const char*>(content_.data()),
               static_cast<std::streamsize>(content_.size()));
  }
  // As a new process would: nothing but the files is left of the one before.
  absl::StatusOr<std::unique_ptr<Upload>> Open() {
    PAWL_ASSIGN(std::unique_ptr<Source> source, FileSource::Open(path_, {}));
    return Upload::Create(std::move(source), key_.Clone(), dir_.File("log"));
  }
  std::vector<SealedChunk> SealAll(Upload& upload) {
    std::vector<SealedChunk> chunks;
    while (true) {
      auto chunk = upload.SealNext(rng_);
      EXPECT_THAT(chunk, IsOk());
      if (!chunk.ok() || !chunk->has_value()) return chunks;
      chunks.push_back(**std::move(chunk));
    }
  }
  Bytes OpenAll(const std::vector<SealedChunk>& chunks, const Layout& layout) {
    Bytes plain;
    for (uint64_t i = 0; i < chunks.size(); ++i) {
      Bytes piece(layout.PlainSize(i));
      EXPECT_THAT(crypto::OpenChunk(key_, i, layout.IsLast(i), chunks[i].bytes, piece), IsOk());
      plain.insert(plain.end(), piece.begin(), piece.end());
    }
    return plain;
  }

  test::SeededRng rng_{2};
  test::TempDir dir_;
  std::string path_ = dir_.File("file");
  Bytes content_;
  crypto::BlobKey key_ = crypto::BlobKey::Random(rng_);
};

TEST_F(UploadTest, SealsTheFileItsPaddingAndNothingElse) {
  for (size_t size : {size_t{0}, size_t{1}, crypto::kBlobChunkPlain, size_t{200'000}}) {
    SCOPED_TRACE(size);
    std::filesystem::remove(dir_.File("log"));
    MakeFile(size);
    PAWL_ASSERT_OK_AND_ASSIGN(auto upload, Open());
    EXPECT_THAT(upload->Resume(0), IsOkAndHolds(true));
    const std::vector<SealedChunk> chunks = SealAll(*upload);
    ASSERT_EQ(chunks.size(), upload->layout().chunks());
    Bytes expected = content_;
    expected.resize(upload->layout().padded_size());
    EXPECT_EQ(OpenAll(chunks, upload->layout()), expected);
    crypto::BlobRoot root;
    for (const SealedChunk& chunk : chunks) root.AddChunk(chunk.bytes);
    EXPECT_THAT(upload->Root(), IsOkAndHolds(Eq(root.Finish())));
  }
}

TEST_F(UploadTest, AnotherProcessGoesOnWhereTheRelayIsAndSealsNothingTwice) {
  MakeFile(5 * crypto::kBlobChunkPlain);
  std::vector<SealedChunk> at_relay;
  {
    PAWL_ASSERT_OK_AND_ASSIGN(auto upload, Open());
    ASSERT_THAT(upload->Resume(0), IsOkAndHolds(true));
    at_relay = SealAll(*upload);
  }
  at_relay.resize(2);  // the others were sealed but never arrived
  PAWL_ASSERT_OK_AND_ASSIGN(auto upload, Open());
  ASSERT_THAT(upload->Resume(2 * kSealed), IsOkAndHolds(true));
  for (SealedChunk& chunk : SealAll(*upload)) at_relay.push_back(std::move(chunk));
  EXPECT_EQ(at_relay[2].offset, 2 * kSealed);
  Bytes expected = content_;
  expected.resize(upload->layout().padded_size());
  EXPECT_EQ(OpenAll(at_relay, upload->layout()), expected);
  crypto::BlobRoot root;
  for (const SealedChunk& chunk : at_relay) root.AddChunk(chunk.bytes);
  EXPECT_THAT(upload->Root(), IsOkAndHolds(Eq(root.Finish())));
}

TEST_F(UploadTest, NoNonceIsEverUsedTwice) {
  MakeFile(3 * crypto::kBlobChunkPlain);
  std::set<Bytes> nonces;
  size_t sealed = 0;
  for (int round = 0; round < 3; ++round) {
    PAWL_ASSERT_OK_AND_ASSIGN(auto upload, Open());
    ASSERT_THAT(upload->Resume(0), IsOkAndHolds(true));
    for (const SealedChunk& chunk : SealAll(*upload)) {
      nonces.insert(Bytes(chunk.bytes.begin(), chunk.bytes.begin() + 24));
      ++sealed;
    }
  }
  EXPECT_EQ(nonces.size(), sealed);
}

TEST_F(UploadTest, AFileThatChangedWithoutASignInItsTimesIsNoticedOnResume) {
  MakeFile(3 * crypto::kBlobChunkPlain);
  {
    PAWL_ASSERT_OK_AND_ASSIGN(auto upload, Open());
    ASSERT_THAT(upload->Resume(0), IsOkAndHolds(true));
    SealAll(*upload);
  }
  MakeFile(3 * crypto::kBlobChunkPlain);
  PAWL_ASSERT_OK_AND_ASSIGN(auto upload, Open());
  EXPECT_THAT(upload->Resume(kSealed), HasCode(Code::kSourceChanged));
}

TEST_F(UploadTest, ARelayThatHoldsMoreThanTheLogKnowsMeansBeginningAnew) {
  MakeFile(3 * crypto::kBlobChunkPlain);
  {
    PAWL_ASSERT_OK_AND_ASSIGN(auto upload, Open());
    ASSERT_THAT(upload->Resume(0), IsOkAndHolds(true));
    SealAll(*upload);
  }
  std::filesystem::resize_file(dir_.File("log"), ChunkLog::kRecordSize);  // a power cut
  PAWL_ASSERT_OK_AND_ASSIGN(auto upload, Open());
  EXPECT_THAT(upload->Resume(2 * kSealed), HasCode(Code::kCorrupt));
  EXPECT_THAT(upload->Resume(0), IsOkAndHolds(true));
  EXPECT_EQ(SealAll(*upload).size(), upload->layout().chunks());
}

TEST_F(UploadTest, AnOffsetInsideAChunkMeansBeginningAnew) {
  MakeFile(2 * crypto::kBlobChunkPlain);
  PAWL_ASSERT_OK_AND_ASSIGN(auto upload, Open());
  EXPECT_THAT(upload->Resume(7), HasCode(Code::kCorrupt));
}

TEST_F(UploadTest, ALongComparisonComesInSlices) {
  constexpr size_t kChunks = 600;
  MakeFile(kChunks * crypto::kBlobChunkPlain);
  {
    PAWL_ASSERT_OK_AND_ASSIGN(auto upload, Open());
    ASSERT_THAT(upload->Resume(0), IsOkAndHolds(true));
    SealAll(*upload);
  }
  PAWL_ASSERT_OK_AND_ASSIGN(auto upload, Open());
  int calls = 1;
  while (true) {
    PAWL_ASSERT_OK_AND_ASSIGN(const bool done, upload->Resume(550 * kSealed));
    if (done) break;
    ++calls;
  }
  EXPECT_EQ(calls, 3);
  EXPECT_EQ(SealAll(*upload).front().offset, 550 * kSealed);
}

TEST_F(UploadTest, TheRootWaitsForTheLastChunk) {
  MakeFile(3 * crypto::kBlobChunkPlain);
  PAWL_ASSERT_OK_AND_ASSIGN(auto upload, Open());
  ASSERT_THAT(upload->Resume(0), IsOkAndHolds(true));
  ASSERT_THAT(upload->SealNext(rng_), IsOk());
  EXPECT_THAT(upload->Root(), HasCode(Code::kWrongState));
}

TEST_F(UploadTest, AFileThatChangesUnderWayStopsIt) {
  MakeFile(3 * crypto::kBlobChunkPlain);
  PAWL_ASSERT_OK_AND_ASSIGN(auto upload, Open());
  ASSERT_THAT(upload->Resume(0), IsOkAndHolds(true));
  ASSERT_THAT(upload->SealNext(rng_), IsOk());
  std::ofstream(path_, std::ios::app) << "x";
  EXPECT_THAT(upload->SealNext(rng_), HasCode(Code::kSourceChanged));
}

}  // namespace
}  // namespace pawl::attachment
