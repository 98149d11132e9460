#include "transport/ws/task_queue.h"

#include <gtest/gtest.h>

#include <utility>

namespace pawl::transport::ws {
namespace {

using Pushed = TaskQueue::Pushed;

TEST(TaskQueue, OnlyTheFirstAfterATakeWakes) {
  TaskQueue queue;
  EXPECT_EQ(queue.Push([] {}), Pushed::kWake);
  EXPECT_EQ(queue.Push([] {}), Pushed::kQueued);
  bool closed = true;
  EXPECT_EQ(queue.Take(&closed).size(), 2u);
  EXPECT_FALSE(closed);
  EXPECT_EQ(queue.Push([] {}), Pushed::kWake);
}

TEST(TaskQueue, AClosedOneTakesNothingMoreAndKeepsWhatItHas) {
  TaskQueue queue;
  queue.Push([] {});
  EXPECT_EQ(queue.Close(), Pushed::kQueued);
  EXPECT_EQ(queue.Close(), Pushed::kRefused);
  TaskQueue::Task refused = [] {};
  EXPECT_EQ(queue.Push(std::move(refused)), Pushed::kRefused);
  EXPECT_TRUE(refused) << "it ends where its caller wants it to";
  bool closed = false;
  EXPECT_EQ(queue.Take(&closed).size(), 1u);
  EXPECT_TRUE(closed);
}

}  // namespace
}  // namespace pawl::transport::ws
