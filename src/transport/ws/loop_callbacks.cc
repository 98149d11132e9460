#include <string_view>
#include <utility>

#include "transport/ws/loop_impl.h"

// What libwebsockets says about a socket: the peer speaks through here.

namespace pawl::transport::ws {
namespace {

using Stage = Socket::Stage;

}  // namespace

int WsLoop::Impl::OnCallback(lws* wsi, lws_callback_reasons reason, void*, void* in, size_t size) {
  auto* socket = static_cast<Socket*>(lws_get_opaque_user_data(wsi));
  if (socket == nullptr) return 0;
  auto* loop = static_cast<Impl*>(lws_context_user(lws_get_context(wsi)));
  const auto* bytes = static_cast<const uint8_t*>(in);
  return loop->Dispatch(*socket, wsi, reason, ByteView(bytes, bytes != nullptr ? size : 0));
}

int WsLoop::Impl::Dispatch(Socket& socket, lws* wsi, lws_callback_reasons reason, ByteView in) {
  switch (static_cast<int>(reason)) {
    case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
      socket.upgrading = true;
      return 0;
    case LWS_CALLBACK_CLIENT_FILTER_PRE_ESTABLISH:
      return OnUpgradeAnswer(wsi);
    case LWS_CALLBACK_CLIENT_ESTABLISHED:
      return OnEstablished(socket, wsi);
    case LWS_CALLBACK_CLIENT_RECEIVE:
      OnReceive(socket, wsi, in);
      return 0;
    case LWS_CALLBACK_CLIENT_RECEIVE_PONG:
      if (socket.stage == Stage::kOpen) handler_->OnPong(socket.id);
      return 0;
    case LWS_CALLBACK_CLIENT_WRITEABLE:
      return OnWriteable(socket, wsi);
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE: {
      const unsigned code = in.size() >= 2 ? unsigned{in[0]} << 8 | in[1] : unsigned{kCloseNone};
      socket.end = SocketEnd{SocketFailure::kNone, static_cast<uint16_t>(code)};
      Arm(socket, options_.close_timeout);
      return 0;
    }
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
      OnConnectFailed(socket, wsi, AsText(in));
      return 0;
    case LWS_CALLBACK_WSI_DESTROY:
      OnDestroyed(socket);
      return 0;
    default:
      return 0;
  }
}

// A server that does not speak our subprotocol is no relay; 4.1.6 would take no answer for a yes.
int WsLoop::Impl::OnUpgradeAnswer(lws* wsi) {
  char protocol[16];
  const int size = lws_hdr_copy(wsi, protocol, sizeof(protocol), WSI_TOKEN_PROTOCOL);
  const bool ours =
      size > 0 && std::string_view(protocol, static_cast<size_t>(size)) == kSubprotocol;
  return ours ? 0 : -1;
}

int WsLoop::Impl::OnEstablished(Socket& socket, lws* wsi) {
  if (socket.stage != Stage::kConnecting) return -1;
  ChannelInfo channel;
  if (socket.endpoint.tls) {
    absl::StatusOr<ChannelInfo> described = TlsClient::Describe(lws_get_ssl(wsi));
    if (!described.ok()) {
      socket.end = SocketEnd{SocketFailure::kTls};
      return -1;
    }
    channel = *described;
  }
  lws_sul_cancel(&timers_[socket.id.slot].list);
  socket.stage = Stage::kOpen;
  handler_->OnOpened(socket.id, channel);
  return 0;
}

// Must not fail: after a receive callback that wants to close, 4.1.6 goes on collecting what the
// peer sends behind the end of its receive buffer until the closing handshake is over (a heap
// overflow in the relay's hands). So the close is said from OnWriteable.
void WsLoop::Impl::OnReceive(Socket& socket, lws* wsi, ByteView piece) {
  if (socket.stage != Stage::kOpen) return;
  if (lws_frame_is_binary(wsi) == 0) {
    return Refuse(socket, SocketFailure::kMalformed, kCloseUnsupportedData);
  }
  switch (socket.incoming.Add(piece, lws_remaining_packet_payload(wsi),
                              lws_is_final_fragment(wsi) != 0)) {
    case MessageAssembler::Result::kMore:
      return;
    case MessageAssembler::Result::kTooLarge:
      return Refuse(socket, SocketFailure::kTooLarge, kCloseTooLarge);
    case MessageAssembler::Result::kComplete:
      break;
  }
  handler_->OnMessage(socket.id, socket.incoming.message());
}

// Ends the socket for its owner at once; the peer gets a close frame and close_timeout to answer.
void WsLoop::Impl::Refuse(Socket& socket, SocketFailure failure, uint16_t ws_code) {
  End(socket, {failure});
  Arm(socket, options_.close_timeout);
  socket.close_code = ws_code;
  socket.owes_goodbye = true;
  lws_callback_on_writable(socket.wsi);
}

void WsLoop::Impl::OnConnectFailed(Socket& socket, lws* wsi, std::string_view why) {
  if (socket.end) return;
  SocketFailure failure = SocketFailure::kConnect;
  if (socket.upgrading) {
    failure = why.starts_with("HS: ") ? SocketFailure::kUpgradeRefused : SocketFailure::kLost;
  } else if (lws_get_ssl(wsi) != nullptr) {
    failure = SocketFailure::kTls;
  }
  socket.end = SocketEnd{failure};
}

// The library's last word about a connection, whatever became of it.
void WsLoop::Impl::OnDestroyed(Socket& socket) {
  socket.wsi = nullptr;
  if (inside_connect_) return;
  switch (socket.stage) {
    case Stage::kConnecting: {
      const SocketEnd end = socket.end.value_or(SocketEnd{SocketFailure::kConnect});
      if (end.failure != SocketFailure::kConnect || socket.addresses.empty()) {
        return End(socket, end);
      }
      return ConnectSoon(socket);
    }
    case Stage::kOpen:
      return End(socket, socket.end.value_or(SocketEnd{SocketFailure::kLost}));
    case Stage::kClosing:
      return End(socket, {SocketFailure::kNone, socket.end.value_or(SocketEnd{}).ws_code});
    case Stage::kEnded:
      if (socket.told) lws_sul_cancel(&timers_[socket.id.slot].list);
      sockets_.FreeIfDone(socket);
      return;
    case Stage::kResolving:
    case Stage::kFree:
      return;
  }
}

}  // namespace pawl::transport::ws
