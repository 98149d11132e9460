#ifndef PAWL_CLIENT_RUNNER_CORE_H_
#define PAWL_CLIENT_RUNNER_CORE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/any_invocable.h"
#include "base/log.h"
#include "client/engine/engine.h"
#include "client/runner/account_board.h"
#include "client/runner/event_queue.h"
#include "client/runner/gate.h"
#include "client/runner/order.h"
#include "client/runner/relay_link.h"
#include "client/runner/transfers.h"
#include "store/store.h"

namespace pawl::runner {

// Everything that happens on a client's thread: joins engine, connections, transfers and event
// queue. Each method is one thing that happened; it returns when all that follows from it is done
// or under way. What arrives together is one Step of the engine, one transaction, one commit, and
// only after that commit does anything leave: frames, acknowledgements, events. Knows no thread and
// no socket itself, so that tests play both. Thread-compatible.
//
// When the store cannot be written (disk full) nothing is lost: connections are closed, so that the
// relay keeps what it has, orders wait, and the store is tried again with growing pauses.
class Core {
 public:
  struct Options {
    transport::Endpoint endpoint;
    transport::TlsPolicy tls;
    client::Config engine;
    std::string transfer_folder;
    Log log;
    bool online = true;
    InboxSeq loaded{};  // durable events up to here are in the queue, or were taken from it
  };
  struct Ports {
    SocketPort* sockets = nullptr;
    Rng* rng = nullptr;
    Rng* disk_rng = nullptr;
    EventQueue* events = nullptr;
    Gate* gate = nullptr;
    AccountBoard* board = nullptr;
    absl::AnyInvocable<void(absl::AnyInvocable<void()>)> run_on_disk;
    absl::AnyInvocable<void(absl::AnyInvocable<void(Timestamp)>)> post;
    absl::AnyInvocable<void(Duration)> wake_after;
  };
  // `store` and everything in `ports` outlive it. kInvalidArgument, kCorrupt, kStorage.
  static absl::StatusOr<std::unique_ptr<Core>> Create(store::Store* store, Options options,
                                                      Ports ports);

  // Once, first: starts what was under way when the store was last open.
  void Begin(Timestamp now);

  // --- the app ---
  void Take(std::vector<Order> orders, Timestamp now);
  void Ack(InboxSeq up_to, Timestamp now);
  void SetOnline(bool online, Timestamp now);
  // The app has taken events: the window on the inbox may move on.
  void Refill(Timestamp now);
  void SourceReady(const MessageId& message, Timestamp now);
  // A task of the transfers that came back from the disk.
  void Run(absl::AnyInvocable<void(Timestamp)> task, Timestamp now);
  // Takes leave of the relay. No call but Closed may follow, and TakeRest.
  void Stop(Timestamp now);
  CoreRest TakeRest();

  // --- sockets and time ---
  void Opened(SocketId socket, const transport::ChannelInfo& channel, Timestamp now);
  void Message(SocketId socket, ByteView message, Timestamp now);
  void Sent(SocketId socket, Bytes buffer, Timestamp now);
  void Pong(SocketId socket, Timestamp now);
  void Closed(SocketId socket, transport::SocketEnd end, Timestamp now);
  void Wake(Timestamp now);

 private:
  static constexpr size_t kInboxPage = 64;  // events read from the inbox at a time

  Core(store::Store* store, Options options, Ports ports);

  // core.cc: the engine
  absl::Status LoadKnown();
  void Settle(Timestamp now);
  void Push(client::Input input);
  void StepOnce(Timestamp now);
  void ContentGone(size_t bytes, bool leave);
  void Release(client::Effects effects, Timestamp now);
  void Show(client::Event event);
  void LoadInbox(Timestamp now);
  void RefreshBoard();

  // core_store.cc: a store that cannot be written
  void Halt(const absl::Status& why, Timestamp now);
  void Resume(Timestamp now);
  void DropBorrowedInputs();

  // core_links.cc: the connections
  template <typename What>
  void With(SocketId socket, Timestamp now, What what);
  void HandleLink(RelayLink& link, Timestamp now);
  void ApplyWishes(Timestamp now);
  void ApplyDeviceWish(Timestamp now);
  void ApplyAnonymousWish(Timestamp now);
  absl::Status ConfigureDevice();
  void ScheduleWake(Timestamp now);

  store::Store* const store_;
  const Options options_;
  Ports ports_;
  std::unique_ptr<client::Engine> engine_;
  RelayLink device_;
  RelayLink anonymous_;
  Transfers transfers_;

  // What waits for the next Step, and what it costs at the gate.
  struct Cost {
    size_t bytes = 0;
    bool leave = false;  // no completion will come: the place is free after the Step
  };
  std::vector<client::Input> inputs_;
  std::vector<Cost> costs_;
  absl::flat_hash_map<RequestId, MessageId> offered_;  // sources, until their order is decided

  bool online_;
  bool stopped_ = false;
  bool want_device_ = false;
  bool want_anonymous_ = false;
  std::optional<identity::DeviceAddress> device_of_;  // whom device_ is configured for
  Timestamp anonymous_idle_at_ = kNever;
  Timestamp anonymous_ends_at_ = kNever;
  InboxSeq loaded_;  // the last durable event in the queue, or taken from it
  bool more_in_inbox_ = true;

  bool tidied_ = false;  // files that no transfer needs are gone
  bool halted_ = false;
  int halts_ = 0;
  Timestamp retry_at_ = kNever;
};

}  // namespace pawl::runner

#endif  // PAWL_CLIENT_RUNNER_CORE_H_
