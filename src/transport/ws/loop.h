#ifndef PAWL_TRANSPORT_WS_LOOP_H_
#define PAWL_TRANSPORT_WS_LOOP_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/functional/any_invocable.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/status.h"
#include "transport/channel.h"
#include "transport/endpoint.h"

namespace pawl::transport::ws {

// Names a socket of one loop. Slots are reused, the pair is not: a stale id is recognised and
// ignored (P9).
struct SocketId {
  uint32_t slot = 0;
  uint32_t generation = 0;  // starts at 1: a default id names nothing
  friend bool operator==(const SocketId&, const SocketId&) = default;
};

// Called on the loop's thread, never from inside a WsLoop method. Must not throw.
class LoopHandler {
 public:
  virtual ~LoopHandler() = default;
  virtual void OnOpened(SocketId socket, const ChannelInfo& channel) = 0;
  // One whole binary message, 8-byte aligned, valid during the call.
  virtual void OnMessage(SocketId socket, ByteView message) = 0;
  // A message given to Send has left for the kernel; its buffer comes back for reuse.
  virtual void OnSent(SocketId socket, Bytes buffer) = 0;
  virtual void OnPong(SocketId socket) = 0;
  // Exactly once for every Open, the last word about that socket; not after Abort or ~WsLoop.
  virtual void OnClosed(SocketId socket, SocketEnd end) = 0;
  // The time asked for by WakeAfter has come.
  virtual void OnWake() = 0;
};

struct LoopOptions {
  TlsPolicy tls;  // for every socket of the loop
  size_t max_message = size_t{256}
                       << 10;  // received; a larger one ends the socket before it is stored
  size_t max_sockets = 8;
  Duration connect_timeout = Seconds(20);
  Duration close_timeout = Seconds(2);  // to flush and to see the peer's close frame
};

// libwebsockets, client side, and the event loop of the thread that calls Run: sockets, tasks from
// other threads, one timer. Exactly one thread, the one inside Run, ever calls into libwebsockets.
//
// What it does to its host: libwebsockets' process-wide log is silenced if nobody has configured
// it; SIGPIPE is blocked on the thread inside Run, its disposition is left as it was; the
// environment's http_proxy is ignored; host names are resolved on a helper thread.
class WsLoop {
 public:
  // kInvalidArgument: CheckPolicy; kIo, kOutOfMemory: no context. `handler` outlives the loop. Any
  // thread.
  static absl::StatusOr<std::unique_ptr<WsLoop>> Create(LoopOptions options, LoopHandler* handler);
  ~WsLoop();  // not while a thread is inside Run
  WsLoop(const WsLoop&) = delete;
  WsLoop& operator=(const WsLoop&) = delete;

  // --- any thread ---
  // Runs `task` on the loop's thread, in the order of posting; before Run starts they wait. False
  // after Stop: the task stays the caller's. Never blocks for longer than a queue insertion.
  bool Post(absl::AnyInvocable<void()>&& task);
  // Run returns soon, after the tasks posted before. Idempotent.
  void Stop();

  // --- the loop's thread: inside Run, from a task or a callback; or before Run ---
  void Run();
  // kInvalidArgument: plain text not allowed here; kWouldBlock: max_sockets are open. Otherwise the
  // outcome comes as OnOpened or OnClosed, never from inside this call.
  absl::StatusOr<SocketId> Open(const Endpoint& endpoint);
  // `buffer` is kSocketHeadroom free bytes and one message (SendMessage::buffer). Messages leave in
  // order. The caller bounds what it hands over (ConnectionConfig::socket_bytes).
  void Send(SocketId socket, Bytes buffer);
  void Ping(SocketId socket);
  // Flushes, says goodbye with `ws_code`; OnClosed follows within close_timeout.
  void Close(SocketId socket, uint16_t ws_code);
  // OnWake after `delay`; replaces an earlier wish. A negative delay cancels.
  void WakeAfter(Duration delay);

 private:
  class Impl;
  explicit WsLoop(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace pawl::transport::ws

#endif  // PAWL_TRANSPORT_WS_LOOP_H_
