#include "transport/ws/loop.h"

#include <mutex>
#include <utility>

#include "transport/effects.h"
#include "transport/ws/loop_impl.h"
#include "transport/ws/sigpipe.h"

namespace pawl::transport::ws {
namespace {

using Stage = Socket::Stage;

constexpr size_t kReadSize = 16 * 1024;    // one TLS record
constexpr size_t kWriteSize = 256 * 1024;  // a message in one go, as far as the kernel takes it

lws_usec_t Microseconds(Duration duration) { return duration.ms * 1000; }

static_assert(LWS_PRE <= kSocketHeadroom);

std::mutex& CreationMutex() {
  static std::mutex mutex;
  return mutex;
}

// A library must not write to its host's terminal, which is the default. A host that uses
// libwebsockets itself and has set a level keeps it.
void SilenceLog() {
  const bool is_default = lwsl_visible(LLL_ERR) != 0 && lwsl_visible(LLL_WARN) != 0 &&
                          lwsl_visible(LLL_NOTICE) != 0 && lwsl_visible(LLL_INFO) == 0;
  if (is_default) lws_set_log_level(0, nullptr);
}

}  // namespace

absl::Status WsLoop::Impl::Init() {
  // libwebsockets renumbers process-wide OpenSSL indices in every creation (4.1.6).
  const std::lock_guard lock(CreationMutex());
  PAWL_ASSIGN(tls_, TlsClient::Create(options_.tls, [this](const ssl_st* ssl) {
                for (const Socket& socket : sockets_.all()) {
                  if (socket.wsi != nullptr && lws_get_ssl(socket.wsi) == ssl) {
                    return socket.endpoint.host;
                  }
                }
                return std::string();
              }));
  for (Socket& socket : sockets_.all()) {
    timers_[socket.id.slot].loop = this;
    timers_[socket.id.slot].socket = &socket;
  }
  wake_.loop = this;

  static const lws_protocols kProtocols[] = {
      {kSubprotocol, &OnCallback, 0, kReadSize, 0, nullptr, kWriteSize},
      {nullptr, nullptr, 0, 0, 0, nullptr, 0},
  };
  lws_context_creation_info info{};
  info.port = CONTEXT_PORT_NO_LISTEN;
  info.protocols = kProtocols;
  info.user = this;
  info.gid = static_cast<gid_t>(-1);
  info.uid = static_cast<uid_t>(-1);
  info.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT | LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS;
  info.provided_client_ssl_ctx = tls_->context();
  info.http_proxy_address = "";  // or the environment's http_proxy would be used
  info.retry_and_idle_policy = &kNoValidityChecks;
  info.fd_limit_per_thread = static_cast<unsigned int>(2 * options_.max_sockets + 8);
  info.pt_serv_buf_size = 2 * kReadSize;

  SilenceLog();
  const SigpipeDisposition disposition;
  context_ = lws_create_context(&info);
  if (context_ == nullptr) return Fail(Code::kOutOfMemory, "no socket context");
  resolver_.emplace();
  return OkStatus();
}

WsLoop::Impl::~Impl() {
  resolver_.reset();  // its thread wakes the context
  if (context_ == nullptr) return;
  const SigpipeBlock block;
  for (Socket& socket : sockets_.all()) socket.stage = Stage::kEnded;
  const std::lock_guard lock(CreationMutex());
  lws_context_destroy(context_);
}

void WsLoop::Impl::Run() {
  const SigpipeBlock block;
  while (RunTasks()) {
    TellEnded();
    ConnectAgain();
    if (std::exchange(wake_due_, false)) handler_->OnWake();
    lws_service(context_, 0);
  }
}

// False when the loop has been stopped and nothing is left to do.
bool WsLoop::Impl::RunTasks() {
  bool closed = false;
  for (TaskQueue::Task& task : tasks_.Take(&closed)) task();
  return !closed;
}

void WsLoop::Impl::WakeAfter(Duration delay) {
  lws_sul_schedule(context_, 0, &wake_.list, &OnTimer,
                   delay < Milliseconds(0) ? LWS_SET_TIMER_USEC_CANCEL : Microseconds(delay));
}

void WsLoop::Impl::OnTimer(lws_sorted_usec_list_t* list) {
  auto* timer = reinterpret_cast<Timer*>(list);
  if (timer->socket != nullptr) return timer->loop->OnDeadline(*timer->socket);
  timer->loop->wake_due_ = true;
  timer->loop->WakeUp();
}

void WsLoop::Impl::Arm(Socket& socket, Duration delay) {
  lws_sul_schedule(context_, 0, &timers_[socket.id.slot].list, &OnTimer, Microseconds(delay));
}

// The owner's last word, said from Run: never from inside a call of his.
void WsLoop::Impl::End(Socket& socket, SocketEnd end) {
  if (socket.stage == Stage::kEnded || socket.stage == Stage::kFree) return;
  socket.stage = Stage::kEnded;
  ended_.push_back({&socket, end});
  WakeUp();
}

void WsLoop::Impl::TellEnded() {
  for (const Ended& ended : std::exchange(ended_, {})) {
    handler_->OnClosed(ended.socket->id, ended.end);
    ended.socket->told = true;
    if (ended.socket->wsi == nullptr) lws_sul_cancel(&timers_[ended.socket->id.slot].list);
    sockets_.FreeIfDone(*ended.socket);
  }
}

// --- the public face ---

absl::StatusOr<std::unique_ptr<WsLoop>> WsLoop::Create(LoopOptions options, LoopHandler* handler) {
  auto impl = std::make_unique<Impl>(std::move(options), handler);
  PAWL_TRY(impl->Init());
  return std::unique_ptr<WsLoop>(new WsLoop(std::move(impl)));
}

WsLoop::WsLoop(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
WsLoop::~WsLoop() = default;

bool WsLoop::Post(absl::AnyInvocable<void()>&& task) {
  const TaskQueue::Pushed pushed = impl_->tasks().Push(std::move(task));
  if (pushed == TaskQueue::Pushed::kWake) impl_->WakeUp();
  return pushed != TaskQueue::Pushed::kRefused;
}
void WsLoop::Stop() {
  if (impl_->tasks().Close() == TaskQueue::Pushed::kWake) impl_->WakeUp();
}
void WsLoop::Run() { impl_->Run(); }
absl::StatusOr<SocketId> WsLoop::Open(const Endpoint& endpoint) { return impl_->Open(endpoint); }
void WsLoop::Send(SocketId socket, Bytes buffer) { impl_->Send(socket, std::move(buffer)); }
void WsLoop::Ping(SocketId socket) { impl_->Ping(socket); }
void WsLoop::Close(SocketId socket, uint16_t ws_code) { impl_->Close(socket, ws_code); }
void WsLoop::WakeAfter(Duration delay) { impl_->WakeAfter(delay); }

}  // namespace pawl::transport::ws
