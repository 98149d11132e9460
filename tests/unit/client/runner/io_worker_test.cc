#include "client/runner/io_worker.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <vector>

namespace pawl::runner {
namespace {

TEST(IoWorker, RunsJobsInOrderOnAnotherThread) {
  std::vector<int> order;
  std::promise<std::thread::id> where;
  {
    IoWorker worker;
    for (int i = 0; i < 100; ++i) worker.Post([&order, i] { order.push_back(i); });
    worker.Post([&] { where.set_value(std::this_thread::get_id()); });
    EXPECT_NE(where.get_future().get(), std::this_thread::get_id());
  }
  ASSERT_EQ(order.size(), 100u);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(order[static_cast<size_t>(i)], i);
}

TEST(IoWorker, StopWaitsForTheJobThatRunsAndDropsTheOthers) {
  std::promise<void> started, go;
  std::atomic<int> done{0};
  IoWorker worker;
  worker.Post([&] {
    started.set_value();
    go.get_future().wait();
    ++done;
  });
  auto owned = std::make_shared<int>(1);
  worker.Post([&done, owned] { ++done; });
  started.get_future().wait();
  // Lets the job go when Stop has begun: then a job that is posted is dropped on the spot.
  std::thread release([&] {
    std::weak_ptr<int> posted;
    do {
      auto token = std::make_shared<int>();
      posted = token;
      worker.Post([token] {});
      std::this_thread::yield();
    } while (!posted.expired());
    go.set_value();
  });
  worker.Stop();
  release.join();
  EXPECT_EQ(done, 1);
  EXPECT_EQ(owned.use_count(), 1) << "what a dropped job owns goes with it";
  worker.Post([&] { ++done; });
  worker.Stop();
  EXPECT_EQ(done, 1);
}

}  // namespace
}  // namespace pawl::runner
