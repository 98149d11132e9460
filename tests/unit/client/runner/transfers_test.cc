#include "client/runner/transfers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <filesystem>
#include <fstream>

#include "crypto/init.h"
#include "support/fake_clock.h"
#include "support/matchers.h"
#include "support/seeded_rng.h"
#include "support/temp_dir.h"

namespace pawl::runner {
namespace {

using test::kNow;

class NoSockets final : public SocketPort {
 public:
  absl::StatusOr<SocketId> Open(const transport::Endpoint&) override {
    return Fail(Code::kWouldBlock, "no sockets here");
  }
  void Send(SocketId, Bytes) override {}
  void Ping(SocketId) override {}
  void Close(SocketId, uint16_t) override {}
};

// Nobody is ever online: what is looked at is which transfers live, wait and end.
class TransfersTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_THAT(crypto::Init(), test::IsOk()); }
  MessageId Message(uint8_t n) const { return MessageId(ByteArray<16>{n}); }
  client::StartUpload Upload(uint8_t n, std::string path) {
    return {.message = Message(n),
            .path = std::move(path),
            .blob = BlobId(ByteArray<32>{n}),
            .key = crypto::BlobKey::Random(rng_)};
  }
  std::string MakeFile(const std::string& name) {
    std::ofstream(dir_.File(name)) << "content";
    return dir_.File(name);
  }
  void Settle() {
    do {
      transfers_.Pump(kNow);
      if (!jobs_.empty()) {
        auto job = std::move(jobs_.front());
        jobs_.pop_front();
        job();
      }
      if (!tasks_.empty()) {
        auto task = std::move(tasks_.front());
        tasks_.pop_front();
        task(kNow);
      }
    } while (!jobs_.empty() || !tasks_.empty());
    transfers_.Pump(kNow);
  }
  std::vector<Code> Failures() const {
    std::vector<Code> codes;
    for (const client::Input& report : reports_) {
      if (const auto* failed = std::get_if<client::TransferFailed>(&report)) {
        codes.push_back(failed->code);
      }
    }
    return codes;
  }
  std::string LogOf(uint8_t n) const {
    return dir_.File("transfers/") + (n < 16 ? "0" : "") + std::string(1, "0123456789abcdef"[n]) +
           std::string(30, '0') + ".up";
  }

  test::TempDir dir_;
  test::SeededRng rng_{13};
  NoSockets sockets_;
  RelayLink anonymous_{client::Channel::kAnonymous, &sockets_, &rng_};
  std::deque<absl::AnyInvocable<void()>> jobs_;
  std::deque<absl::AnyInvocable<void(Timestamp)>> tasks_;
  std::vector<client::Input> reports_;
  std::vector<client::Event> events_;
  Transfers transfers_{
      {.link = &anonymous_,
       .rng = &rng_,
       .disk_rng = &rng_,
       .folder = dir_.File("transfers"),
       .run_on_disk = [this](absl::AnyInvocable<void()> job) { jobs_.push_back(std::move(job)); },
       .post =
           [this](absl::AnyInvocable<void(Timestamp)> task) { tasks_.push_back(std::move(task)); },
       .report = [this](client::Input input) { reports_.push_back(std::move(input)); },
       .show = [this](client::Event event) { events_.push_back(std::move(event)); }}};
};

TEST_F(TransfersTest, WantTheConnectionTheyNeed) {
  EXPECT_FALSE(transfers_.any());
  transfers_.Carry(Upload(1, MakeFile("a")), kNow);
  EXPECT_TRUE(transfers_.any());
  transfers_.Carry(client::StopTransfer{Message(1)}, kNow);
  Settle();
  EXPECT_FALSE(transfers_.any());
}

TEST_F(TransfersTest, OneThatFailsIsReportedOnceAndGone) {
  transfers_.Carry(Upload(1, dir_.File("none")), kNow);
  Settle();
  EXPECT_EQ(Failures(), std::vector<Code>{Code::kNotFound});
  EXPECT_FALSE(transfers_.any());
}

