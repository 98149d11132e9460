#include <algorithm>
#include <utility>

#include "transport/connection.h"

namespace pawl::transport {
namespace {

constexpr Duration kLongestRequest = Hours(24);

}  // namespace

size_t Connection::Room() const {
  if (status_.state != State::kOnline) return 0;
  return config_.queue_bytes - std::min(config_.queue_bytes, queue_.bytes());
}

absl::StatusOr<RequestNumber> Connection::TryRequest(AppendFrame append, Duration timeout,
                                                     Turn turn) {
  const Timestamp now = time_.Advance(turn.now);
  if (status_.state != State::kOnline) return Fail(Code::kDisconnected, "not online");
  const uint64_t number = requests_.OnWire(requests_.next());
  const ByteView record =
      queue_.Encode([&](wire::FrameWriter& out) { return append(out, number); });
  if (record.empty() || record.size() + wire::kPreambleSize > relay_.max_message) {
    return Fail(Code::kTooLarge, "no message can hold the frame");
  }
  if (requests_.full() || record.size() > Room()) {
    owes_drained_ = true;
    return Fail(Code::kWouldBlock, "send queue is full");
  }
  if (queue_.empty() && config_.flush_delay_max > Milliseconds(0)) {
    const auto widest = static_cast<uint64_t>(config_.flush_delay_max.ms);
    flush_at_ = now + Milliseconds(static_cast<int64_t>(turn.rng.Below(widest + 1)));
  }
  queue_.Push();
  const RequestNumber request =
      requests_.Add(now + std::clamp(timeout, Milliseconds(0), kLongestRequest));
  Flush(turn);
  return request;
}

// Frames of the machine itself. That they fit was checked with the config; if one did not, the
// deadline of the state would end it.
void Connection::QueueOwn(absl::FunctionRef<bool(wire::FrameWriter& out)> append) {
  queue_.Encode(append);
  queue_.Push();
}

void Connection::Acknowledge(std::span<const MailboxCursor> cursors, Turn turn) {
  time_.Advance(turn.now);
  if (status_.state != State::kOnline || config_.mode != Mode::kDevice) return;
  window_.Commit(cursors);
  Flush(turn);
}

void Connection::QueueAcks() {
  if (!window_.HasAcks()) return;
  const std::vector<MailboxCursor> cursors = window_.TakeAcks();
  QueueOwn([&](wire::FrameWriter& out) { return wire::Append(out, wire::Ack{cursors}); });
}

// Nagle's rule with the socket's "sent" for the peer's acknowledgement: what comes alone leaves at
// once, what comes while the socket is busy leaves together.
bool Connection::MayHandOver() const {
  if (time_.now() < flush_at_) return false;
  return in_flight_ == 0 || (queue_.HasFull() && in_flight_ < config_.socket_bytes);
}

void Connection::HandOver(Turn turn) {
  std::optional<Bytes> buffer = queue_.Pop();
  if (!buffer) return;
  if (in_flight_ == 0) progress_at_ = time_.now();
  in_flight_ += buffer->size();
  turn.effects.emplace_back(SendMessage{attempt_, *std::move(buffer)});
}

void Connection::Flush(Turn turn) {
  if (!has_socket_ || status_.state == State::kConnecting) return;
  // Acknowledgements wait in the window, where they are bounded, until they can leave.
  if (MayHandOver()) QueueAcks();
  while (!queue_.empty() && MayHandOver()) HandOver(turn);
}

void Connection::SocketSent(Attempt attempt, Bytes buffer, Turn turn) {
  const Timestamp now = time_.Advance(turn.now);
  const size_t sent = buffer.size();
  queue_.Recycle(std::move(buffer));
  if (!Owns(attempt)) return;
  in_flight_ -= std::min(in_flight_, sent);
  progress_at_ = now;
  Flush(turn);
  TellDrained(turn);
}

void Connection::TellDrained(Turn turn) {
  if (!owes_drained_ || queue_.bytes() > config_.drained_below || requests_.full()) return;
  owes_drained_ = false;
  turn.effects.emplace_back(Drained{});
}

Timestamp Connection::NextFlush() const {
  return queue_.empty() || in_flight_ != 0 ? kNever : flush_at_;
}

// A peer that keeps talking but takes nothing is as dead as a silent one.
Timestamp Connection::StalledAt() const {
  return in_flight_ == 0 ? kNever : progress_at_ + config_.dead_after;
}

}  // namespace pawl::transport
