#ifndef PAWL_TRANSPORT_CONNECTION_H_
#define PAWL_TRANSPORT_CONNECTION_H_

#include <optional>
#include <span>

#include "absl/functional/function_ref.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/status.h"
#include "transport/backoff.h"
#include "transport/channel.h"
#include "transport/config.h"
#include "transport/effects.h"
#include "transport/keep_alive.h"
#include "transport/login.h"
#include "transport/receive_window.h"
#include "transport/request_table.h"
#include "transport/send_queue.h"
#include "transport/steady_time.h"
#include "wire/frames.h"

namespace pawl::transport {

// One logical connection to a relay, without any I/O: it outlives its sockets. Inputs are the
// methods, outputs are the effects; it touches nothing else, so the simulator runs this very
// object. Thread-compatible.
//
// Promises (P8, P10): every state that should not last has a deadline; every request ends exactly
// once, as Answered or as RequestFailed; the bytes held are bounded by the config; a relay that
// talks garbage costs us one socket and a growing wait.
class Connection {
 public:
  static absl::StatusOr<Connection> Create(ConnectionConfig config);

  // --- the owner's wishes ---
  // Connects now: from kOffline, kReplaced and kRefused, and from kBackingOff without waiting for
  // `until` (the host says that the network is back). Nothing happens while a socket exists.
  void Start(Turn turn);
  // Hands over what is queued, closes, fails every request. kOffline.
  void Stop(Turn turn);

  // Writes `frame` (a struct of wire/client_frames.h; its `req` is filled in here) into the send
  // buffer. The request ends within `timeout` (at most a day). On failure nothing happened:
  // kDisconnected unless online; kWouldBlock while the queue or the request table is full, and a
  // Drained follows unless the connection ends first; kTooLarge when no ws message can hold it.
  template <typename Frame>
  absl::StatusOr<RequestNumber> Request(Frame frame, Duration timeout, Turn turn) {
    return TryRequest(
        [&frame](wire::FrameWriter& out, uint64_t req) {
          frame.req = req;
          return wire::Append(out, frame);
        },
        timeout, turn);
  }
  // Device mode: these deliveries are committed. The relay forgets them, the receive window moves
  // on. Cursors that were not delivered on the present socket are ignored: the relay delivers again
  // what it still has.
  void Acknowledge(std::span<const MailboxCursor> cursors, Turn turn);
  // Answers NeedSignature.
  void Signed(Attempt attempt, const ByteArray<64>& signature, Turn turn);

  // --- the socket's side ---
  void SocketOpened(Attempt attempt, const ChannelInfo& channel, Turn turn);
  // One complete binary ws message at an 8-aligned address. Ready, Delivered and Answered borrow
  // it.
  void SocketMessage(Attempt attempt, ByteView message, Turn turn);
  void SocketSent(Attempt attempt, Bytes buffer, Turn turn);
  void SocketPong(Attempt attempt, Turn turn);
  void SocketClosed(Attempt attempt, SocketEnd end, Turn turn);

  // --- time ---
  // When Tick must be called at the latest, in the caller's time as of the last input; kNever if
  // nothing is due.
  Timestamp NextDeadline() const;
  void Tick(Turn turn);

  // --- looking ---
  const Status& status() const { return status_; }
  Mode mode() const { return config_.mode; }
  size_t Room() const;  // bytes of frames that Request would take now; 0 unless online
  const RelayInfo& relay() const { return relay_; }  // as of the last CHALLENGE
  bool IsConsistent() const;                         // between any two inputs; for tests

 private:
  using AppendFrame = absl::FunctionRef<bool(wire::FrameWriter& out, uint64_t req)>;
  // Why a socket is no longer ours, and what follows.
  struct Ending {
    Code cause = Code::kDisconnected;
    State next = State::kBackingOff;
    Duration floor{};           // kBackingOff: wait at least that long
    uint16_t say = kCloseNone;  // our close code; kCloseNone: the socket is gone already
  };

  explicit Connection(ConnectionConfig config);

  // connection.cc: the life of the sockets.
  bool Owns(Attempt attempt) const { return has_socket_ && attempt == attempt_; }
  void Connect(Turn turn, Literal reason);
  void EndSocket(Ending ending, Turn turn, Literal reason);
  void SetState(State state, Code cause, Turn turn, Literal reason);
  void TickOnline(Turn turn);

  // connection_send.cc: what goes out.
  absl::StatusOr<RequestNumber> TryRequest(AppendFrame append, Duration timeout, Turn turn);
  void QueueOwn(absl::FunctionRef<bool(wire::FrameWriter& out)> append);
  void QueueAcks();
  bool MayHandOver() const;
  void HandOver(Turn turn);
  void Flush(Turn turn);
  void TellDrained(Turn turn);
  Timestamp NextFlush() const;
  Timestamp StalledAt() const;

  // connection_receive.cc: what the relay says.
  void OnFrame(const wire::FrameView& frame, Turn turn);
  void OnChallenge(const wire::FrameView& frame, Turn turn);
  void QueueHello();
  void OnReady(const wire::FrameView& frame, Turn turn);
  void OnAnswer(RequestNumber request, const wire::FrameView& frame, Turn turn);
  void OnMail(const wire::FrameView& frame, Turn turn);
  void OnUnasked(const wire::FrameView& frame, Turn turn);
  void OnDismissed(Code code, Duration retry_after, Turn turn);
  void BadRelay(Turn turn, Literal reason);

  ConnectionConfig config_;
  SteadyTime time_;
  Backoff backoff_;
  Status status_;
  Attempt attempt_;          // the latest
  bool has_socket_ = false;  // asked for, and neither closed nor given up
  Timestamp deadline_;       // kConnecting, kAuthenticating, kBackingOff: when that ends
  Timestamp online_since_;

  std::optional<Login> login_;  // kAuthenticating
  RelayInfo relay_;
  KeepAlive keep_alive_;
  RequestTable requests_;
  ReceiveWindow window_;

  SendQueue queue_;
  size_t in_flight_ = 0;       // handed to the socket and not reported as sent
  Timestamp progress_at_;      // when in_flight_ last fell, or began
  Timestamp flush_at_;         // nothing queued leaves before
  bool owes_drained_ = false;  // somebody was refused with kWouldBlock
};

}  // namespace pawl::transport

#endif  // PAWL_TRANSPORT_CONNECTION_H_
