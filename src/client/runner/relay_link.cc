#include "client/runner/relay_link.h"

#include <utility>
#include <variant>

namespace pawl::runner {

absl::Status RelayLink::Configure(transport::ConnectionConfig config) {
  if (started()) return Fail(Code::kWrongState, "the connection is in use");
  PAWL_ASSIGN(connection_, transport::Connection::Create(std::move(config)));
  port_.emplace(channel_, &*connection_);
  return OkStatus();
}

void RelayLink::Start(Timestamp now) {
  if (connection_) connection_->Start(Turn(now));
}

void RelayLink::Stop(Timestamp now) {
  if (connection_) connection_->Stop(Turn(now));
}

void RelayLink::Opened(SocketId socket, const transport::ChannelInfo& channel, Timestamp now) {
  if (owns(socket)) connection_->SocketOpened(attempt_, channel, Turn(now));
}

void RelayLink::Message(SocketId socket, ByteView message, Timestamp now) {
  if (owns(socket)) connection_->SocketMessage(attempt_, message, Turn(now));
}

void RelayLink::Sent(SocketId socket, Bytes buffer, Timestamp now) {
  if (owns(socket)) connection_->SocketSent(attempt_, std::move(buffer), Turn(now));
}

void RelayLink::Pong(SocketId socket, Timestamp now) {
  if (owns(socket)) connection_->SocketPong(attempt_, Turn(now));
}

void RelayLink::Closed(SocketId socket, transport::SocketEnd end, Timestamp now) {
  if (!owns(socket)) return;
  socket_.reset();
  connection_->SocketClosed(attempt_, end, Turn(now));
}

void RelayLink::Tick(Timestamp now) {
  if (connection_ && connection_->NextDeadline() <= now) connection_->Tick(Turn(now));
}

void RelayLink::Acknowledge(std::span<const MailboxCursor> cursors, Timestamp now) {
  if (connection_ && !cursors.empty()) connection_->Acknowledge(cursors, Turn(now));
}

std::optional<client::Reply> RelayLink::Submit(const client::Call& call, Timestamp now) {
  if (port_) return port_->Submit(call, Turn(now));
  client::Reply lost{.channel = channel_, .call = call.id, .body = {}};
  lost.body = client::Refused{.code = Code::kDisconnected, .retry_after = {}};
  return lost;
}

std::optional<client::Input> RelayLink::Convert(const transport::Effect& effect) {
  return port_ ? port_->Convert(effect) : std::nullopt;
}

void RelayLink::Handle(Timestamp now, Signer sign, Sink sink) {
  // What is done for one effect may append others.
  for (size_t i = 0; i < effects_.size(); ++i) {
    transport::Effect effect = std::move(effects_[i]);
    if (!HandleSocketEffect(effect, now, sign)) sink(effect);
  }
  effects_.clear();
}

void RelayLink::OpenSocket(const transport::OpenSocket& open, Timestamp now) {
  attempt_ = open.attempt;
  absl::StatusOr<SocketId> socket = sockets_->Open(open.endpoint);
  if (socket.ok()) {
    socket_ = *socket;
    return;
  }
  socket_.reset();
  connection_->SocketClosed(
      attempt_, {.failure = transport::SocketFailure::kConnect, .ws_code = transport::kCloseNone},
      Turn(now));
}

bool RelayLink::HandleSocketEffect(transport::Effect& effect, Timestamp now, Signer sign) {
  if (auto* open = std::get_if<transport::OpenSocket>(&effect)) {
    OpenSocket(*open, now);
  } else if (auto* send = std::get_if<transport::SendMessage>(&effect)) {
    if (socket_ && send->attempt == attempt_) sockets_->Send(*socket_, std::move(send->buffer));
  } else if (auto* ping = std::get_if<transport::PingSocket>(&effect)) {
    if (socket_ && ping->attempt == attempt_) sockets_->Ping(*socket_);
  } else if (auto* close = std::get_if<transport::CloseSocket>(&effect)) {
    // The machine has forgotten the socket; so do we. OnClosed will find nobody.
    if (socket_ && close->attempt == attempt_) {
      sockets_->Close(*std::exchange(socket_, std::nullopt), close->ws_code);
    }
  } else if (auto* need = std::get_if<transport::NeedSignature>(&effect)) {
    absl::StatusOr<ByteArray<64>> signature = sign(need->message);
    // Without one the login runs into its deadline, which is what it deserves.
    if (signature.ok()) connection_->Signed(need->attempt, *signature, Turn(now));
  } else {
    return false;
  }
  return true;
}

}  // namespace pawl::runner
