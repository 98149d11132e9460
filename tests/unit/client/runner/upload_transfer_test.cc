#include "client/runner/upload_transfer.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "client/runner/push_source.h"
#include "crypto/hash.h"
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
            .checkpoint = std::move(checkpoint),
            .secret = client::BlobSecret::From(kSecret)};
  }
  std::unique_ptr<UploadTransfer> Make(client::StartUpload job,
                                       std::unique_ptr<attachment::Source> source = nullptr) {
    return std::make_unique<UploadTransfer>(std::move(job), std::move(source), dir_.File("log"),
                                            &host_);
  }
  const client::UploadUnpaid* LastUnpaid() const {
    const client::UploadUnpaid* last = nullptr;
    for (const client::Input& report : host_.reports) {
      if (const auto* unpaid = std::get_if<client::UploadUnpaid>(&report)) last = unpaid;
    }
    return last;
  }
  size_t CountUnpaid() const {
    return static_cast<size_t>(
        std::count_if(host_.reports.begin(), host_.reports.end(), [](const client::Input& report) {
          return std::holds_alternative<client::UploadUnpaid>(report);
        }));
  }
  Code Failure() const {
    const auto* failed = host_.Reported<client::TransferFailed>();
    return failed == nullptr ? Code::kOk : failed->code;
  }

  static constexpr ByteArray<32> kSecret{5};
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
    } else if (!host_.RunDisk(*upload, kNow) && !host_.Pay(*upload)) {
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
  host_.fail = Code::kRelayRefused;
  host_.retry_after = Minutes(5);
  host_.Settle(*upload, kNow);
  EXPECT_EQ(Failure(), Code::kRelayRefused);
  EXPECT_EQ(host_.Reported<client::TransferFailed>()->retry_after, Minutes(5));
  EXPECT_TRUE(upload->over());
  EXPECT_TRUE(host_.deleted);
  EXPECT_FALSE(host_.restarted);
}

TEST_F(UploadTransferTest, AFileThatIsNotThereOrNotTheSameEndsIt) {
  client::StartUpload job = Job();
  job.path = dir_.File("none");
  auto missing = Make(std::move(job));
  missing->ChannelUp();
  host_.Settle(*missing, kNow);
  EXPECT_EQ(Failure(), Code::kNotFound);
  EXPECT_EQ(host_.Reported<client::TransferFailed>()->retry_after, Duration{});

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
  for (int i = 0; i < 7; ++i) {
    upload->Pump(kNow);
    if (!host_.RunDisk(*upload, kNow) && !host_.Pay(*upload)) host_.Answer(*upload, kNow);
  }
  upload->Cancel(kNow);
  EXPECT_TRUE(upload->over());
  host_.Settle(*upload, kNow);
  EXPECT_FALSE(host_.committed);
  EXPECT_TRUE(host_.deleted);
  EXPECT_EQ(host_.Reported<client::UploadFinished>(), nullptr);
}

