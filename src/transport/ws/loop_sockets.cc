#include <utility>

#include "transport/effects.h"
#include "transport/ws/loop_impl.h"

// What the owner asks of a socket, from Open to OnClosed.

namespace pawl::transport::ws {
namespace {

using Stage = Socket::Stage;

constexpr int kWritesPerTurn = 16;

}  // namespace

absl::StatusOr<SocketId> WsLoop::Impl::Open(const Endpoint& endpoint) {
  PAWL_TRY(CheckPolicy(endpoint, options_.tls));
  Socket* socket = sockets_.Take();
  if (socket == nullptr) return Fail(Code::kWouldBlock, "all sockets are in use");
  if (endpoint.tls) tls_->Prepare();
  const SocketId id = socket->id;
  socket->stage = Stage::kResolving;
  socket->endpoint = endpoint;
  Arm(*socket, options_.connect_timeout);
  if (Addresses known = KnownAddresses(endpoint.host); !known.empty()) {
    OnResolved(id, std::move(known));
  } else if (!resolver_->Resolve(endpoint.host, [this, id](Addresses addresses) {
               auto tell = [this, id, found = std::move(addresses)]() mutable {
                 OnResolved(id, std::move(found));
               };
               if (tasks_.Push(std::move(tell)) == TaskQueue::Pushed::kWake) WakeUp();
             })) {
    End(*socket, {SocketFailure::kResolve});
  }
  return id;
}

void WsLoop::Impl::OnResolved(SocketId id, Addresses addresses) {
  Socket* socket = sockets_.Find(id);
  if (socket == nullptr || socket->stage != Stage::kResolving) return;
  if (addresses.empty()) return End(*socket, {SocketFailure::kResolve});
  socket->addresses.assign(addresses.rbegin(), addresses.rend());
  socket->stage = Stage::kConnecting;
  ConnectSoon(*socket);
}

void WsLoop::Impl::ConnectSoon(Socket& socket) {
  next_address_.push_back(&socket);
  WakeUp();
}

void WsLoop::Impl::ConnectAgain() {
  for (Socket* socket : std::exchange(next_address_, {})) {
    if (socket->stage == Stage::kConnecting && socket->wsi == nullptr) Connect(*socket);
  }
}

void WsLoop::Impl::Connect(Socket& socket) {
  while (!socket.addresses.empty()) {
    const std::string address = std::move(socket.addresses.back());
    socket.addresses.pop_back();
    if (TryAddress(socket, address)) return;
  }
  End(socket, {SocketFailure::kConnect});
}

bool WsLoop::Impl::TryAddress(Socket& socket, const std::string& address) {
  socket.end.reset();
  socket.upgrading = false;
  lws_client_connect_info info{};
  info.context = context_;
  info.address = address.c_str();
  info.port = socket.endpoint.port;
  info.host = socket.endpoint.host.c_str();
  info.path = socket.endpoint.path.c_str();
  info.protocol = kSubprotocol;
  info.alpn = "http/1.1";
  info.ssl_connection = LCCSCF_HTTP_NO_FOLLOW_REDIRECT;
  // Host names are checked by TlsClient: libwebsockets would cut them at 127 bytes and at a colon.
  if (socket.endpoint.tls) {
    info.ssl_connection |= LCCSCF_USE_SSL | LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK;
  }
  info.retry_and_idle_policy = &kNoValidityChecks;
  info.opaque_user_data = &socket;
  info.pwsi = &socket.wsi;
  inside_connect_ = true;
  if (lws_client_connect_via_info(&info) == nullptr) socket.wsi = nullptr;
  inside_connect_ = false;
  return socket.wsi != nullptr;
}

// --- ending ---

void WsLoop::Impl::Kill(Socket& socket) {
  lws_set_timeout(socket.wsi, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_ASYNC);
}

void WsLoop::Impl::Close(SocketId id, uint16_t ws_code) {
  Socket* socket = sockets_.Find(id);
  if (socket == nullptr || socket->stage == Stage::kClosing) return;
  const bool was_open = socket->stage == Stage::kOpen;
  socket->stage = Stage::kClosing;
  if (socket->wsi == nullptr) return End(*socket, {SocketFailure::kNone});
  if (!was_open) return Kill(*socket);
  socket->close_code = ws_code;
  socket->owes_goodbye = true;
  Arm(*socket, options_.close_timeout);
  lws_callback_on_writable(socket->wsi);
}

void WsLoop::Impl::OnDeadline(Socket& socket) {
  if (socket.stage == Stage::kResolving) return End(socket, {SocketFailure::kResolve});
  if (socket.stage == Stage::kConnecting) {
    socket.addresses.clear();
    socket.end = SocketEnd{SocketFailure::kConnect};
  }
  if (socket.wsi != nullptr) Kill(socket);
}

// --- sending ---

void WsLoop::Impl::Send(SocketId id, Bytes buffer) {
  Socket* socket = sockets_.Find(id);
  if (socket == nullptr || socket->stage != Stage::kOpen) return;
  if (buffer.size() < kSocketHeadroom) return;
  socket->outgoing.push_back(std::move(buffer));
  lws_callback_on_writable(socket->wsi);
}

void WsLoop::Impl::Ping(SocketId id) {
  Socket* socket = sockets_.Find(id);
  if (socket == nullptr || socket->stage != Stage::kOpen) return;
  socket->wants_ping = true;
  lws_callback_on_writable(socket->wsi);
}

int WsLoop::Impl::OnWriteable(Socket& socket, lws* wsi) {
  if (socket.stage == Stage::kEnded) return Goodbye(socket, wsi);
  if (std::exchange(socket.wants_ping, false)) {
    // With a byte in it, which comes back: the library may say nothing of an empty pong (4.1.6).
    uint8_t ping[LWS_PRE + 1] = {};
    if (lws_write(wsi, ping + LWS_PRE, 1, LWS_WRITE_PING) < 0) return -1;
  }
  // "If the socket took only part, lws keeps the rest": then it must be left alone until the next
  // callback. Between writes the pipe is asked whether it would choke.
  for (int writes = 0; writes < kWritesPerTurn && !socket.outgoing.empty(); ++writes) {
    if (lws_partial_buffered(wsi) != 0 || lws_send_pipe_choked(wsi) != 0) break;
    Bytes buffer = std::move(socket.outgoing.front());
    socket.outgoing.pop_front();
    if (lws_write(wsi, buffer.data() + kSocketHeadroom, buffer.size() - kSocketHeadroom,
                  LWS_WRITE_BINARY) < 0) {
      return -1;
    }
    handler_->OnSent(socket.id, std::move(buffer));
  }
  if (!socket.outgoing.empty() || lws_partial_buffered(wsi) != 0) {
    lws_callback_on_writable(wsi);
    return 0;
  }
  return Goodbye(socket, wsi);
}

int WsLoop::Impl::Goodbye(Socket& socket, lws* wsi) {
  if (!std::exchange(socket.owes_goodbye, false)) return 0;
  lws_close_reason(wsi, static_cast<lws_close_status>(socket.close_code), nullptr, 0);
  return -1;
}

}  // namespace pawl::transport::ws
