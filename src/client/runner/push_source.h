#ifndef PAWL_CLIENT_RUNNER_PUSH_SOURCE_H_
#define PAWL_CLIENT_RUNNER_PUSH_SOURCE_H_

#include <condition_variable>
#include <mutex>

#include "absl/functional/any_invocable.h"
#include "client/attachment/source.h"
#include "crypto/secret.h"

namespace pawl::runner {

// An upload whose bytes the app hands over piece by piece. Holds up to kCapacity of them; what was
// read is gone, so it cannot go back. Write and Close: any thread; the rest: the IO worker.
class PushSource final : public attachment::Source {
 public:
  static constexpr size_t kCapacity = size_t{1} << 20;

  // `ready` is called, on the writer's thread, when bytes came that the worker may have asked for.
  PushSource(uint64_t size, absl::AnyInvocable<void()> ready);

  // All of `bytes` or none: waits until there is room. kTooLarge (more than kCapacity, or beyond
  // the size), kTimeout, kClosed.
  absl::Status Write(ByteView bytes, int64_t timeout_ms);
  // No more will come. True when bytes are missing: the upload cannot be finished.
  bool Close();
  // Nobody reads any more: writers get kClosed.
  void Abandon();

  uint64_t size() const override { return size_; }
  absl::Status ReadAt(uint64_t offset, MutableByteView out) override;
  Bytes Stamp() const override { return {}; }

 private:
  size_t buffered() const { return static_cast<size_t>(written_ - read_); }

  const uint64_t size_;
  absl::AnyInvocable<void()> ready_;
  std::mutex mutex_;
  std::condition_variable room_;
  crypto::SecretBytes ring_;
  uint64_t written_ = 0;
  uint64_t read_ = 0;
  bool closed_ = false;
  bool abandoned_ = false;
};

}  // namespace pawl::runner

#endif  // PAWL_CLIENT_RUNNER_PUSH_SOURCE_H_
