#ifndef PAWL_CLIENT_RUNNER_RELAY_LINK_H_
#define PAWL_CLIENT_RUNNER_RELAY_LINK_H_

#include <optional>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "base/clock.h"
#include "base/rng.h"
#include "base/status.h"
#include "client/engine/relay_port.h"
#include "client/runner/socket_port.h"
#include "transport/connection.h"

namespace pawl::runner {

// One connection to the relay with its socket: carries out what the machine asks of the socket, and
// passes on the rest. Thread-compatible: the client's thread.
class RelayLink {
 public:
  // Asked for by the device connection.
  using Signer = absl::FunctionRef<absl::StatusOr<ByteArray<64>>(ByteView message)>;
  // Gets every effect that is not about the socket. May call Submit and Request.
  using Sink = absl::FunctionRef<void(const transport::Effect& effect)>;

  RelayLink(client::Channel channel, SocketPort* sockets, Rng* rng)
      : channel_(channel), sockets_(sockets), rng_(rng) {}

  client::Channel channel() const { return channel_; }
  bool configured() const { return connection_.has_value(); }
  // Only while offline. kInvalidArgument.
  absl::Status Configure(transport::ConnectionConfig config);

  // --- each may leave effects behind: Handle them ---
  void Start(Timestamp now);
  void Stop(Timestamp now);
  void Opened(SocketId socket, const transport::ChannelInfo& channel, Timestamp now);
  void Message(SocketId socket, ByteView message, Timestamp now);
  void Sent(SocketId socket, Bytes buffer, Timestamp now);
  void Pong(SocketId socket, Timestamp now);
  void Closed(SocketId socket, transport::SocketEnd end, Timestamp now);
  void Tick(Timestamp now);
  void Acknowledge(std::span<const MailboxCursor> cursors, Timestamp now);
  // Nothing when the call was taken: its Reply comes later.
  std::optional<client::Reply> Submit(const client::Call& call, Timestamp now);
  template <typename Frame>
  absl::StatusOr<transport::RequestNumber> Request(Frame frame, Duration timeout, Timestamp now) {
    if (!connection_) return Fail(Code::kDisconnected, "not connected");
    return connection_->Request(std::move(frame), timeout, Turn(now));
  }

  // Until there are none left. Borrowed views in the effects are those of the last Message call.
  void Handle(Timestamp now, Signer sign, Sink sink);
  // What the effect says to the engine, if it says anything.
  std::optional<client::Input> Convert(const transport::Effect& effect);

  bool owns(SocketId socket) const { return socket_ == socket; }
  bool online() const {
    return connection_ && connection_->status().state == transport::State::kOnline;
  }
  bool started() const {
    return connection_ && connection_->status().state != transport::State::kOffline;
  }
  size_t Room() const { return connection_ ? connection_->Room() : 0; }
  Timestamp NextDeadline() const { return connection_ ? connection_->NextDeadline() : kNever; }

 private:
  transport::Turn Turn(Timestamp now) { return {now, *rng_, effects_}; }
  bool HandleSocketEffect(transport::Effect& effect, Timestamp now, Signer sign);
  void OpenSocket(const transport::OpenSocket& open, Timestamp now);

  const client::Channel channel_;
  SocketPort* const sockets_;
  Rng* const rng_;
  std::optional<transport::Connection> connection_;
  std::optional<client::RelayPort> port_;
  transport::Effects effects_;
  transport::Attempt attempt_;
  std::optional<SocketId> socket_;
};

}  // namespace pawl::runner

#endif  // PAWL_CLIENT_RUNNER_RELAY_LINK_H_
