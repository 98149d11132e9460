#ifndef PAWL_CLIENT_RUNNER_CLIENT_IMPL_H_
#define PAWL_CLIENT_RUNNER_CLIENT_IMPL_H_

#include <atomic>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "client/runner/client.h"
#include "client/runner/host.h"

namespace pawl::runner {

// Content that waits for the client's thread.
constexpr size_t kQueueBytes = size_t{16} << 20;

struct Client::Impl {
  Impl(const ClientOptions& options, EventFd fd)
      : log_target(options.log_target),
        gate(options.queue_capacity, kQueueBytes),
        events(options.event_capacity, std::move(fd)) {}

  absl::Status Init(ClientOptions options);
  absl::Status Enqueue(Order order);
  // suspension.cc
  absl::Status PostOrders();
  absl::Status PostAck();
  absl::Status PostRefill();
  absl::Status PostOnline(bool online);
  absl::Status GoOn();
  void Keep(CoreRest rest);
  absl::Status NoReader();
  template <typename What>
  auto Read(What what) -> decltype(what(std::declval<store::Reader&>())) {
    std::lock_guard lock(reader_mutex);
    if (reader == nullptr) return NoReader();
    return what(*reader);
  }

  // Runs `what(store, rng)` on the client's thread, between Steps and with no reader open, and
  // waits for it.
  template <typename What>
  absl::Status OnStore(What what);

  const std::shared_ptr<void> log_target;
  Gate gate;
  EventQueue events;
  AccountBoard board;
  std::unique_ptr<store::Store> store;
  std::mutex reader_mutex;
  std::unique_ptr<store::Reader> reader;  // null once closed
  Host host{{.events = &events, .gate = &gate, .board = &board}};
  Core::Options start;  // what the host is started with; `online` under orders_mutex

  std::atomic<uint64_t> next_request{1};
  // Orders that the client's thread has not taken; how many they can be is the gate's business.
  std::mutex orders_mutex;
  std::vector<Order> orders;
  std::atomic<uint64_t> acked{0};
  std::atomic<bool> ack_posted{false};
  std::atomic<bool> refill_posted{false};

  std::mutex close_mutex;  // suspending and closing; taken before the others
  bool closed = false;
  bool changed_meanwhile = false;      // in the store, and the app was not told yet
  std::atomic<bool> suspended{false};  // changes under both close_mutex and orders_mutex
};

}  // namespace pawl::runner

#endif  // PAWL_CLIENT_RUNNER_CLIENT_IMPL_H_
