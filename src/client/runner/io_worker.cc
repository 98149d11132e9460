#include "client/runner/io_worker.h"

#include <utility>

namespace pawl::runner {

IoWorker::IoWorker() : thread_([this] { Run(); }) {}

void IoWorker::Post(Job job) {
  {
    std::lock_guard lock(mutex_);
    if (stopped_) return;
    jobs_.push_back(std::move(job));
  }
  posted_.notify_one();
}

void IoWorker::Stop() {
  std::deque<Job> dropped;
  {
    std::lock_guard lock(mutex_);
    stopped_ = true;
    dropped.swap(jobs_);  // destroyed outside the lock
  }
  posted_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void IoWorker::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    posted_.wait(lock, [&] { return stopped_ || !jobs_.empty(); });
    if (stopped_) return;
    Job job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    job();
    job = nullptr;
    lock.lock();
  }
}

}  // namespace pawl::runner
