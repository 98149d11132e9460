#ifndef PAWL_RELAY_WS_SERVER_IMPL_H_
#define PAWL_RELAY_WS_SERVER_IMPL_H_

#include <ev.h>
#include <libwebsockets.h>

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "relay/core/byte_budget.h"
#include "relay/ws/listener.h"
#include "relay/ws/server.h"

// The only header of the relay that knows libwebsockets and libev; for the three server*.cc. A
// "4.1.6" in a comment is about what that release does.

namespace pawl::relay::ws {

// One accepted socket, from accept to the library's last word about it. Most of it is empty until
// it is a WebSocket.
struct Link {
  PeerNetwork network{};
  ConnectionId id;  // 0 until the WebSocket is open
  lws* wsi = nullptr;
  bool asks_metrics = false;
  std::vector<uint8_t> in;  // the message being assembled
  bool in_parts = false;    // it has begun and is not whole
  ev_tstamp in_since = 0;   // when it began, or when the peer was last read from again
  std::deque<Bytes> out;
  size_t queued = 0;
  bool held_by_core = false;  // why nothing is read from it
  bool held_by_queue = false;
  bool told_busy = false;  // what the handler knows of held_by_queue
  uint32_t pongs = 0;      // in this second
  std::optional<CloseCode> closing;
  bool ping_due = false;
  ev_tstamp heard_at = 0;
  ev_tstamp pinged_at = 0;
  ev_tstamp moved_at = 0;  // when the peer last took something, or the queue was empty
  double ping_after = 0;
  std::string http_body;
};

class Server::Impl {
 public:
  Impl(ServerOptions options, ServerHandler* handler)
      : options_(std::move(options)), handler_(*handler) {}
  ~Impl();
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  absl::Status Init();
  void Run();
  void Post(absl::AnyInvocable<void()> task);
  void Send(ConnectionId id, Bytes buffer);
  void Close(ConnectionId id, CloseCode code);
  void SetReading(ConnectionId id, bool on);
  void Drain();

  uint16_t port() const { return listener_->port(); }
  uint16_t metrics_port() const { return metrics_listener_ ? metrics_listener_->port() : 0; }
  const ByteArray<32>& key_hash() const { return key_hash_; }

 private:
  // server.cc: the loop
  absl::Status CreateContext();
  absl::Status CreateVhost();
  absl::Status CreateMetricsVhost();
  void StartWatchers();
  void Accept();
  void AcceptMetrics();
  void Adopt(const Listener::Accepted& accepted, bool asks_metrics);
  void RunTasks();
  void LookAfterAll();
  void LookAfter(Link& link, ev_tstamp now);
  void EndDrain();

  // server_callbacks.cc: what the library says
  static int OnHttpCallback(lws* wsi, lws_callback_reasons reason, void* user, void* in,
                            size_t size);
  static int OnPawlCallback(lws* wsi, lws_callback_reasons reason, void* user, void* in,
                            size_t size);
  int OnHttpRequest(lws* wsi, Link& link, std::string_view path);
  int WriteHttpBody(lws* wsi, Link& link);
  int OnOpened(lws* wsi, Link& link);
  int OnReceive(lws* wsi, Link& link, ByteView piece);
  int OnWriteable(lws* wsi, Link& link);
  void OnDestroyed(lws* wsi);
  int Refuse(Link& link, CloseCode code);
  void DropPartial(Link& link);
  void DropQueue(Link& link);
  // Gives up whoever holds too much of a budget that `link`'s peer has just added to.
  void GiveUpPartials(const Link& link);
  void GiveUpQueues(const Link& link);
  void TellBusy(ConnectionId id);

  Link* Find(ConnectionId id);
  void HoldForQueue(Link& link, bool hold);

  const ServerOptions options_;
  ServerHandler& handler_;
  std::optional<Listener> listener_;
  std::optional<Listener> metrics_listener_;
  ByteArray<32> key_hash_{};

  struct ev_loop* loop_ = nullptr;
  lws_context* context_ = nullptr;
  lws_vhost* vhost_ = nullptr;
  lws_vhost* metrics_vhost_ = nullptr;
  ev_io accept_watcher_{};
  ev_io metrics_watcher_{};
  ev_timer tick_watcher_{};
  ev_timer care_watcher_{};
  ev_timer drain_watcher_{};
  ev_async task_watcher_{};
  ev_signal term_watcher_{};
  ev_signal int_watcher_{};

  absl::flat_hash_map<lws*, std::unique_ptr<Link>> links_;
  absl::flat_hash_map<ConnectionId, Link*> open_;
  uint64_t last_id_ = 0;
  ByteBudget partials_{{options_.max_partial_in_all, options_.max_partial_per_peer}};
  ByteBudget queues_{{options_.max_queued_in_all, options_.max_queued_per_peer}};
  bool draining_ = false;

  std::mutex tasks_mutex_;
  std::vector<absl::AnyInvocable<void()>> tasks_;
  std::atomic<bool> tasks_announced_{false};
};

}  // namespace pawl::relay::ws

#endif  // PAWL_RELAY_WS_SERVER_IMPL_H_
