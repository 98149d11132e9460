#ifndef PAWL_CLIENT_RUNNER_IO_WORKER_H_
#define PAWL_CLIENT_RUNNER_IO_WORKER_H_

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "absl/functional/any_invocable.h"

namespace pawl::runner {

// One thread for what blocks on files and costs much arithmetic: attachments. Jobs run in the order
// they are posted; whoever posts bounds how many (a flow has at most one question to the disk
// open).
class IoWorker {
 public:
  using Job = absl::AnyInvocable<void()>;

  IoWorker();
  ~IoWorker() { Stop(); }
  IoWorker(const IoWorker&) = delete;
  IoWorker& operator=(const IoWorker&) = delete;

  // Any thread. Dropped after Stop.
  void Post(Job job);
  // Waits for the job that runs; those behind it are dropped. Idempotent.
  void Stop();

 private:
  void Run();

  std::mutex mutex_;
  std::condition_variable posted_;
  std::deque<Job> jobs_;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace pawl::runner

#endif  // PAWL_CLIENT_RUNNER_IO_WORKER_H_
