#include "client/attachment/download.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "crypto/init.h"
#include "support/matchers.h"
#include "support/seeded_rng.h"
#include "support/temp_dir.h"

namespace pawl::attachment {
namespace {

using test::HasCode;
using test::IsOk;
using test::IsOkAndHolds;

class DownloadTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_THAT(crypto::Init(), IsOk()); }

  void MakeBlob(size_t size, uint8_t padding = 0) {
    content_.resize(size);
    rng_.Fill(content_);
    const Layout layout = *Layout::ForFile(size);
    Bytes plain = content_;
    plain.resize(layout.padded_size(), padding);
    crypto::BlobRoot root;
    chunks_.clear();
    for (uint64_t i = 0; i < layout.chunks(); ++i) {
      Bytes sealed(layout.SealedSize(i));
      crypto::SealChunk(key_, i, layout.IsLast(i),
                        ByteView(plain).subspan(Layout::PlainOffset(i), layout.PlainSize(i)), rng_,
                        sealed);
      root.AddChunk(sealed);
      chunks_.push_back(std::move(sealed));
    }
    root_ = root.Finish();
  }
  Pointer MakePointer() const {
    return {.key = key_.Clone(),
            .root = root_,
            .size = content_.size(),
            .padded_size = PaddedFileSize(content_.size())};
  }
  absl::StatusOr<std::unique_ptr<Download>> Open() {
    return Download::Create(MakePointer(), path_, dir_.File("log"));
  }
  void Take(Download& download, size_t count) {
    for (size_t i = 0; i < count; ++i) {
      ASSERT_THAT(download.Take(chunks_[download.chunks()]), IsOk());
    }
  }
  Bytes OnDisk() const {
    std::ifstream file(path_, std::ios::binary);
    return Bytes(std::istreambuf_iterator<char>(file), {});
  }

  test::SeededRng rng_{3};
  test::TempDir dir_;
  std::string path_ = dir_.File("out");
  Bytes content_;
  std::vector<Bytes> chunks_;
  crypto::Hash32 root_{};
  crypto::BlobKey key_ = crypto::BlobKey::Random(rng_);
};

