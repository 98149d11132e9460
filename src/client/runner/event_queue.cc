#include "client/runner/event_queue.h"

#include <algorithm>
#include <chrono>
#include <iterator>

namespace pawl::runner {

size_t EventQueue::Room() {
  std::lock_guard lock(mutex_);
  return durable_bytes_ >= kWindowBytes ? 0 : window_ - std::min(window_, durable_);
}

void EventQueue::Wake() {
  fd_.Set();
  arrived_.notify_all();
}

void EventQueue::PushDurable(std::vector<Event> events) {
  if (events.empty()) return;
  std::lock_guard lock(mutex_);
  if (closed_) return;
  durable_ += events.size();
  for (const Event& event : events) durable_bytes_ += event.content.size();
  std::move(events.begin(), events.end(), std::back_inserter(events_));
  Wake();
}

// True for events of which only the newest of its key counts.
bool EventQueue::KeyOf(const Event& event, Key& key) {
  key.first = event.kind;
  if (event.kind == EventKind::kConnection || event.kind == EventKind::kStore ||
      event.kind == EventKind::kDrained) {
    return true;
  }
  if (event.kind == EventKind::kProgress) {
    key.second = ToBytes(*event.message);
    return true;
  }
  if (event.kind == EventKind::kTyping && event.peer) {
    key.second = ToBytes(AsBytes(event.peer->ToString()));
    return true;
  }
  return false;
}

void EventQueue::Push(Event ephemeral) {
  std::lock_guard lock(mutex_);
  if (closed_) return;
  Key key;
  if (KeyOf(ephemeral, key)) {
    const bool is_typing = ephemeral.kind == EventKind::kTyping;
    auto [at, is_new] = latest_.try_emplace(std::move(key), first_ + events_.size());
    if (!is_new) {
      events_[at->second - first_] = std::move(ephemeral);
      return;
    }
    if (is_typing && typing_ >= kMaxTyping) {
      latest_.erase(at);
      return;
    }
    typing_ += is_typing ? 1 : 0;
  }
  events_.push_back(std::move(ephemeral));
  Wake();
}

void EventQueue::Close() {
  std::lock_guard lock(mutex_);
  closed_ = true;
  events_.clear();
  latest_.clear();
  Wake();
}

absl::StatusOr<EventQueue::Taken> EventQueue::Take(size_t max, int64_t timeout_ms) {
  std::unique_lock lock(mutex_);
  const auto ready = [&] { return closed_ || !events_.empty(); };
  if (timeout_ms < 0) {
    arrived_.wait(lock, ready);
  } else if (!ready()) {
    // A wait of no length, too, would put the thread to sleep, for as long as the timer's slack.
    const auto timeout = std::chrono::milliseconds(timeout_ms);
    if (timeout_ms == 0 || !arrived_.wait_for(lock, timeout, ready)) {
      return Fail(Code::kTimeout, "no event came in time");
    }
  }
  if (closed_) return Fail(Code::kClosed, "the client is closed");

  Taken taken;
  const size_t durable_before = durable_;
  while (!events_.empty() && taken.events.size() < max) {
    Event& event = events_.front();
    Key key;
    if (KeyOf(event, key)) latest_.erase(key);
    if (event.kind == EventKind::kTyping) --typing_;
    if (IsDurable(event.kind)) {
      --durable_;
      durable_bytes_ -= event.content.size();
      highest_known_ = std::max(highest_known_, event.seq);
    }
    taken.events.push_back(std::move(event));
    events_.pop_front();
    ++first_;
  }
  taken.refill =
      durable_ < durable_before && durable_ <= window_ / 2 && durable_bytes_ <= kWindowBytes / 2;
  if (events_.empty()) fd_.Clear();
  return taken;
}

void EventQueue::SetKnown(InboxSeq last) {
  std::lock_guard lock(mutex_);
  highest_known_ = std::max(highest_known_, last);
}

InboxSeq EventQueue::highest_known() {
  std::lock_guard lock(mutex_);
  return highest_known_;
}

}  // namespace pawl::runner
