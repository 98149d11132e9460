#ifndef PAWL_TRANSPORT_CONNECTION_H_
#define PAWL_TRANSPORT_CONNECTION_H_

#include <memory>
#include <span>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/rng.h"
#include "base/status.h"
#include "transport/channel.h"
#include "transport/config.h"
#include "transport/effects.h"
#include "wire/client_frames.h"

namespace pawl::transport {

// The label of the signature that NeedSignature asks for.
inline constexpr std::string_view kAuthLabel = "pawl relay auth v1";

// What every input carries: the time, where randomness comes from, and where effects go.
// `now` may jump: a jump back delays nothing, a jump forward (sleep) makes what is overdue happen
// at once.
struct Turn {
  Timestamp now;
  Rng& rng;
  Effects& effects;
};

// What the relay's CHALLENGE said of itself: hints, except that exceeding the limits is refused.
struct RelayInfo {
  Timestamp time;             // its clock
  uint32_t max_message = 0;   // bytes of one ws message
  uint32_t max_envelope = 0;  // bytes
  std::string domain;         // the part after @ of its accounts
  bool invitation_required = false;
};

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
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;
  ~Connection();

  // --- the owner's wishes ---
  // Connects now: from kOffline, kReplaced and kRefused, and from kBackingOff without waiting for
  // `until` (the host says that the network is back). Nothing happens while a socket exists.
  void Start(Turn turn);
  // Hands over what is queued, closes, fails every request. kOffline.
  void Stop(Turn turn);

  // Writes `frame` (a struct of wire/client_frames.h; its `req` is filled in here) into the send
  // buffer. The request ends within `timeout`. On failure nothing happened: kDisconnected unless
  // online; kWouldBlock while the queue or the request table is full, a Drained follows; kTooLarge
  // when no ws message can hold the frame.
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
  const Status& status() const;
  Mode mode() const;
  // Bytes that may be queued before Request says kWouldBlock; 0 unless online. (One frame may
  // overshoot it.)
  size_t Room() const;
  // Everything up to here was acknowledged: what the next HELLO resumes after.
  MailboxCursor resume_after() const;
  // As of the last CHALLENGE.
  const RelayInfo& relay() const;

 private:
  using AppendFrame = absl::FunctionRef<bool(wire::FrameWriter& out, uint64_t req)>;
  class Machine;
  explicit Connection(std::unique_ptr<Machine> machine);
  absl::StatusOr<RequestNumber> TryRequest(AppendFrame append, Duration timeout, Turn turn);

  std::unique_ptr<Machine> machine_;
};

}  // namespace pawl::transport

#endif  // PAWL_TRANSPORT_CONNECTION_H_
