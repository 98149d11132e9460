#include "client/runner/event_fd.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdint>
#include <utility>

#if defined(__linux__)
#include <sys/eventfd.h>
#endif

namespace pawl::runner {

absl::StatusOr<EventFd> EventFd::Create(Kind kind) {
#if defined(__linux__)
  if (kind == Kind::kBest) {
    const int fd = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (fd < 0) return Fail(Code::kIo, "no descriptor left");
    return EventFd(fd, fd);
  }
#endif
  int ends[2];
  if (::pipe(ends) != 0) return Fail(Code::kIo, "no descriptor left");
  for (int end : ends) {
    ::fcntl(end, F_SETFD, FD_CLOEXEC);
    ::fcntl(end, F_SETFL, O_NONBLOCK);
  }
  return EventFd(ends[0], ends[1]);
}

EventFd::EventFd(EventFd&& other) noexcept
    : read_fd_(std::exchange(other.read_fd_, -1)),
      write_fd_(std::exchange(other.write_fd_, -1)),
      set_(other.set_) {}

EventFd::~EventFd() {
  if (read_fd_ >= 0) ::close(read_fd_);
  if (write_fd_ >= 0 && write_fd_ != read_fd_) ::close(write_fd_);
}

// An eventfd takes and gives 8 bytes, a pipe any; neither ever holds more than the one mark.
void EventFd::Set() {
  if (set_) return;
  const uint64_t one = 1;
  set_ = ::write(write_fd_, &one, sizeof(one)) == static_cast<ssize_t>(sizeof(one));
}

void EventFd::Clear() {
  if (!set_) return;
  uint64_t mark = 0;
  set_ = ::read(read_fd_, &mark, sizeof(mark)) != static_cast<ssize_t>(sizeof(mark));
}

}  // namespace pawl::runner