TEST_F(TransfersTest, AnswersFromTheDiskForOneThatIsGoneAreDropped) {
  transfers_.Carry(Upload(1, MakeFile("a")), kNow);
  transfers_.Pump(kNow);
  ASSERT_EQ(jobs_.size(), 1u);
  transfers_.Carry(client::StopTransfer{Message(1)}, kNow);
  transfers_.Carry(client::ForgetUpload{Message(1)}, kNow);
  Settle();
  EXPECT_TRUE(Failures().empty()) << "who stopped it knows";
  EXPECT_FALSE(std::filesystem::exists(LogOf(1))) << "made before it was forgotten";
}

TEST_F(TransfersTest, OnlySoManyMoveAtATime) {
  for (uint8_t n = 1; n <= 10; ++n) transfers_.Carry(Upload(n, MakeFile("f")), kNow);
  transfers_.Pump(kNow);
  EXPECT_EQ(jobs_.size(), 4u);
  transfers_.Carry(client::StopTransfer{Message(2)}, kNow);
  const size_t before = jobs_.size();
  transfers_.Pump(kNow);
  transfers_.Pump(kNow);
  EXPECT_EQ(jobs_.size(), before + 1) << "the next in line begins";
}

TEST_F(TransfersTest, OneThatWaitsForItsPaymentIsInNobodysWay) {
  transport::Status online;
  online.state = transport::State::kOnline;
  for (uint8_t n = 1; n <= 25; ++n) transfers_.Carry(Upload(n, MakeFile("f")), kNow);
  transfers_.Take(transport::StateChanged{.status = online, .reason = "test"}, kNow);
  Settle();
  const auto asked = std::count_if(reports_.begin(), reports_.end(), [](const auto& report) {
    return std::holds_alternative<client::UploadUnpaid>(report);
  });
  EXPECT_EQ(asked, 16 + 4) << "but so many files are not open at a time";
}

TEST_F(TransfersTest, WhatIsOfferedIsReadInsteadOfThePath) {
  class Nothing final : public attachment::Source {
   public:
    uint64_t size() const override { return 5; }
    absl::Status ReadAt(uint64_t, MutableByteView) override {
      return Fail(Code::kIo, "it was read");
    }
    Bytes Stamp() const override { return {}; }
  };
  transfers_.Offer(Message(1), std::make_unique<Nothing>());
  transfers_.Offer(Message(2), std::make_unique<Nothing>());
  transfers_.Withdraw(Message(2));
  transfers_.Carry(Upload(1, ""), kNow);
  transfers_.Carry(Upload(2, ""), kNow);
  Settle();
  EXPECT_EQ(Failures(), std::vector<Code>{Code::kCancelled}) << "the second has no source";
}

TEST_F(TransfersTest, LogsOfNobodyAreDeletedTheOthersStay) {
  transfers_.Carry(Upload(1, MakeFile("a")), kNow);
  Settle();
  ASSERT_TRUE(std::filesystem::exists(LogOf(1)));
  std::ofstream(LogOf(2)) << "of a transfer that ended while nobody looked";
  transfers_.RemoveOrphans();
  EXPECT_TRUE(std::filesystem::exists(LogOf(1)));
  EXPECT_FALSE(std::filesystem::exists(LogOf(2)));
}

TEST_F(TransfersTest, AnswersThatAreNotTheirsAreLeftToOthers) {
  const transport::RequestFailed failed{
      .request = transport::RequestNumber(99), .code = Code::kTimeout, .retry_after = {}};
  EXPECT_FALSE(transfers_.Take(failed, kNow));
  EXPECT_EQ(transfers_.NextDeadline(), kNever);
}

TEST_F(TransfersTest, AnUploadsLogGoesWhenTheEngineSaysSo) {
  transfers_.Carry(Upload(1, MakeFile("a")), kNow);
  Settle();
  ASSERT_TRUE(std::filesystem::exists(LogOf(1)));
  transfers_.Carry(client::StopTransfer{Message(1)}, kNow);
  Settle();
  EXPECT_TRUE(std::filesystem::exists(LogOf(1)));
  transfers_.Carry(client::ForgetUpload{Message(1)}, kNow);
  Settle();
  EXPECT_FALSE(std::filesystem::exists(LogOf(1)));
}

}  // namespace
}  // namespace pawl::runner
