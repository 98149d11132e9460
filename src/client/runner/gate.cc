#include "client/runner/gate.h"

#include <algorithm>

namespace pawl::runner {

absl::Status Gate::Enter(size_t bytes) {
  if (bytes > max_bytes_) return Fail(Code::kTooLarge, "the request is too large");
  std::lock_guard lock(mutex_);
  if (closed_) return Fail(Code::kClosed, "the client is closed");
  if (requests_ >= max_requests_ || bytes_ + bytes > max_bytes_) {
    refused_ = true;
    return Fail(Code::kWouldBlock, "too many requests are under way");
  }
  ++requests_;
  bytes_ += bytes;
  return OkStatus();
}

void Gate::Close() {
  std::lock_guard lock(mutex_);
  closed_ = true;
}

bool Gate::ContentGone(size_t bytes) {
  std::lock_guard lock(mutex_);
  bytes_ -= std::min(bytes, bytes_);
  return HasRoomAgain();
}

bool Gate::Leave() {
  std::lock_guard lock(mutex_);
  if (requests_ > 0) --requests_;
  return HasRoomAgain();
}

// With some distance to the limit, so that a busy app is not told of every single place.
bool Gate::HasRoomAgain() {
  if (!refused_ || requests_ > max_requests_ * 3 / 4 || bytes_ > max_bytes_ / 2) return false;
  refused_ = false;
  return true;
}

}  // namespace pawl::runner
