#ifndef PAWL_TRANSPORT_WS_TASK_QUEUE_H_
#define PAWL_TRANSPORT_WS_TASK_QUEUE_H_

#include <mutex>
#include <vector>

#include "absl/functional/any_invocable.h"

namespace pawl::transport::ws {

// What other threads want done on the loop's thread, in the order of posting. Thread-safe.
class TaskQueue {
 public:
  using Task = absl::AnyInvocable<void()>;
  enum class Pushed { kRefused, kQueued, kWake };

  // kWake: the loop may be asleep and must be told; kRefused: closed, the task is gone.
  Pushed Push(Task&& task);
  // No more tasks. kWake as above; kRefused when it was closed already.
  Pushed Close();
  // Everything pushed so far, and whether more can come.
  std::vector<Task> Take(bool* closed);

 private:
  std::mutex mutex_;
  std::vector<Task> tasks_;
  bool closed_ = false;
  bool told_ = false;  // the loop has been woken and has not taken since
};

}  // namespace pawl::transport::ws

#endif  // PAWL_TRANSPORT_WS_TASK_QUEUE_H_
