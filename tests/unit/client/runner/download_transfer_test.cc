#include "client/runner/download_transfer.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "crypto/init.h"
#include "support/fake_clock.h"
#include "support/fake_transfer_host.h"
#include "support/matchers.h"
#include "support/temp_dir.h"

namespace pawl::runner {
namespace {

using test::kNow;

class DownloadTransferTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_THAT(crypto::Init(), test::IsOk());
    content_.resize(600'000);
    rng_.Fill(content_);
    const auto layout = *attachment::Layout::ForFile(content_.size());
    Bytes plain = content_;
    plain.resize(layout.padded_size());
    crypto::BlobRoot root;
    for (uint64_t i = 0; i < layout.chunks(); ++i) {
      Bytes sealed(layout.SealedSize(i));
      crypto::SealChunk(
          key_, i, layout.IsLast(i),
          ByteView(plain).subspan(attachment::Layout::PlainOffset(i), layout.PlainSize(i)), rng_,
          sealed);
      root.AddChunk(sealed);
      host_.blob.insert(host_.blob.end(), sealed.begin(), sealed.end());
    }
    root_ = root.Finish();
  }
  std::unique_ptr<DownloadTransfer> Make() {
    return std::make_unique<DownloadTransfer>(
        client::StartDownload{.message = MessageId(ByteArray<16>{1}),
                              .path = path_,
                              .blob = BlobId(ByteArray<32>{2}),
                              .key = key_.Clone(),
                              .root = root_,
                              .size = content_.size(),
                              .padded_size = attachment::PaddedFileSize(content_.size())},
        dir_.File("log"), &host_);
  }
  Code Failure() const {
    const auto* failed = host_.Reported<client::TransferFailed>();
    return failed == nullptr ? Code::kOk : failed->code;
  }
  Bytes OnDisk() const {
    std::ifstream file(path_, std::ios::binary);
    return Bytes(std::istreambuf_iterator<char>(file), {});
  }

  test::TempDir dir_;
  test::SeededRng rng_{10};
  crypto::BlobKey key_ = crypto::BlobKey::Random(rng_);
  crypto::Hash32 root_{};
  std::string path_ = dir_.File("file");
  Bytes content_;
  test::FakeTransferHost host_;
};

TEST_F(DownloadTransferTest, BringsTheFileToItsPath) {
  auto download = Make();
  download->ChannelUp();
  host_.Settle(*download, kNow);
  EXPECT_NE(host_.Reported<client::DownloadFinished>(), nullptr);
  EXPECT_TRUE(download->over());
  EXPECT_EQ(OnDisk(), content_);
}

TEST_F(DownloadTransferTest, GoesOnAfterBreaksAndAfterItsProcessDied) {
  auto download = Make();
  download->ChannelUp();
  for (int i = 0; i < 300 && !download->over(); ++i) {
    download->Pump(kNow);
    if (i % 9 == 8) host_.Break(*download);
    if (i % 31 == 30) {
      download = Make();
      download->ChannelUp();
      host_.asked.clear();
      continue;
    }
    if (!host_.RunDisk(*download, kNow)) host_.Answer(*download, kNow);
  }
  EXPECT_TRUE(download->over());
  EXPECT_EQ(OnDisk(), content_);
}

TEST_F(DownloadTransferTest, WhatTheSenderDidNotSealIsRefusedAndLeavesNothing) {
  host_.blob[70'000] ^= 1;
  auto download = Make();
  download->ChannelUp();
  host_.Settle(*download, kNow);
  EXPECT_EQ(Failure(), Code::kAuthFailed);
  EXPECT_FALSE(std::filesystem::exists(path_));
  EXPECT_FALSE(std::filesystem::exists(path_ + ".part"));
}

TEST_F(DownloadTransferTest, AMissingBlobIsToldAndWhatIsGoodIsKept) {
  auto download = Make();
  download->ChannelUp();
  for (int i = 0; i < 12; ++i) {
    download->Pump(kNow);
    if (!host_.RunDisk(*download, kNow)) host_.Answer(*download, kNow);
  }
  host_.fail = Code::kNotFound;
  host_.Settle(*download, kNow);
  EXPECT_EQ(Failure(), Code::kNotFound);
  EXPECT_EQ(host_.Reported<client::TransferFailed>()->retry_after, Duration{});
  EXPECT_TRUE(std::filesystem::exists(path_ + ".part"));
}

TEST_F(DownloadTransferTest, WhenTheRelaysTroubleMayBeOverIsToldWithIt) {
  auto download = Make();
  download->ChannelUp();
  host_.fail = Code::kStorage;
  host_.retry_after = Seconds(5);
  host_.Settle(*download, kNow);
  EXPECT_EQ(Failure(), Code::kStorage);
  EXPECT_EQ(host_.Reported<client::TransferFailed>()->retry_after, Seconds(5));
}

TEST_F(DownloadTransferTest, AFolderThatIsNotThereIsTold) {
  path_ = dir_.File("no/folder/file");
  auto download = Make();
  download->ChannelUp();
  host_.Settle(*download, kNow);
  EXPECT_EQ(Failure(), Code::kNotFound);
}

TEST_F(DownloadTransferTest, CancelledItLeavesNothing) {
  auto download = Make();
  download->ChannelUp();
  for (int i = 0; i < 12; ++i) {
    download->Pump(kNow);
    if (!host_.RunDisk(*download, kNow)) host_.Answer(*download, kNow);
  }
  download->Cancel(kNow);
  EXPECT_TRUE(download->over());
  host_.Settle(*download, kNow);
  EXPECT_FALSE(std::filesystem::exists(path_ + ".part"));
  EXPECT_EQ(host_.Reported<client::DownloadFinished>(), nullptr);
}

TEST_F(DownloadTransferTest, AFullQueueIsWaitedFor) {
  auto download = Make();
  download->ChannelUp();
  host_.refuse = Code::kWouldBlock;
  host_.Settle(*download, kNow);
  EXPECT_FALSE(download->over());
  download->RoomAgain();
  host_.Settle(*download, kNow);
  EXPECT_EQ(OnDisk(), content_);
}

}  // namespace
}  // namespace pawl::runner
