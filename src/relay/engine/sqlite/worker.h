#ifndef PAWL_RELAY_ENGINE_SQLITE_WORKER_H_
#define PAWL_RELAY_ENGINE_SQLITE_WORKER_H_

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "relay/engine/engine.h"

namespace pawl::relay::engine::sqlite {

struct BatchLimits {
  size_t requests = 0;
  size_t bytes = 0;
};

// One thread that runs queued requests in order, in batches of whatever has gathered while the last
// one ran: no artificial delay, and the busier, the larger the batches.
class Worker {
 public:
  using Run = std::function<void(std::span<const Request> batch)>;

  Worker(BatchLimits limits, Run run);
  // Finishes the batch it is at, drops the rest and joins.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void Post(std::vector<Request> requests);

 private:
  void Loop();
  // Empty: the end has come.
  std::vector<Request> NextBatch();

  const BatchLimits limits_;
  const Run run_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Request> queue_;
  bool stopping_ = false;
  std::thread thread_;  // last: it uses all of the above
};

// The bytes that a request carries along.
size_t PayloadSize(const Op& op);

}  // namespace pawl::relay::engine::sqlite

#endif  // PAWL_RELAY_ENGINE_SQLITE_WORKER_H_
