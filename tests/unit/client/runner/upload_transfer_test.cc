#include "client/runner/upload_transfer.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "client/runner/push_source.h"
#include "crypto/init.h"
#include "support/fake_clock.h"
#include "support/fake_transfer_host.h"
#include "support/matchers.h"
#include "support/temp_dir.h"

namespace pawl::runner {
namespace {

using test::kNow;

class UploadTransferTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_THAT(crypto::Init(), test::IsOk());
    Write(300'000);
  }
  void Write(size_t size) {
    content_.assign(size, 'x');
    std::ofstream(path_, std::ios::binary) << std::string(content_.begin(), content_.end());
  }
  client::StartUpload Job(Bytes checkpoint = {}) {
    return {.message = MessageId(ByteArray<16>{1}),
            .path = path_,
            .blob = BlobId(ByteArray<32>{2}),
            .key = key_.Clone(),
            .checkpoint = std::move(checkpoint)};
  }
  std::unique_ptr<UploadTransfer> Make(client::StartUpload job,
                                       std::unique_ptr<attachment::Source> source = nullptr) {
    return std::make_unique<UploadTransfer>(std::move(job), std::move(source), dir_.File("log"),
                                            &host_);
  }
  Code Failure() const {
    const auto* failed = host_.Reported<client::TransferFailed>();
    return failed == nullptr ? Code::kOk : failed->code;
  }