TEST_F(DownloadTest, WritesTheFileWithoutItsPadding) {
  for (size_t size : {size_t{0}, size_t{1}, crypto::kBlobChunkPlain, size_t{300'000}}) {
    SCOPED_TRACE(size);
    MakeBlob(size);
    PAWL_ASSERT_OK_AND_ASSIGN(auto download, Open());
    ASSERT_THAT(download->Resume(), IsOkAndHolds(true));
    Take(*download, chunks_.size());
    ASSERT_THAT(download->Sync(), IsOk());
    ASSERT_THAT(download->Finish(), IsOk());
    EXPECT_EQ(OnDisk(), content_);
    EXPECT_FALSE(std::filesystem::exists(path_ + ".part"));
    EXPECT_FALSE(std::filesystem::exists(dir_.File("log")));
  }
}

TEST_F(DownloadTest, AnotherProcessGoesOn) {
  MakeBlob(300'000);
  {
    PAWL_ASSERT_OK_AND_ASSIGN(auto download, Open());
    ASSERT_THAT(download->Resume(), IsOkAndHolds(true));
    Take(*download, 3);
  }
  PAWL_ASSERT_OK_AND_ASSIGN(auto download, Open());
  ASSERT_THAT(download->Resume(), IsOkAndHolds(true));
  EXPECT_EQ(download->chunks(), 3u);
  Take(*download, chunks_.size() - 3);
  ASSERT_THAT(download->Finish(), IsOk());
  EXPECT_EQ(OnDisk(), content_);
}

TEST_F(DownloadTest, APartThatLostItsEndOrWasChangedIsFetchedAgainFromThere) {
  MakeBlob(300'000);
  {
    PAWL_ASSERT_OK_AND_ASSIGN(auto download, Open());
    ASSERT_THAT(download->Resume(), IsOkAndHolds(true));
    Take(*download, 4);
  }
  std::filesystem::resize_file(path_ + ".part", 3 * crypto::kBlobChunkPlain + 5);
  {
    PAWL_ASSERT_OK_AND_ASSIGN(auto download, Open());
    ASSERT_THAT(download->Resume(), IsOkAndHolds(true));
    EXPECT_EQ(download->chunks(), 3u);
  }
  {
    std::fstream part(path_ + ".part", std::ios::in | std::ios::out | std::ios::binary);
    part.seekp(static_cast<std::streamoff>(crypto::kBlobChunkPlain) + 7);
    part.put(static_cast<char>(~content_[crypto::kBlobChunkPlain + 7]));
  }
  PAWL_ASSERT_OK_AND_ASSIGN(auto download, Open());
  ASSERT_THAT(download->Resume(), IsOkAndHolds(true));
  EXPECT_EQ(download->chunks(), 1u);
  Take(*download, chunks_.size() - 1);
  ASSERT_THAT(download->Finish(), IsOk());
  EXPECT_EQ(OnDisk(), content_);
}

TEST_F(DownloadTest, AChunkThatIsNotTheSendersIsRefusedAndNothingChanges) {
  MakeBlob(300'000);
  PAWL_ASSERT_OK_AND_ASSIGN(auto download, Open());
  ASSERT_THAT(download->Resume(), IsOkAndHolds(true));
  Bytes bad = chunks_[0];
  bad[100] ^= 1;
  EXPECT_THAT(download->Take(bad), HasCode(Code::kAuthFailed));
  EXPECT_THAT(download->Take(chunks_[1]), HasCode(Code::kAuthFailed)) << "another index";
  EXPECT_THAT(download->Take(ByteView(chunks_[0]).first(1000)), HasCode(Code::kAuthFailed));
  EXPECT_THAT(download->Take({}), HasCode(Code::kAuthFailed));
  EXPECT_EQ(download->chunks(), 0u);
  Take(*download, chunks_.size());
  EXPECT_THAT(download->Take(chunks_[0]), HasCode(Code::kWrongState));
  EXPECT_THAT(download->Finish(), IsOk());
}

TEST_F(DownloadTest, AnotherRootThanTheMessagesIsRefusedAndNoFileAppears) {
  MakeBlob(300'000);
  root_[0] ^= 1;
  PAWL_ASSERT_OK_AND_ASSIGN(auto download, Open());
  ASSERT_THAT(download->Resume(), IsOkAndHolds(true));
  Take(*download, chunks_.size());
  EXPECT_THAT(download->Finish(), HasCode(Code::kAuthFailed));
  EXPECT_FALSE(std::filesystem::exists(path_));
  download->Discard();
  EXPECT_FALSE(std::filesystem::exists(path_ + ".part"));
}

TEST_F(DownloadTest, PaddingThatIsNotZeroIsRefused) {
  MakeBlob(100, 1);
  PAWL_ASSERT_OK_AND_ASSIGN(auto download, Open());
  ASSERT_THAT(download->Resume(), IsOkAndHolds(true));
  EXPECT_THAT(download->Take(chunks_[0]), HasCode(Code::kMalformed));
}

TEST_F(DownloadTest, SizesThatDoNotBelongTogetherAreRefused) {
  MakeBlob(1000);
  Pointer pointer = MakePointer();
  pointer.padded_size *= 2;
  EXPECT_THAT(Download::Create(std::move(pointer), path_, dir_.File("log")),
              HasCode(Code::kMalformed));
  pointer = MakePointer();
  pointer.size = UINT64_MAX;
  EXPECT_THAT(Download::Create(std::move(pointer), path_, dir_.File("log")),
              HasCode(Code::kTooLarge));
}

TEST_F(DownloadTest, ItMayNotBeFinishedEarly) {
  MakeBlob(300'000);
  PAWL_ASSERT_OK_AND_ASSIGN(auto download, Open());
  ASSERT_THAT(download->Resume(), IsOkAndHolds(true));
  Take(*download, 1);
  EXPECT_THAT(download->Finish(), HasCode(Code::kWrongState));
  EXPECT_FALSE(std::filesystem::exists(path_));
}

}  // namespace
}  // namespace pawl::attachment
