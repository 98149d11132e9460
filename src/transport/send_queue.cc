#include "transport/send_queue.h"

#include <utility>

namespace pawl::transport {

ByteView SendQueue::Encode(absl::FunctionRef<bool(wire::FrameWriter& out)> append) {
  scratch_.Clear();
  if (!append(scratch_) || scratch_.frames() != 1) {
    scratch_.Clear();
    return {};
  }
  return scratch_.message().subspan(wire::kPreambleSize);
}

bool SendQueue::FitsLast(size_t record) const {
  if (messages_.empty()) return false;
  const Message& last = messages_.back();
  return last.frames < wire::kMaxFramesPerMessage &&
         last.buffer.size() - headroom_ + record <= kCoalescedSize;
}

void SendQueue::Push() {
  const ByteView message = scratch_.message();
  const ByteView record = message.subspan(wire::kPreambleSize);
  if (record.empty()) return;
  if (!FitsLast(record.size())) {
    Bytes buffer;
    if (!spare_.empty()) {
      buffer = std::move(spare_.back());
      spare_.pop_back();
    }
    buffer.assign(headroom_, 0);
    const ByteView preamble = message.first(wire::kPreambleSize);
    buffer.insert(buffer.end(), preamble.begin(), preamble.end());
    bytes_ += preamble.size();
    messages_.push_back({std::move(buffer), 0});
  }
  Message& last = messages_.back();
  last.buffer.insert(last.buffer.end(), record.begin(), record.end());
  ++last.frames;
  bytes_ += record.size();
}

std::optional<Bytes> SendQueue::Pop() {
  if (messages_.empty()) return std::nullopt;
  Bytes buffer = std::move(messages_.front().buffer);
  messages_.pop_front();
  bytes_ -= buffer.size() - headroom_;
  return buffer;
}

void SendQueue::Recycle(Bytes buffer) {
  if (spare_.size() < kMaxSpare && buffer.capacity() <= kMaxSpareSize) {
    spare_.push_back(std::move(buffer));
  }
}

void SendQueue::Clear() {
  while (auto buffer = Pop()) Recycle(*std::move(buffer));
}

}  // namespace pawl::transport
