#include "client/runner/push_source.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/wipe.h"

namespace pawl::runner {

PushSource::PushSource(uint64_t size, absl::AnyInvocable<void()> ready)
    : size_(size), ready_(std::move(ready)), ring_(kCapacity) {}

absl::Status PushSource::Write(ByteView bytes, int64_t timeout_ms) {
  if (bytes.size() > kCapacity) return Fail(Code::kTooLarge, "too many bytes at once");
  std::unique_lock lock(mutex_);
  if (bytes.size() > size_ - written_) return Fail(Code::kTooLarge, "beyond the upload's size");
  const auto ready = [&] {
    return closed_ || abandoned_ || kCapacity - buffered() >= bytes.size();
  };
  if (timeout_ms < 0) {
    room_.wait(lock, ready);
  } else if (!room_.wait_for(lock, std::chrono::milliseconds(timeout_ms), ready)) {
    return Fail(Code::kTimeout, "no room for the bytes in time");
  }
  if (closed_ || abandoned_) return Fail(Code::kClosed, "the upload is closed");
  // Another writer may have been let in while this one waited.
  if (bytes.size() > size_ - written_) return Fail(Code::kTooLarge, "beyond the upload's size");
  const MutableByteView ring = ring_.Writable();
  for (size_t done = 0; done < bytes.size();) {
    const size_t at = static_cast<size_t>(written_ % kCapacity);
    const size_t piece = std::min(bytes.size() - done, kCapacity - at);
    std::copy_n(bytes.begin() + static_cast<ptrdiff_t>(done), piece,
                ring.begin() + static_cast<ptrdiff_t>(at));
    done += piece;
    written_ += piece;
  }
  // Under the lock, so that Abandon, once it has returned, is not followed by a call.
  if (ready_) ready_();
  return OkStatus();
}

bool PushSource::Close() {
  std::lock_guard lock(mutex_);
  closed_ = true;
  room_.notify_all();
  if (ready_) ready_();  // a worker that waits for more must hear that none will come
  return written_ < size_;
}

void PushSource::Abandon() {
  std::lock_guard lock(mutex_);
  abandoned_ = true;
  ready_ = nullptr;
  room_.notify_all();
}

absl::Status PushSource::ReadAt(uint64_t offset, MutableByteView out) {
  std::lock_guard lock(mutex_);
  if (offset != read_) return Fail(Code::kUnsupported, "what was read before is gone");
  if (buffered() < out.size()) {
    return closed_ ? Fail(Code::kCancelled, "the app handed over less than it announced")
                   : Fail(Code::kWouldBlock, "the app has not handed it over yet");
  }
  const MutableByteView ring = ring_.Writable();
  for (size_t done = 0; done < out.size();) {
    const size_t at = static_cast<size_t>(read_ % kCapacity);
    const size_t piece = std::min(out.size() - done, kCapacity - at);
    const MutableByteView from = ring.subspan(at, piece);
    std::copy(from.begin(), from.end(), out.begin() + static_cast<ptrdiff_t>(done));
    Wipe(from);
    done += piece;
    read_ += piece;
  }
  room_.notify_all();
  return OkStatus();
}

}  // namespace pawl::runner