  test::TempDir dir_;
  test::SeededRng rng_{9};
  crypto::BlobKey key_ = crypto::BlobKey::Random(rng_);
  std::string path_ = dir_.File("file");
  Bytes content_;
  test::FakeTransferHost host_;
};

TEST_F(UploadTransferTest, BringsTheFileToTheRelayAndReportsItsRoot) {
  auto upload = Make(Job());
  upload->ChannelUp();
  host_.Settle(*upload, kNow);
  EXPECT_TRUE(host_.committed);
  const auto* finished = host_.Reported<client::UploadFinished>();
  ASSERT_NE(finished, nullptr);
  EXPECT_EQ(finished->size, 300'000u);
  EXPECT_EQ(finished->padded_size, attachment::PaddedFileSize(300'000));
  crypto::BlobRoot root;
  for (size_t at = 0; at < host_.blob.size(); at += crypto::kBlobChunkSealed) {
    root.AddChunk(ByteView(host_.blob)
                      .subspan(at, std::min(crypto::kBlobChunkSealed, host_.blob.size() - at)));
  }
  EXPECT_EQ(finished->root, root.Finish());
  EXPECT_TRUE(upload->over());
  EXPECT_TRUE(std::filesystem::exists(dir_.File("log"))) << "the end is not durable yet";
}

TEST_F(UploadTransferTest, ReportsWhatTheSourceIsBeforeAnyByteLeaves) {
  auto upload = Make(Job());
  upload->ChannelUp();
  upload->Pump(kNow);
  ASSERT_TRUE(host_.RunDisk(*upload, kNow));
  const auto* checkpoint = host_.Reported<client::TransferCheckpoint>();
  ASSERT_NE(checkpoint, nullptr);
  EXPECT_FALSE(checkpoint->checkpoint.empty());
  EXPECT_EQ(checkpoint->total, 300'000u);
  EXPECT_TRUE(host_.asked.empty());
}

TEST_F(UploadTransferTest, ProgressEndsWithAllOfTheFile) {
  auto upload = Make(Job());
  upload->ChannelUp();
  host_.Settle(*upload, kNow);
  ASSERT_FALSE(host_.progress.empty());
  EXPECT_TRUE(std::is_sorted(host_.progress.begin(), host_.progress.end()));
  EXPECT_LE(host_.progress.back(), 300'000u);
}

TEST_F(UploadTransferTest, BreaksCostNothingButTime) {
  auto upload = Make(Job());
  upload->ChannelUp();
  for (int i = 0; i < 200 && !upload->over(); ++i) {
    upload->Pump(kNow);
    if (i % 7 == 6) {
      host_.Break(*upload);
    } else if (!host_.RunDisk(*upload, kNow)) {
      host_.Answer(*upload, kNow);
    }
  }
  EXPECT_TRUE(host_.committed);
}

TEST_F(UploadTransferTest, AFullQueueIsWaitedFor) {
  auto upload = Make(Job());
  upload->ChannelUp();
  host_.refuse = Code::kWouldBlock;
  host_.Settle(*upload, kNow);
  EXPECT_FALSE(host_.committed);
  upload->RoomAgain();
  host_.Settle(*upload, kNow);
  EXPECT_TRUE(host_.committed);
}

TEST_F(UploadTransferTest, ARefusalThatPassesIsShownAndWaitedOut) {
  auto upload = Make(Job());
  upload->ChannelUp();
  host_.fail = Code::kDiskFull;
  host_.Settle(*upload, kNow);
  EXPECT_EQ(host_.obstacle, Code::kDiskFull);
  EXPECT_GT(upload->deadline(), kNow);
  host_.Settle(*upload, kNow + Minutes(2));
  EXPECT_TRUE(host_.committed);
}

TEST_F(UploadTransferTest, ARefusalForGoodEndsItAndLeavesNothing) {
  auto upload = Make(Job());
  upload->ChannelUp();
  host_.fail = Code::kQuotaExceeded;
  host_.Settle(*upload, kNow);
  EXPECT_EQ(Failure(), Code::kQuotaExceeded);
  EXPECT_TRUE(upload->over());
  EXPECT_TRUE(host_.deleted);
}

TEST_F(UploadTransferTest, AFileThatIsNotThereOrNotTheSameEndsIt) {
  client::StartUpload job = Job();
  job.path = dir_.File("none");
  auto missing = Make(std::move(job));
  missing->ChannelUp();
  host_.Settle(*missing, kNow);
  EXPECT_EQ(Failure(), Code::kNotFound);

  host_.reports.clear();
  auto first = Make(Job());
  first->Pump(kNow);
  host_.RunDisk(*first, kNow);
  const Bytes stamp = host_.Reported<client::TransferCheckpoint>()->checkpoint;
  Write(400'000);
  auto changed = Make(Job(stamp));
  changed->ChannelUp();
  host_.Settle(*changed, kNow);
  EXPECT_EQ(Failure(), Code::kSourceChanged);
}

TEST_F(UploadTransferTest, ASourceThatIsGoneWithItsProcessEndsAsCancelled) {
  client::StartUpload job = Job();
  job.path.clear();
  auto upload = Make(std::move(job));
  upload->ChannelUp();
  host_.Settle(*upload, kNow);
  EXPECT_EQ(Failure(), Code::kCancelled);
}

TEST_F(UploadTransferTest, WaitsForASourceThatIsHandedOver) {
  auto owned = std::make_unique<PushSource>(100'000, nullptr);
  PushSource& source = *owned;
  client::StartUpload job = Job();
  job.path.clear();
  auto upload = Make(std::move(job), std::move(owned));
  upload->ChannelUp();
  host_.Settle(*upload, kNow);
  EXPECT_FALSE(host_.committed);
  for (int i = 0; i < 10; ++i) {
    ASSERT_THAT(source.Write(Bytes(10'000, 'y'), 0), test::IsOk());
    upload->SourceReady();
    host_.Settle(*upload, kNow);
  }
  EXPECT_TRUE(host_.committed);
}

TEST_F(UploadTransferTest, CancelledItIsOverAtOnceAndLateAnswersAreNobodys) {
  auto upload = Make(Job());
  upload->ChannelUp();
  for (int i = 0; i < 6; ++i) {
    upload->Pump(kNow);
    if (!host_.RunDisk(*upload, kNow)) host_.Answer(*upload, kNow);
  }
  upload->Cancel(kNow);
  EXPECT_TRUE(upload->over());
  host_.Settle(*upload, kNow);
  EXPECT_FALSE(host_.committed);
  EXPECT_TRUE(host_.deleted);
  EXPECT_EQ(host_.Reported<client::UploadFinished>(), nullptr);
}

TEST_F(UploadTransferTest, AnAnswerOfTheWrongKindIsNoAnswer) {
  auto upload = Make(Job());
  upload->ChannelUp();
  upload->Pump(kNow);
  host_.RunDisk(*upload, kNow);
  upload->Pump(kNow);
  ASSERT_EQ(host_.asked.size(), 1u);
  wire::FrameWriter writer;
  ASSERT_TRUE(Append(writer, wire::Ok{1, 0}));
  const Bytes message = ToBytes(writer.message());
  wire::FrameReader reader(message);
  upload->Answered(host_.asked.front().tag, *reader.Next(), kNow);
  upload->Pump(kNow);
  EXPECT_EQ(Failure(), Code::kMalformed);
}

}  // namespace
}  // namespace pawl::runner
