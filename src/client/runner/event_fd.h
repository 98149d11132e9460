#ifndef PAWL_CLIENT_RUNNER_EVENT_FD_H_
#define PAWL_CLIENT_RUNNER_EVENT_FD_H_

#include "base/status.h"

namespace pawl::runner {

// A descriptor that is readable while it is set, for a host's poll loop: an eventfd, or a pipe
// where there is none. Thread-compatible.
class EventFd {
 public:
  enum class Kind { kBest, kPipe };
  // kIo: the process has no descriptor left.
  static absl::StatusOr<EventFd> Create(Kind kind = Kind::kBest);
  EventFd(EventFd&& other) noexcept;
  EventFd& operator=(EventFd&&) = delete;
  ~EventFd();

  void Set();
  void Clear();
  int fd() const { return read_fd_; }

 private:
  EventFd(int read_fd, int write_fd) : read_fd_(read_fd), write_fd_(write_fd) {}
  int read_fd_;
  int write_fd_;  // the same for an eventfd
  bool set_ = false;
};

}  // namespace pawl::runner

#endif  // PAWL_CLIENT_RUNNER_EVENT_FD_H_
