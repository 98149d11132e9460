#include "relay/engine/sqlite/worker.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <utility>

namespace pawl::relay::engine::sqlite {
namespace {

std::vector<Request> Lookups(uint64_t first, uint64_t count) {
  std::vector<Request> requests;
  for (uint64_t i = first; i < first + count; ++i) requests.push_back({OpId(i), GetList()});
  return requests;
}

TEST(Worker, RunsEverythingInOrder) {
  std::vector<uint64_t> seen;
  std::promise<void> all;
  {
    Worker worker({10, 1 << 20}, [&](std::span<const Request> batch) {
      EXPECT_LE(batch.size(), 10u);
      for (const Request& request : batch) seen.push_back(*request.id);
      if (seen.size() == 100) all.set_value();
    });
    for (uint64_t i = 0; i < 100; i += 4) worker.Post(Lookups(i, 4));
    all.get_future().wait();
  }
  for (uint64_t i = 0; i < 100; ++i) EXPECT_EQ(seen[i], i);
}

TEST(Worker, WhatGathersWhileItWorksIsOneBatch) {
  std::promise<void> first_is_running, go_on, done;
  std::vector<size_t> sizes;
  Worker worker({64, 1 << 20}, [&](std::span<const Request> batch) {
    sizes.push_back(batch.size());
    if (sizes.size() == 1) {
      first_is_running.set_value();
      go_on.get_future().wait();
    } else {
      done.set_value();
    }
  });
  worker.Post(Lookups(0, 1));
  first_is_running.get_future().wait();
  for (uint64_t i = 1; i <= 50; ++i) worker.Post(Lookups(i, 1));
  go_on.set_value();
  done.get_future().wait();
  EXPECT_EQ(sizes, (std::vector<size_t>{1, 50}));
}

TEST(Worker, ABatchIsBoundedByItsBytesAndAlwaysHasOne) {
  Append large;
  large.envelope = Bytes(600, 1);
  std::vector<Request> requests;
  for (uint64_t i = 0; i < 4; ++i) requests.push_back({OpId(i), large});
  std::atomic<int> seen{0};
  std::promise<void> all;
  Worker worker({64, 500}, [&](std::span<const Request> batch) {
    EXPECT_EQ(batch.size(), 1u);
    if (++seen == 4) all.set_value();
  });
  worker.Post(std::move(requests));
  all.get_future().wait();
}

TEST(Worker, EndsWithoutRunningWhatIsQueued) {
  std::promise<void> running;
  bool first = true;
  {
    // Every batch leaves another behind it: a destructor that waited for all would never return.
    Worker worker({1, 1}, [&](std::span<const Request>) {
      worker.Post(Lookups(0, 1));
      if (std::exchange(first, false)) running.set_value();
    });
    worker.Post(Lookups(0, 1));
    running.get_future().wait();
  }
  EXPECT_FALSE(first);
}

TEST(PayloadSize, CountsWhatARequestCarriesOrWillBring) {
  Append append;
  append.envelope = Bytes(10, 1);
  EXPECT_EQ(PayloadSize(append), 10u);
  EXPECT_EQ(PayloadSize(ReadBlob{BlobId(), 0, 77, {}}), 77u);
  EXPECT_EQ(PayloadSize(GetList()), 0u);
}

}  // namespace
}  // namespace pawl::relay::engine::sqlite
