#ifndef PAWL_CLIENT_RUNNER_GATE_H_
#define PAWL_CLIENT_RUNNER_GATE_H_

#include <cstddef>
#include <mutex>

#include "base/status.h"

namespace pawl::runner {

// Bounds what an app may have asked for and not yet taken the answer of: so many requests, so many
// bytes waiting for the engine. Who is refused hears of it when there is room. Thread-safe.
class Gate {
 public:
  Gate(size_t requests, size_t bytes) : max_requests_(requests), max_bytes_(bytes) {}

  // A request comes in. kWouldBlock: no room, nothing changed; kTooLarge: there will never be;
  // kClosed: after Close.
  absl::Status Enter(size_t bytes);
  void Close();
  // Its content has left memory for the store, or for good.
  // True: say kDrained now, somebody was refused and there is room again. So below.
  [[nodiscard]] bool ContentGone(size_t bytes);
  // Its completion was taken by the app.
  [[nodiscard]] bool Leave();

 private:
  bool HasRoomAgain();

  const size_t max_requests_;
  const size_t max_bytes_;
  std::mutex mutex_;
  size_t requests_ = 0;
  size_t bytes_ = 0;
  bool refused_ = false;
  bool closed_ = false;
};

}  // namespace pawl::runner

#endif  // PAWL_CLIENT_RUNNER_GATE_H_
