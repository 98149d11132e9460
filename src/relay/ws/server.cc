#include "relay/ws/server.h"

#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <utility>

#include "relay/ws/certificate.h"
#include "relay/ws/server_impl.h"

namespace pawl::relay::ws {
namespace {

constexpr unsigned int kReadSize = 4096;    // per connection, allocated while it lives
constexpr size_t kServiceSize = 64 * 1024;  // per thread
constexpr int kAcceptsAtOnce = 64;
constexpr size_t kQueueHigh = 256 << 10;  // bytes not taken at which its peer is not read from
constexpr double kCareInterval = 1;       // seconds
constexpr double kDrainTime = 2;          // seconds
constexpr rlim_t kOwnDescriptors = 200;   // databases, blobs, logs

// The library's validity timers are one sorted list: quadratic in connections (4.1.6). LookAfterAll
// does that work.
constexpr lws_retry_bo_t kNoValidityChecks{};

static_assert(LWS_PRE <= Server::kHeadroom);

double AsSeconds(Duration duration) { return static_cast<double>(duration.ms) / 1000; }

}  // namespace

absl::Status Server::Impl::Init() {
  if (!options_.certificate_file.empty()) {
    PAWL_ASSIGN(key_hash_, KeyHashOf(options_.certificate_file));
  }
  PAWL_ASSIGN(Listener listener, Listener::Bind(options_.host, options_.port));
  listener_.emplace(std::move(listener));
  if (!options_.metrics_host.empty()) {
    PAWL_ASSIGN(Listener metrics, Listener::Bind(options_.metrics_host, options_.metrics_port));
    metrics_listener_.emplace(std::move(metrics));
  }
  loop_ = ev_loop_new(EVFLAG_AUTO);
  if (loop_ == nullptr) return Fail(Code::kOutOfMemory, "no event loop");
  PAWL_TRY(CreateContext());
  PAWL_TRY(CreateVhost());
  PAWL_TRY(CreateMetricsVhost());
  StartWatchers();
  return OkStatus();
}

absl::Status Server::Impl::CreateContext() {
  lws_set_log_level(0, nullptr);  // it logs addresses and paths
  void* loops[1] = {loop_};
  lws_context_creation_info info{};
  info.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_LIBEV |
                 LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT | LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS;
  info.foreign_loops = loops;
  info.user = this;
  info.gid = static_cast<gid_t>(-1);
  info.uid = static_cast<uid_t>(-1);
  info.pt_serv_buf_size = kServiceSize;
  info.max_http_header_data2 = kReadSize;
  info.server_string = "pawl-relay";
  context_ = lws_create_context(&info);
  if (context_ == nullptr) {
    return Fail(
        Code::kUnsupported,
        "no socket context; is the libwebsockets event library plugin for libev installed?");
  }
  return OkStatus();
}

absl::Status Server::Impl::CreateVhost() {
  // The first protocol gets whoever names none, and everything before the upgrade: it serves plain
  // HTTP alone.
  static const lws_protocols kProtocols[] = {
      {"http", &OnHttpCallback, 0, kReadSize, 0, nullptr, 0},
      {"pawl.1", &OnPawlCallback, 0, kReadSize, 0, nullptr, 0},
      {nullptr, nullptr, 0, 0, 0, nullptr, 0},
  };
  lws_context_creation_info info{};
  info.port = CONTEXT_PORT_NO_LISTEN_SERVER;
  info.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT | LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS;
  info.vhost_name = "relay";
  info.protocols = kProtocols;
  info.alpn = "http/1.1";  // its HTTP/2 has known holes
  info.timeout_secs = 5;
  info.timeout_secs_ah_idle = 4;
  info.keepalive_timeout = 5;
  info.retry_and_idle_policy = &kNoValidityChecks;
  if (!options_.certificate_file.empty()) {
    info.ssl_cert_filepath = options_.certificate_file.c_str();
    info.ssl_private_key_filepath = options_.key_file.c_str();
  }
  vhost_ = lws_create_vhost(context_, &info);
  if (vhost_ == nullptr)
    return Fail(Code::kInvalidArgument, "the TLS certificate and key do not go together");
  return OkStatus();
}

absl::Status Server::Impl::CreateMetricsVhost() {
  if (!metrics_listener_) return OkStatus();
  static const lws_protocols kProtocols[] = {
      {"http", &OnHttpCallback, 0, kReadSize, 0, nullptr, 0},
      {nullptr, nullptr, 0, 0, 0, nullptr, 0},
  };
  lws_context_creation_info info{};
  info.port = CONTEXT_PORT_NO_LISTEN_SERVER;
  info.vhost_name = "metrics";
  info.protocols = kProtocols;
  info.timeout_secs = 5;
  info.timeout_secs_ah_idle = 4;
  info.keepalive_timeout = 5;
  info.retry_and_idle_policy = &kNoValidityChecks;
  metrics_vhost_ = lws_create_vhost(context_, &info);
  return metrics_vhost_ != nullptr ? OkStatus() : Fail(Code::kInternal, "no place for metrics");
}

void Server::Impl::StartWatchers() {
  ev_io_init(
      &accept_watcher_,
      [](struct ev_loop*, ev_io* w, int) { static_cast<Impl*>(w->data)->Accept(); },
      listener_->fd(), EV_READ);
  if (metrics_listener_) {
    ev_io_init(
        &metrics_watcher_,
        [](struct ev_loop*, ev_io* w, int) { static_cast<Impl*>(w->data)->AcceptMetrics(); },
        metrics_listener_->fd(), EV_READ);
    metrics_watcher_.data = this;
  }
  ev_timer_init(
      &tick_watcher_,
      [](struct ev_loop*, ev_timer* w, int) { static_cast<Impl*>(w->data)->handler_.OnTick(); },
      AsSeconds(options_.tick), AsSeconds(options_.tick));
  ev_timer_init(
      &care_watcher_,
      [](struct ev_loop*, ev_timer* w, int) { static_cast<Impl*>(w->data)->LookAfterAll(); },
      kCareInterval, kCareInterval);
  ev_timer_init(
      &drain_watcher_,
      [](struct ev_loop*, ev_timer* w, int) { static_cast<Impl*>(w->data)->EndDrain(); },
      kDrainTime, 0);
  ev_async_init(&task_watcher_,
                [](struct ev_loop*, ev_async* w, int) { static_cast<Impl*>(w->data)->RunTasks(); });
  const auto on_signal = [](struct ev_loop*, ev_signal* w, int) {
    static_cast<Impl*>(w->data)->handler_.OnSignal();
  };
  ev_signal_init(&term_watcher_, on_signal, SIGTERM);
  ev_signal_init(&int_watcher_, on_signal, SIGINT);
  accept_watcher_.data = tick_watcher_.data = care_watcher_.data = drain_watcher_.data = this;
  task_watcher_.data = term_watcher_.data = int_watcher_.data = this;
  ev_async_start(loop_, &task_watcher_);
  // Before anybody is told where it listens: from then on he may want it to stop.
  ev_signal_start(loop_, &term_watcher_);
  ev_signal_start(loop_, &int_watcher_);
}

Server::Impl::~Impl() {
  if (loop_ == nullptr) return;
  ev_signal_stop(loop_, &int_watcher_);
  ev_signal_stop(loop_, &term_watcher_);
  // With a foreign loop the context is taken down in two steps, the loop running in between.
  if (context_ != nullptr) {
    lws_context_destroy(context_);
    ev_run(loop_, EVRUN_NOWAIT);
  }
  ev_async_stop(loop_, &task_watcher_);
  ev_loop_destroy(loop_);
}

void Server::Impl::Run() {
  ev_io_start(loop_, &accept_watcher_);
  if (metrics_listener_) ev_io_start(loop_, &metrics_watcher_);
  ev_timer_start(loop_, &tick_watcher_);
  ev_timer_start(loop_, &care_watcher_);
  ev_run(loop_, 0);
  // From now on a signal ends what does not end by itself.
  ev_signal_stop(loop_, &int_watcher_);
  ev_signal_stop(loop_, &term_watcher_);
  ev_timer_stop(loop_, &drain_watcher_);
  ev_timer_stop(loop_, &care_watcher_);
  ev_timer_stop(loop_, &tick_watcher_);
  ev_io_stop(loop_, &metrics_watcher_);
  ev_io_stop(loop_, &accept_watcher_);
}

void Server::Impl::Accept() {
  for (int i = 0; i < kAcceptsAtOnce; ++i) {
    const std::optional<Listener::Accepted> accepted = listener_->Accept();
    if (!accepted) return;
    Adopt(*accepted, false);
  }
}

void Server::Impl::AcceptMetrics() {
  if (const auto accepted = metrics_listener_->Accept()) Adopt(*accepted, true);
}

void Server::Impl::Adopt(const Listener::Accepted& accepted, bool asks_metrics) {
  if (!handler_.OnAccept(accepted.network)) {
    Listener::Drop(accepted.fd);
    return;
  }
  unsigned int type = LWS_ADOPT_SOCKET | LWS_ADOPT_HTTP;
  if (!asks_metrics && !options_.certificate_file.empty()) type |= LWS_ADOPT_ALLOW_SSL;
  lws_sock_file_fd_type fd;
  fd.sockfd = accepted.fd;
  lws* wsi = lws_adopt_descriptor_vhost(asks_metrics ? metrics_vhost_ : vhost_,
                                        static_cast<lws_adoption_type>(type), fd, nullptr, nullptr);
  if (wsi == nullptr) return handler_.OnLeft(accepted.network);  // it has closed the descriptor
  auto link = std::make_unique<Link>();
  link->network = accepted.network;
  link->wsi = wsi;
  link->asks_metrics = asks_metrics;
  links_[wsi] = std::move(link);
}

void Server::Impl::Post(absl::AnyInvocable<void()> task) {
  {
    const std::lock_guard lock(tasks_mutex_);
    tasks_.push_back(std::move(task));
  }
  if (!tasks_announced_.exchange(true)) ev_async_send(loop_, &task_watcher_);
}

void Server::Impl::RunTasks() {
  tasks_announced_.store(false);  // before the swap: what comes after it announces itself
  std::vector<absl::AnyInvocable<void()>> tasks;
  {
    const std::lock_guard lock(tasks_mutex_);
    tasks.swap(tasks_);
  }
  for (auto& task : tasks) task();
}

// Dead peers, slow readers, pings: one pass a second instead of a timer each.
void Server::Impl::LookAfterAll() {
  const ev_tstamp now = ev_now(loop_);
  for (auto& [id, link] : open_) LookAfter(*link, now);
  // On a libev loop the library looks at its own timeouts only after something else happened, and
  // re-arms no timer that runs (4.1.6). This is something: handshakes that hang, closes that are
  // not answered and peers just given up end within a second of their time.
  lws_cancel_service(context_);
}

void Server::Impl::LookAfter(Link& link, ev_tstamp now) {
  // Of a peer that we do not read from we hear nothing: that it takes something is its sign of
  // life.
  if (link.held_by_queue) link.heard_at = std::max(link.heard_at, link.moved_at);
  if (link.held_by_core) link.heard_at = now;
  if (now - link.heard_at > AsSeconds(options_.dead_after)) {
    lws_set_timeout(link.wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
    return;
  }
  if (!link.out.empty() && now - link.moved_at > AsSeconds(options_.max_stall)) {
    DropQueue(link);
    lws_set_timeout(link.wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
    return;
  }
  link.pongs = 0;
  if (link.held_by_core || link.held_by_queue) link.in_since = now;  // it is we who do not read
  if (link.in_parts && now - link.in_since > AsSeconds(options_.max_assembly)) {
    Refuse(link, CloseCode::kTryAgainLater);
    return;
  }
  if (now - link.heard_at < link.ping_after || now - link.pinged_at < link.ping_after) return;
  link.pinged_at = now;
  link.ping_due = true;
  lws_callback_on_writable(link.wsi);
}

Link* Server::Impl::Find(ConnectionId id) {
  const auto found = open_.find(id);
  return found == open_.end() ? nullptr : found->second;
}

void Server::Impl::Send(ConnectionId id, Bytes buffer) {
  Link* link = Find(id);
  if (link == nullptr || link->closing || buffer.size() <= kHeadroom) return;
  if (link->out.empty()) link->moved_at = ev_now(loop_);
  link->queued += buffer.size() - kHeadroom;
  queues_.Add(id, link->network, buffer.size() - kHeadroom);
  link->out.push_back(std::move(buffer));
  if (link->queued > kQueueHigh) HoldForQueue(*link, true);
  if (link->queued > options_.max_queued) {
    DropQueue(*link);
    link->closing = CloseCode::kReadsTooSlowly;
  }
  GiveUpQueues(*link);
  lws_callback_on_writable(link->wsi);
}

void Server::Impl::Close(ConnectionId id, CloseCode code) {
  Link* link = Find(id);
  if (link == nullptr || link->closing) return;
  link->closing = code;
  lws_callback_on_writable(link->wsi);
}

// A peer that does not take its answers is not asked for more questions. The handler hears of it
// once it is not in the middle of sending something.
void Server::Impl::HoldForQueue(Link& link, bool hold) {
  if (std::exchange(link.held_by_queue, hold) == hold) return;
  if (hold) Post([this, id = link.id] { TellBusy(id); });
  if (!link.held_by_core) lws_rx_flow_control(link.wsi, hold ? 0 : 1);
}

void Server::Impl::TellBusy(ConnectionId id) {
  Link* link = Find(id);
  if (link == nullptr || link->told_busy == link->held_by_queue) return;
  link->told_busy = link->held_by_queue;
  handler_.OnBusy(id, link->told_busy);
}

void Server::Impl::SetReading(ConnectionId id, bool on) {
  Link* link = Find(id);
  if (link == nullptr || std::exchange(link->held_by_core, !on) == !on || link->held_by_queue)
    return;
  lws_rx_flow_control(link->wsi, on ? 1 : 0);
}

void Server::Impl::Drain() {
  if (std::exchange(draining_, true)) return;
  ev_io_stop(loop_, &accept_watcher_);
  listener_->Close();
  ev_io_stop(loop_, &metrics_watcher_);
  if (metrics_listener_) metrics_listener_->Close();
  for (auto& [id, link] : open_) {
    if (!link->closing) link->closing = CloseCode::kGoingAway;
    lws_callback_on_writable(link->wsi);
  }
  ev_timer_start(loop_, &drain_watcher_);
  if (links_.empty()) EndDrain();
}

void Server::Impl::EndDrain() { ev_break(loop_, EVBREAK_ALL); }

// --- the public face ---

absl::StatusOr<std::unique_ptr<Server>> Server::Create(ServerOptions options,
                                                       ServerHandler* handler) {
  auto impl = std::make_unique<Impl>(std::move(options), handler);
  PAWL_TRY(impl->Init());
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() = default;
void Server::RaiseCapacity() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}
uint32_t Server::Capacity() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur <= 2 * kOwnDescriptors) return 64;
  return static_cast<uint32_t>(std::min<rlim_t>(limit.rlim_cur - kOwnDescriptors, 1'000'000) / 10 *
                               9);
}
uint16_t Server::port() const { return impl_->port(); }
uint16_t Server::metrics_port() const { return impl_->metrics_port(); }
const ByteArray<32>& Server::key_hash() const { return impl_->key_hash(); }
void Server::Post(absl::AnyInvocable<void()> task) { impl_->Post(std::move(task)); }
void Server::Run() { impl_->Run(); }
void Server::Send(ConnectionId id, Bytes buffer) { impl_->Send(id, std::move(buffer)); }
void Server::Close(ConnectionId id, CloseCode code) { impl_->Close(id, code); }
void Server::SetReading(ConnectionId id, bool on) { impl_->SetReading(id, on); }
void Server::Drain() { impl_->Drain(); }

}  // namespace pawl::relay::ws
