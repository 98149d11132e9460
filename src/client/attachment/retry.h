#ifndef PAWL_CLIENT_ATTACHMENT_RETRY_H_
#define PAWL_CLIENT_ATTACHMENT_RETRY_H_

#include <algorithm>

#include "base/clock.h"
#include "base/rng.h"
#include "base/status.h"

namespace pawl::attachment {

// Whether waiting may help against this failure of a transfer.
constexpr bool MayPass(Code code) {
  return code == Code::kDisconnected || code == Code::kTimeout || code == Code::kRateLimited ||
         code == Code::kWouldBlock || code == Code::kDiskFull || code == Code::kOutOfMemory ||
         code == Code::kWrongState;  // the relay holds less than we thought: ask it again
}

// Full-jitter backoff: uniform in [0, 1 s * 2^n], at most a minute, never before the relay's own
// wish; starts anew after progress.
class Retry {
 public:
  void Schedule(Code cause, Duration at_least, Timestamp now, Rng& rng) {
    const int64_t span = std::min<int64_t>(int64_t{1000} << std::min(failures_, 10), 60'000);
    const auto jitter = static_cast<int64_t>(rng.Below(static_cast<uint64_t>(span)));
    ++failures_;
    cause_ = cause;
    at_ = now + Milliseconds(std::max(jitter, at_least.ms));
  }
  void Progress() { failures_ = 0; }
  bool Waits(Timestamp now) {
    if (at_ == kNever) return false;
    if (now < at_) return true;
    at_ = kNever;
    cause_ = Code::kOk;
    return false;
  }
  Timestamp at() const { return at_; }
  Code cause() const { return cause_; }

 private:
  int failures_ = 0;
  Timestamp at_ = kNever;
  Code cause_ = Code::kOk;
};

}  // namespace pawl::attachment

#endif  // PAWL_CLIENT_ATTACHMENT_RETRY_H_
