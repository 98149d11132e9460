#ifndef PAWL_CLIENT_RUNNER_EVENT_QUEUE_H_
#define PAWL_CLIENT_RUNNER_EVENT_QUEUE_H_

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/status.h"
#include "client/engine/event.h"
#include "client/runner/event_fd.h"

namespace pawl::runner {

using client::Event;
using client::EventKind;

// What the app has not taken yet, in one order: a window on the store's inbox (durable events) and
// the ephemeral ones. Bounded: of progress, typing, connection and store events the newest stands
// for those before it; completions are bounded by the Gate; durable events beyond the window wait
// in the store. Thread-safe.
class EventQueue {
 public:
  EventQueue(size_t window, EventFd fd) : window_(window), fd_(std::move(fd)) {}

  // --- the client's thread ---
  // How many durable events may be pushed. The bytes of the last push may overshoot.
  size_t Room();
  void PushDurable(std::vector<Event> events);
  void Push(Event ephemeral);
  // So many numbers were given out before this queue was made.
  void SetKnown(InboxSeq last);
  // From now on everybody gets kClosed, and the descriptor stays readable.
  void Close();

  // --- any thread ---
  struct Taken {
    std::vector<Event> events;
    // The window has room for more than half: look into the inbox again.
    bool refill = false;
  };
  // 1 to `max` events. kTimeout when none came within timeout_ms (below 0: wait for ever), kClosed.
  absl::StatusOr<Taken> Take(size_t max, int64_t timeout_ms);
  int fd() const { return fd_.fd(); }
  // The highest inbox number that an app can have seen.
  InboxSeq highest_known();

 private:
  using Key = std::pair<EventKind, Bytes>;
  static bool KeyOf(const Event& event, Key& key);
  void Wake();

  // Typing events of so many people are kept; more are dropped, which nobody misses.
  static constexpr size_t kMaxTyping = 256;
  // Of the contents in the window.
  static constexpr size_t kWindowBytes = size_t{4} << 20;

  const size_t window_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  EventFd fd_;
  bool closed_ = false;
  std::deque<Event> events_;
  uint64_t first_ = 0;              // running number of events_.front()
  std::map<Key, uint64_t> latest_;  // where a replaceable event stands
  size_t durable_ = 0;
  size_t durable_bytes_ = 0;
  size_t typing_ = 0;
  InboxSeq highest_known_;
};

}  // namespace pawl::runner

#endif  // PAWL_CLIENT_RUNNER_EVENT_QUEUE_H_
