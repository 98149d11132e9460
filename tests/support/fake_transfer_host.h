#ifndef PAWL_TESTS_SUPPORT_FAKE_TRANSFER_HOST_H_
#define PAWL_TESTS_SUPPORT_FAKE_TRANSFER_HOST_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "client/runner/transfer.h"
#include "client/runner/transfer_host.h"
#include "support/seeded_rng.h"
#include "wire/frames.h"

namespace pawl::test {

// A relay that keeps one blob, and the rest of what a transfer needs; the test says when the disk
// and the relay answer, and how.
class FakeTransferHost final : public runner::TransferHost {
 public:
  struct Asked {
    runner::RequestTag tag;
    uint64_t begin_size = 0;
    Bytes tokens{};
    Bytes chunk{};
    uint32_t get_size = 0;
  };

  // --- runner::TransferHost ---
  absl::Status Request(const wire::BlobBegin& frame, runner::RequestTag tag, Timestamp) override {
    owner = frame.owner;
    return Take({.tag = tag, .begin_size = frame.size, .tokens = ToBytes(frame.tokens)});
  }
  absl::Status Request(const wire::BlobChunk& frame, runner::RequestTag tag, Timestamp) override {
    secrets.insert(frame.secret);
    return Take({.tag = tag, .chunk = ToBytes(frame.chunk)});
  }
  absl::Status Request(const wire::BlobCommit& frame, runner::RequestTag tag, Timestamp) override {
    secrets.insert(frame.secret);
    return Take({.tag = tag});
  }
  absl::Status Request(const wire::BlobDelete& frame, runner::RequestTag tag, Timestamp) override {
    secrets.insert(frame.secret);
    restarted = frame.restart;
    return Take({.tag = tag});
  }
  absl::Status Request(const wire::BlobGet& frame, runner::RequestTag tag, Timestamp) override {
    return Take({.tag = tag, .get_size = frame.max});
  }
  void OnDisk(runner::DiskJob job) override { jobs_.push_back(std::move(job)); }
  void Report(client::Input input) override { reports.push_back(std::move(input)); }
  void Progress(const MessageId&, uint64_t done, uint64_t, Code code, Timestamp) override {
    progress.push_back(done);
    obstacle = code;
  }
  Rng& rng() override { return rng_; }
  Rng& disk_rng() override { return rng_; }

  // --- what the world does ---
  // Lets disk and relay answer until nothing is asked any more.
  void Settle(runner::Transfer& transfer, Timestamp now) {
    for (transfer.Pump(now); RunDisk(transfer, now) || Pay(transfer) || Answer(transfer, now);
         transfer.Pump(now)) {
    }
  }
  // What the engine gives to an upload that asks; nothing while `purse` is empty.
  bool Pay(runner::Transfer& transfer) {
    const auto unpaid =
        std::count_if(reports.begin(), reports.end(), [](const client::Input& report) {
          return std::holds_alternative<client::UploadUnpaid>(report);
        });
    if (purse.empty() || static_cast<size_t>(unpaid) == payments) return false;
    ++payments;
    transfer.Pay({.message = transfer.message(), .tokens = crypto::SecretBytes::From(purse)});
    return true;
  }
  bool RunDisk(runner::Transfer& transfer, Timestamp now) {
    if (jobs_.empty()) return false;
    runner::DiskJob job = std::move(jobs_.front());
    jobs_.pop_front();
    job()(transfer, now);
    return true;
  }
  // The relay's answer to the oldest request.
  bool Answer(runner::Transfer& transfer, Timestamp now) {
    if (asked.empty()) return false;
    const Asked what = std::move(asked.front());
    asked.pop_front();
    if (fail) {
      const Code code = *std::exchange(fail, std::nullopt);
      transfer.RequestFailed(what.tag, code, retry_after, now);
      return true;
    }
    wire::FrameWriter writer;
    AppendAnswer(writer, what);
    const Bytes message = ToBytes(writer.message());
    wire::FrameReader reader(message);
    transfer.Answered(what.tag, *reader.Next(), now);
    return true;
  }
  // The channel breaks: nobody will answer what was asked.
  void Break(runner::Transfer& transfer) {
    asked.clear();
    transfer.ChannelDown();
    transfer.ChannelUp();
  }
  template <typename Input>
  const Input* Reported() const {
    for (const client::Input& report : reports) {
      if (const Input* found = std::get_if<Input>(&report)) return found;
    }
    return nullptr;
  }

  std::deque<Asked> asked;
  std::vector<client::Input> reports;
  std::vector<uint64_t> progress;
  Code obstacle = Code::kOk;
  Bytes purse = {1, 2, 3};
  size_t payments = 0;
  std::vector<Bytes> shown;  // tokens, by each BLOB_BEGIN that was answered
  std::optional<ByteArray<32>> owner;
  std::set<std::optional<ByteArray<32>>> secrets;
  bool restarted = false;      // the last deletion was of the bytes alone
  std::optional<Code> fail;    // the next answer
  Duration retry_after;        // that every failure comes with
  std::optional<Code> refuse;  // the next request, which is not sent then
  Bytes blob;                  // what the relay holds
  uint64_t blob_total = 0;
  bool committed = false;
  bool deleted = false;

 private:
  absl::Status Take(Asked what) {
    if (refuse) {
      refuse.reset();
      return Fail(Code::kWouldBlock, "the test has no room");
    }
    asked.push_back(std::move(what));
    return OkStatus();
  }
  void AppendAnswer(wire::FrameWriter& writer, const Asked& what) {
    using What = runner::RequestTag::What;
    switch (what.tag.what) {
      case What::kBegin:
        shown.push_back(what.tokens);
        blob_total = what.begin_size;
        ASSERT_TRUE(Append(writer, wire::BlobBegun{1, blob.size()}));
        return;
      case What::kChunk:
        EXPECT_LE(what.tag.offset, blob.size());
        if (what.tag.offset == blob.size()) {
          blob.insert(blob.end(), what.chunk.begin(), what.chunk.end());
        }
        ASSERT_TRUE(Append(writer, wire::Ok{1, blob.size()}));
        return;
      case What::kCommit:
        EXPECT_EQ(blob.size(), blob_total);
        committed = true;
        ASSERT_TRUE(Append(writer, wire::Ok{1, blob.size()}));
        return;
      case What::kDelete:
        deleted = true;
        blob.clear();
        ASSERT_TRUE(Append(writer, wire::Ok{1, 0}));
        return;
      case What::kGet: {
        const size_t size = std::min<size_t>(what.get_size, blob.size() - what.tag.offset);
        ASSERT_TRUE(Append(writer, wire::BlobData{1, what.tag.offset, blob.size(),
                                                  ByteView(blob).subspan(what.tag.offset, size)}));
        return;
      }
    }
  }

  SeededRng rng_{55};
  std::deque<runner::DiskJob> jobs_;
};

}  // namespace pawl::test

#endif  // PAWL_TESTS_SUPPORT_FAKE_TRANSFER_HOST_H_
