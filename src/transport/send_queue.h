#ifndef PAWL_TRANSPORT_SEND_QUEUE_H_
#define PAWL_TRANSPORT_SEND_QUEUE_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "absl/functional/function_ref.h"
#include "base/bytes.h"
#include "wire/frame.h"

namespace pawl::transport {

// Frames on their way to the socket, coalesced into ws messages of at most kCoalescedSize (a frame
// larger than that has one of its own): one ws message is one TLS record and one system call, so
// small ones are dear (relay.md A2). Buffers come back and are used again: in steady state nothing
// is allocated. Does not bound itself; its owner asks bytes(). Thread-compatible.
class SendQueue {
 public:
  static constexpr size_t kCoalescedSize = 16 * 1024;

  // Each message stands behind `headroom` free bytes.
  explicit SendQueue(size_t headroom) : headroom_(headroom) {}

  // Writes one frame into the scratch writer. The record, valid until the next Encode; empty when
  // no ws message can hold the frame.
  ByteView Encode(absl::FunctionRef<bool(wire::FrameWriter& out)> append);
  // Queues the record of the last Encode.
  void Push();

  // Bytes of the messages queued, headroom not counted.
  size_t bytes() const { return bytes_; }
  bool empty() const { return messages_.empty(); }
  // A message that nothing will be added to waits: there is no point in holding it back.
  bool HasFull() const { return messages_.size() > 1; }
  // The oldest message: headroom, then its bytes.
  std::optional<Bytes> Pop();
  // A buffer that Pop gave out.
  void Recycle(Bytes buffer);
  void Clear();

 private:
  static constexpr size_t kMaxSpare = 4;
  static constexpr size_t kMaxSpareSize = 64 * 1024;  // larger ones are not worth keeping

  struct Message {
    Bytes buffer;
    size_t frames = 0;
  };
  bool FitsLast(size_t record) const;

  size_t headroom_;
  wire::FrameWriter scratch_;
  std::deque<Message> messages_;
  size_t bytes_ = 0;
  std::vector<Bytes> spare_;
};

}  // namespace pawl::transport

#endif  // PAWL_TRANSPORT_SEND_QUEUE_H_