TEST_F(UploadTransferTest, NothingLeavesBeforeItIsPaidAndItAsksOnce) {
  host_.purse.clear();
  auto upload = Make(Job());
  upload->ChannelUp();
  host_.Settle(*upload, kNow);
  EXPECT_TRUE(host_.asked.empty());
  host_.Break(*upload);
  host_.Settle(*upload, kNow);
  EXPECT_EQ(CountUnpaid(), 1u);
  EXPECT_EQ(host_.Reported<client::UploadUnpaid>()->refused, Code::kOk);
  EXPECT_EQ(host_.Reported<client::UploadUnpaid>()->total, 300'000u);
  host_.purse = {9};
  host_.Settle(*upload, kNow);
  EXPECT_TRUE(host_.committed);
  EXPECT_EQ(host_.blob.size(), host_.Reported<client::UploadUnpaid>()->size);
  EXPECT_NE(host_.Reported<client::UploadBegun>(), nullptr);
  ASSERT_FALSE(host_.shown.empty());
  EXPECT_EQ(host_.shown[0], Bytes{9});
  EXPECT_EQ(host_.owner, crypto::Blake2b256({AsBytes("pawl blob owner v1"), kSecret}));
  const std::set<std::optional<ByteArray<32>>> secret{kSecret};
  EXPECT_EQ(host_.secrets, secret);
}

TEST_F(UploadTransferTest, OneThatIsBegunGoesOnWithoutShowingTokensAgain) {
  auto upload = Make(Job());
  upload->ChannelUp();
  while (host_.blob.empty()) {
    upload->Pump(kNow);
    if (!host_.RunDisk(*upload, kNow) && !host_.Pay(*upload)) host_.Answer(*upload, kNow);
  }
  host_.Break(*upload);
  host_.Settle(*upload, kNow);
  EXPECT_TRUE(host_.committed);
  ASSERT_EQ(host_.shown.size(), 2u);
  EXPECT_FALSE(host_.shown[0].empty());
  EXPECT_TRUE(host_.shown[1].empty());
  EXPECT_EQ(host_.payments, 1u);

  client::StartUpload job = Job();
  job.begun = true;
  auto later = Make(std::move(job));  // another process
  later->ChannelUp();
  host_.Settle(*later, kNow);
  EXPECT_TRUE(host_.shown[2].empty());
  EXPECT_EQ(host_.payments, 1u);
}

TEST_F(UploadTransferTest, ABeginWhoseAnswerWasLostIsSaidAgainWithTheSameTokens) {
  auto upload = Make(Job());
  upload->ChannelUp();
  while (host_.asked.empty()) {
    upload->Pump(kNow);
    if (!host_.RunDisk(*upload, kNow)) host_.Pay(*upload);
  }
  host_.Break(*upload);
  host_.Settle(*upload, kNow);
  EXPECT_TRUE(host_.committed);
  EXPECT_EQ(host_.shown[0], host_.purse);
  EXPECT_EQ(host_.payments, 1u);
}

TEST_F(UploadTransferTest, TokensThatAreNotTakenAreReportedAndOthersShown) {
  for (const Code code :
       {Code::kExpired, Code::kReplayed, Code::kAuthFailed, Code::kQuotaExceeded}) {
    host_.reports.clear();
    host_.payments = 0;
    host_.committed = false;
    host_.blob.clear();
    auto upload = Make(Job());
    upload->ChannelUp();
    host_.fail = code;
    host_.Settle(*upload, kNow);
    EXPECT_TRUE(host_.committed);
    ASSERT_EQ(CountUnpaid(), 2u);
    EXPECT_EQ(LastUnpaid()->refused, code);
    EXPECT_EQ(Failure(), Code::kOk);
  }
}

TEST_F(UploadTransferTest, OneThatTheRelayHasForgottenIsPaidAnew) {
  client::StartUpload job = Job();
  job.begun = true;
  auto upload = Make(std::move(job));
  upload->ChannelUp();
  host_.fail = Code::kQuotaExceeded;
  host_.Settle(*upload, kNow);
  EXPECT_TRUE(host_.committed);
  ASSERT_EQ(CountUnpaid(), 1u);
  EXPECT_EQ(LastUnpaid()->refused, Code::kOk) << "no token was refused";
}

TEST_F(UploadTransferTest, CancelledBeforeItIsPaidItSaysNothingToTheRelay) {
  host_.purse.clear();
  auto upload = Make(Job());
  upload->ChannelUp();
  host_.Settle(*upload, kNow);
  upload->Cancel(kNow);
  EXPECT_TRUE(host_.asked.empty());
}

TEST_F(UploadTransferTest, WhatTheRelayHoldsAndNobodyKnowsGoesButStaysPaid) {
  auto upload = Make(Job());
  upload->ChannelUp();
  host_.blob.assign(crypto::kBlobChunkSealed, 1);  // of a log that is lost
  for (int i = 0; i < 10; ++i) host_.Settle(*upload, kNow + Minutes(i));
  EXPECT_TRUE(host_.deleted);
  EXPECT_TRUE(host_.restarted);
  EXPECT_TRUE(host_.committed);
  EXPECT_EQ(host_.payments, 1u);
}

TEST_F(UploadTransferTest, WhatAnEarlierProcessMayHaveBegunIsDeletedThoughItIsNotKnown) {
  for (const bool shown : {false, true}) {
    host_.purse.clear();
    host_.asked.clear();
    client::StartUpload job = Job();
    job.shown = shown;
    auto upload = Make(std::move(job));
    upload->ChannelUp();
    host_.Settle(*upload, kNow);
    upload->Cancel(kNow);
    EXPECT_EQ(host_.asked.size(), shown ? 1u : 0u);
  }
}

TEST_F(UploadTransferTest, AnAnswerOfTheWrongKindIsNoAnswer) {
  auto upload = Make(Job());
  upload->ChannelUp();
  upload->Pump(kNow);
  host_.RunDisk(*upload, kNow);
  host_.Pay(*upload);
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
