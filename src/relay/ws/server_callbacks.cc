#include <openssl/ssl.h>

#include <algorithm>
#include <string_view>

#include "relay/ws/certificate.h"
#include "relay/ws/server_impl.h"

namespace pawl::relay::ws {
namespace {

constexpr int kEnd = -1;  // from a callback: close the connection
constexpr int kWritesAtOnce = 16;
constexpr size_t kMaxHttpHead = 1024;
constexpr size_t kQueueLow = 128 << 10;   // bytes not taken at which its peer is read from again
constexpr size_t kKeptBuffer = 4 * 1024;  // an idle connection holds no more
constexpr uint32_t kMaxPongs = 64;        // a second; pings are answered one at a time anyway

void SayGoodbye(lws* wsi, CloseCode code) {
  lws_close_reason(wsi, static_cast<lws_close_status>(code), nullptr, 0);
}

// RFC 6455 §4.2.1: version 13. And no page in a browser has business here.
bool IsAcceptableUpgrade(lws* wsi) {
  char version[8] = {};
  const bool is13 = lws_hdr_copy(wsi, version, sizeof version, WSI_TOKEN_VERSION) == 2 &&
                    std::string_view(version) == "13";
  return is13 && lws_hdr_total_length(wsi, WSI_TOKEN_ORIGIN) == 0;
}

// Anything but "websocket" would be h2c, which is granted on any connection (4.1.6). `in` of this
// callback is freed memory there (CVE-2025-11677) and is not looked at.
bool IsWebSocketUpgrade(lws* wsi) {
  char upgrade[16] = {};
  const int size = lws_hdr_copy(wsi, upgrade, sizeof upgrade, WSI_TOKEN_UPGRADE);
  if (size != 9) return false;
  std::string lower(upgrade);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return lower == "websocket";
}

ByteView AsView(const void* in, size_t size) {
  return {static_cast<const uint8_t*>(in), in == nullptr ? 0 : size};
}

}  // namespace

int Server::Impl::OnHttpCallback(lws* wsi, lws_callback_reasons reason, void* user, void* in,
                                 size_t size) {
  if (reason == LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS) {
    HardenContext(static_cast<SSL_CTX*>(user));
    return 0;
  }
  lws_context* context = wsi == nullptr ? nullptr : lws_get_context(wsi);
  auto* self = context == nullptr ? nullptr : static_cast<Impl*>(lws_context_user(context));
  if (self == nullptr) return 0;
  if (reason == LWS_CALLBACK_WSI_DESTROY) {
    self->OnDestroyed(wsi);
    return 0;
  }
  const auto found = self->links_.find(wsi);
  Link* link = found == self->links_.end() ? nullptr : found->second.get();
  switch (static_cast<int>(reason)) {
    case LWS_CALLBACK_HTTP:
      return link == nullptr ? kEnd : self->OnHttpRequest(wsi, *link, AsText(AsView(in, size)));
    case LWS_CALLBACK_HTTP_WRITEABLE:
      return link == nullptr ? kEnd : self->WriteHttpBody(wsi, *link);
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
      // The virtual host is chosen again by the Host header: the listener that took it tells.
      return link != nullptr && !link->asks_metrics && IsWebSocketUpgrade(wsi) ? 0 : kEnd;
    // A client that names no subprotocol, CONNECT, and bodies: not served.
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
    case LWS_CALLBACK_RAW_ADOPT:
    case LWS_CALLBACK_RAW_RX:
    case LWS_CALLBACK_HTTP_BODY:
      return kEnd;
    default:
      return 0;
  }
}

int Server::Impl::OnHttpRequest(lws* wsi, Link& link, std::string_view path) {
  const bool get = lws_hdr_total_length(wsi, WSI_TOKEN_GET_URI) > 0;
  HttpAnswer answer{405, "text/plain; charset=utf-8", "GET only\n"};
  if (get) answer = link.asks_metrics ? handler_.OnMetricsHttp(path) : handler_.OnHttp(path);
  uint8_t head[LWS_PRE + kMaxHttpHead];
  uint8_t* at = head + LWS_PRE;
  uint8_t* const end = head + sizeof head - 1;
  if (lws_add_http_common_headers(wsi, answer.status, answer.content_type.c_str(),
                                  answer.body.size(), &at, end) != 0 ||
      lws_finalize_write_http_header(wsi, head + LWS_PRE, &at, end) != 0) {
    return kEnd;
  }
  link.http_body = answer.body;
  lws_callback_on_writable(wsi);
  return 0;
}

int Server::Impl::WriteHttpBody(lws* wsi, Link& link) {
  std::vector<uint8_t> buffer(LWS_PRE + link.http_body.size());
  std::copy(link.http_body.begin(), link.http_body.end(), buffer.begin() + LWS_PRE);
  lws_write(wsi, buffer.data() + LWS_PRE, link.http_body.size(), LWS_WRITE_HTTP_FINAL);
  link.http_body.clear();
  return lws_http_transaction_completed(wsi) != 0 ? kEnd : 0;
}

int Server::Impl::OnPawlCallback(lws* wsi, lws_callback_reasons reason, void*, void* in,
                                 size_t size) {
  if (wsi == nullptr || lws_get_context(wsi) == nullptr) return 0;
  auto* self = static_cast<Impl*>(lws_context_user(lws_get_context(wsi)));
  const auto found = self->links_.find(wsi);
  if (found == self->links_.end()) return 0;
  Link& link = *found->second;
  switch (static_cast<int>(reason)) {
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
      return IsAcceptableUpgrade(wsi) && !self->draining_ ? 0 : kEnd;
    case LWS_CALLBACK_ESTABLISHED:
      return self->OnOpened(wsi, link);
    case LWS_CALLBACK_RECEIVE:
      return self->OnReceive(wsi, link, AsView(in, size));
    case LWS_CALLBACK_RECEIVE_PONG:
      link.heard_at = ev_now(self->loop_);
      return ++link.pongs > kMaxPongs ? self->Refuse(link, CloseCode::kTryAgainLater) : 0;
    case LWS_CALLBACK_SERVER_WRITEABLE:
      return self->OnWriteable(wsi, link);
    case LWS_CALLBACK_CLOSED:
      if (self->open_.erase(link.id) > 0) self->handler_.OnClosed(link.id);
      return 0;
    default:
      return 0;
  }
}

int Server::Impl::OnOpened(lws* wsi, Link& link) {
  PeerInfo peer;
  peer.network = link.network;
  if (!options_.certificate_file.empty()) {
    auto binding = ChannelBinding(lws_get_ssl(wsi));
    if (!binding.ok()) return kEnd;
    peer.channel_binding = *binding;
  }
  link.id = ConnectionId{++last_id_};
  link.heard_at = link.pinged_at = link.moved_at = ev_now(loop_);
  // Spread, so that thousands that came at once are not pinged at once.
  const double spread = 0.8 + 0.4 * static_cast<double>(last_id_ * 37 % 101) / 100;
  link.ping_after = static_cast<double>(options_.ping_after.ms) / 1000 * spread;
  open_[link.id] = &link;
  handler_.OnOpened(link.id, peer);
  return 0;
}

// The goodbye goes out from OnWriteable: a close asked for while receiving waits for the peer to
// have said everything it announced (4.1.6). Until then what comes is dropped.
int Server::Impl::Refuse(Link& link, CloseCode code) {
  DropPartial(link);
  DropQueue(link);
  link.closing = code;
  lws_callback_on_writable(link.wsi);
  return 0;
}

void Server::Impl::DropPartial(Link& link) {
  partials_.ReleaseAll(link.id);
  link.in_parts = false;
  link.in.clear();
  if (link.in.capacity() > kKeptBuffer) link.in = {};
}

void Server::Impl::DropQueue(Link& link) {
  queues_.ReleaseAll(link.id);
  link.out.clear();
  link.queued = 0;
}

void Server::Impl::GiveUpPartials(const Link& link) {
  while (const auto victim = partials_.Victim(link.network)) {
    partials_.ReleaseAll(*victim);
    if (Link* held = Find(*victim)) Refuse(*held, CloseCode::kTryAgainLater);
  }
}

void Server::Impl::GiveUpQueues(const Link& link) {
  while (const auto victim = queues_.Victim(link.network)) {
    queues_.ReleaseAll(*victim);
    if (Link* held = Find(*victim)) Refuse(*held, CloseCode::kReadsTooSlowly);
  }
}

int Server::Impl::OnReceive(lws* wsi, Link& link, ByteView piece) {
  if (link.closing) return 0;  // and is not heard either: it ends with the dead, whatever it says
  link.heard_at = ev_now(loop_);
  if (lws_frame_is_binary(wsi) == 0) {
    handler_.OnText(link.id);
    return 0;
  }
  // Before anything is allocated: a frame's header may promise 2^63 bytes.
  if (link.in.size() + piece.size() + lws_remaining_packet_payload(wsi) > options_.max_message) {
    return Refuse(link, CloseCode::kTooLarge);
  }
  link.in.insert(link.in.end(), piece.begin(), piece.end());
  if (lws_is_final_fragment(wsi) != 0 && lws_remaining_packet_payload(wsi) == 0) {
    // What is whole is not held, so it needs no room. It is out of the link's hands meanwhile: the
    // answer may make the link give up everything.
    std::vector<uint8_t> message = std::exchange(link.in, {});
    DropPartial(link);
    handler_.OnMessage(link.id, message);
    message.clear();
    if (message.capacity() <= kKeptBuffer) link.in = std::move(message);
    return 0;
  }
  if (!std::exchange(link.in_parts, true)) link.in_since = link.heard_at;
  partials_.Add(link.id, link.network, piece.size());
  GiveUpPartials(link);
  return 0;
}

int Server::Impl::OnWriteable(lws* wsi, Link& link) {
  if (std::exchange(link.ping_due, false)) {
    // With a byte in it, which comes back: the library says nothing of an empty pong (4.1.6).
    uint8_t ping[LWS_PRE + 1] = {};
    if (lws_write(wsi, ping + LWS_PRE, 1, LWS_WRITE_PING) < 0) return kEnd;
    lws_callback_on_writable(wsi);
    return 0;
  }
  for (int i = 0; i < kWritesAtOnce && !link.out.empty(); ++i) {
    Bytes buffer = std::move(link.out.front());
    link.out.pop_front();
    const size_t size = buffer.size() - kHeadroom;
    link.queued -= size;
    queues_.Release(link.id, size);
    link.moved_at = ev_now(loop_);
    if (lws_write(wsi, buffer.data() + kHeadroom, size, LWS_WRITE_BINARY) < 0) return kEnd;
    if (lws_send_pipe_choked(wsi) != 0) break;
  }
  if (link.queued < kQueueLow) HoldForQueue(link, false);
  TellBusy(link.id);
  if (!link.out.empty()) {
    lws_callback_on_writable(wsi);
    return 0;
  }
  if (!link.closing) return 0;
  SayGoodbye(wsi, *link.closing);
  return kEnd;
}

void Server::Impl::OnDestroyed(lws* wsi) {
  const auto found = links_.find(wsi);
  if (found == links_.end()) return;
  const std::unique_ptr<Link> link = std::move(found->second);
  links_.erase(found);
  DropPartial(*link);
  DropQueue(*link);
  if (open_.erase(link->id) > 0) handler_.OnClosed(link->id);
  handler_.OnLeft(link->network);
  if (draining_ && links_.empty()) EndDrain();
}

}  // namespace pawl::relay::ws
