#include "transport/ws/task_queue.h"

#include <utility>

namespace pawl::transport::ws {

TaskQueue::Pushed TaskQueue::Push(Task&& task) {
  const std::lock_guard lock(mutex_);
  if (closed_) return Pushed::kRefused;
  tasks_.push_back(std::move(task));
  return std::exchange(told_, true) ? Pushed::kQueued : Pushed::kWake;
}

TaskQueue::Pushed TaskQueue::Close() {
  const std::lock_guard lock(mutex_);
  if (std::exchange(closed_, true)) return Pushed::kRefused;
  return std::exchange(told_, true) ? Pushed::kQueued : Pushed::kWake;
}

std::vector<TaskQueue::Task> TaskQueue::Take(bool* closed) {
  const std::lock_guard lock(mutex_);
  told_ = false;
  *closed = closed_;
  return std::exchange(tasks_, {});
}

}  // namespace pawl::transport::ws
