#include "relay/engine/sqlite/sqlite_engine.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "crypto/init.h"
#include "support/engine_conformance.h"
#include "support/matchers.h"
#include "support/temp_dir.h"

namespace pawl::relay::engine::sqlite {
namespace {

constexpr Timestamp kNow{1'900'000'000'000};

Location LocationIn(const test::TempDir& folder) {
  Location location;
  location.directory = folder.path().string();
  return location;
}

std::vector<Request> RegisterBob() {
  RegisterAccount op;
  op.list.account = "bob@x";
  op.list.version = 1;
  op.list.devices.push_back({DeviceId(1), {}});
  op.epoch = {DeviceId(1), DeviceEpoch(1), {1}};
  op.now = kNow;
  std::vector<Request> batch;
  batch.push_back({OpId(1), op});
  return batch;
}

Append Mail(uint64_t number) {
  Append append;
  append.account = "bob@x";
  append.device = DeviceId(1);
  ByteArray<16> id{};
  for (int i = 0; i < 8; ++i) id[i] = static_cast<uint8_t>(number >> (8 * i));
  append.id = EnvelopeId(id);
  append.path = SendPath::kRequest;
  append.received = kNow;
  append.expires = kNow + Days(1);
  append.envelope = Bytes(256, 1);
  return append;
}

Quotas Roomy() {
  Quotas quotas;
  quotas.mailbox_requests = quotas.mailbox_messages = 1'000'000;
  quotas.mailbox_bytes = 1ull << 40;
  return quotas;
}

TEST(SqliteEngine, EndsWhileRequestsAreQueuedAndOpensAgain) {
  test::TempDir folder;
  for (int round = 0; round < 5; ++round) {
    WaitingSink sink;
    PAWL_ASSERT_OK_AND_ASSIGN(auto engine, SqliteEngine::Open(LocationIn(folder), Roomy(), sink));
    engine->Submit(RegisterBob());
    EXPECT_EQ(CodeOf(sink.WaitFor(OpId(1))), Code::kOk);
    std::vector<Request> batch;
    for (uint64_t i = 0; i < 2000; ++i) batch.push_back({OpId(i + 10), Mail(i)});
    engine->Submit(std::move(batch));
  }
}

// Writes what completed to a pipe, one number each, and dies in the middle of it.
[[noreturn]] void AppendUntilKilled(const Location& location, int report) {
  struct ReportingSink final : Sink {
    explicit ReportingSink(int fd) : report(fd) {}
    void Complete(Completions completions) override {
      for (const Completion& done : completions.done) {
        const uint64_t number = *done.id;
        if (CodeOf(done.result) == Code::kOk) {
          static_cast<void>(!::write(report, &number, sizeof number));
        }
      }
    }
    const int report;
  } sink(report);
  auto engine = SqliteEngine::Open(location, Roomy(), sink);
  if (!engine.ok()) _exit(1);
  (*engine)->Submit(RegisterBob());
  for (uint64_t i = 2;; ++i) {
    std::vector<Request> batch;
    batch.push_back({OpId(i), Mail(i)});
    (*engine)->Submit(std::move(batch));
    if (i % 64 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

TEST(SqliteEngine, WhatItAcknowledgedIsThereAfterAKill) {
  ASSERT_THAT(crypto::Init(), test::IsOk());
  for (int round = 0; round < 3; ++round) {
    test::TempDir folder(test::TempDir::Where::kDisk);
    int report[2];
    ASSERT_EQ(::pipe(report), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) AppendUntilKilled(LocationIn(folder), report[1]);
    ::close(report[1]);
    uint64_t number = 0;
    std::set<uint64_t> acknowledged;
    while (acknowledged.size() < 300 && ::read(report[0], &number, sizeof number) > 0) {
      acknowledged.insert(number);
    }
    ::kill(child, SIGKILL);
    while (::read(report[0], &number, sizeof number) > 0) acknowledged.insert(number);
    ::close(report[0]);
    ::waitpid(child, nullptr, 0);
    ASSERT_GE(acknowledged.size(), 300u);
    acknowledged.erase(1);  // the registration

    WaitingSink sink;
    PAWL_ASSERT_OK_AND_ASSIGN(auto engine, SqliteEngine::Open(LocationIn(folder), Roomy(), sink));
    std::vector<Request> batch;
    for (const uint64_t id : acknowledged) batch.push_back({OpId(id), Mail(id)});
    engine->Submit(std::move(batch));
    for (const uint64_t id : acknowledged) {
      const Result result = sink.WaitFor(OpId(id));
      EXPECT_TRUE(std::get<Appended>(result).duplicate) << "lost: " << id;
    }
  }
}

TEST(SqliteEngine, ManyThreadsOfCompletionsAndOneSubmitter) {
  test::TempDir folder;
  WaitingSink sink;
  PAWL_ASSERT_OK_AND_ASSIGN(auto engine, SqliteEngine::Open(LocationIn(folder), Roomy(), sink));
  engine->Submit(RegisterBob());
  sink.WaitFor(OpId(1));
  uint64_t id = 1;
  for (int round = 0; round < 50; ++round) {
    std::vector<Request> batch;
    for (int i = 0; i < 20; ++i) batch.push_back({OpId(++id), Mail(id)});
    batch.push_back({OpId(++id), GetList{"bob@x"}});
    batch.push_back({OpId(++id), ReadBlob{BlobId(), 0, 10, kNow}});
    engine->Submit(std::move(batch));
  }
  for (uint64_t i = 2; i <= id; ++i) sink.WaitFor(OpId(i));
}

}  // namespace
}  // namespace pawl::relay::engine::sqlite
