#include "client/runner/host.h"

#include <utility>

namespace pawl::runner {

using transport::ws::WsLoop;

Core::Ports Host::MakePorts() {
  return {.sockets = this,
          .rng = &rng_,
          .disk_rng = &disk_rng_,
          .events = shared_.events,
          .gate = shared_.gate,
          .board = shared_.board,
          .run_on_disk = [this](IoWorker::Job job) { worker_->Post(std::move(job)); },
          .post =
              [this](absl::AnyInvocable<void(Timestamp)> task) {
                Post([task = std::move(task)](Core& core, Timestamp now) mutable {
                  core.Run(std::move(task), now);
                }).IgnoreError();
              },
          .wake_after =
              [this](Duration delay) {
                if (!stopping_) loop_->WakeAfter(delay);
              }};
}

absl::Status Host::Start(store::Store* store, Core::Options options) {
  PAWL_ASSIGN(auto loop, WsLoop::Create({.tls = options.tls}, this));
  stopping_ = false;
  open_sockets_ = 0;
  SetLoop(std::move(loop));
  auto core = Core::Create(store, std::move(options), MakePorts());
  if (!core.ok()) {
    SetLoop(nullptr);
    return core.status();
  }
  core_ = *std::move(core);
  worker_.emplace();
  thread_ = std::thread([this] {
    core_->Begin(clock_.Now());
    loop_->Run();
  });
  return OkStatus();
}

// The one before ends here, outside the lock: tasks that are left behind own things.
void Host::SetLoop(std::unique_ptr<WsLoop> loop) {
  {
    const std::lock_guard lock(loop_mutex_);
    loop_.swap(loop);
  }
  loop.reset();
}

CoreRest Host::Stop() {
  // What was posted before this runs before the loop ends: tasks keep their order.
  Post([this](Core& core, Timestamp now) {
    stopping_ = true;
    core.Stop(now);
    loop_->WakeAfter(open_sockets_ > 0 ? kGoodbye : Milliseconds(0));
  }).IgnoreError();
  thread_.join();
  worker_->Stop();
  CoreRest rest = core_->TakeRest();
  core_.reset();
  SetLoop(nullptr);
  return rest;
}

absl::StatusOr<SocketId> Host::Open(const transport::Endpoint& endpoint) {
  PAWL_ASSIGN(const SocketId socket, loop_->Open(endpoint));
  ++open_sockets_;
  return socket;
}

void Host::OnOpened(SocketId socket, const transport::ChannelInfo& channel) {
  core_->Opened(socket, channel, clock_.Now());
}

void Host::OnMessage(SocketId socket, ByteView message) {
  core_->Message(socket, message, clock_.Now());
}

void Host::OnSent(SocketId socket, Bytes buffer) {
  core_->Sent(socket, std::move(buffer), clock_.Now());
}

void Host::OnPong(SocketId socket) { core_->Pong(socket, clock_.Now()); }

void Host::OnClosed(SocketId socket, transport::SocketEnd end) {
  --open_sockets_;
  core_->Closed(socket, end, clock_.Now());
  if (stopping_ && open_sockets_ == 0) loop_->Stop();
}

void Host::OnWake() {
  if (stopping_) return loop_->Stop();
  core_->Wake(clock_.Now());
}

}  // namespace pawl::runner
