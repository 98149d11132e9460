#ifndef PAWL_CLIENT_RUNNER_HOST_H_
#define PAWL_CLIENT_RUNNER_HOST_H_

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "base/status.h"
#include "base/system_clock.h"
#include "client/runner/core.h"
#include "client/runner/io_worker.h"
#include "client/runner/relay_choice.h"
#include "crypto/init.h"
#include "transport/ws/loop.h"

namespace pawl::runner {

// A core with its threads: the loop's, where the core and all it owns live once Start has returned,
// and the IO worker's. Sockets and time come from the loop, other threads come in by Post.
class Host final : private transport::ws::LoopHandler, private SocketPort {
 public:
  // `events`, `gate` and `board` outlive it.
  struct Shared {
    EventQueue* events = nullptr;
    Gate* gate = nullptr;
    AccountBoard* board = nullptr;
  };
  explicit Host(Shared shared) : shared_(shared) {}

  // Once, and again after each Stop. `store` outlives it, or the Stop.
  absl::Status Start(store::Store* store, Core::Options options);
  // Takes leave of the relay and ends both threads. Once after each Start; not on their threads.
  // What is left to be done is in the result.
  CoreRest Stop();

  // Runs `task(core, now)` on the loop's thread, in the order of posting. kClosed. Any thread.
  template <typename Task>
  absl::Status Post(Task task) {
    // A task that is refused ends after the lock: what it owns may wait for who is posting.
    absl::AnyInvocable<void()> job = [this, task = std::move(task)]() mutable {
      task(*core_, clock_.Now());
    };
    std::lock_guard lock(loop_mutex_);
    const bool posted = loop_ != nullptr && loop_->Post(std::move(job));
    return posted ? OkStatus() : Fail(Code::kClosed, "the client is closed");
  }

 private:
  // For the last words to the relay.
  static constexpr Duration kGoodbye = Milliseconds(500);

  Core::Ports MakePorts();
  void SetLoop(std::unique_ptr<transport::ws::WsLoop> loop);

  // transport::ws::LoopHandler
  void OnOpened(SocketId socket, const transport::ChannelInfo& channel) override;
  void OnMessage(SocketId socket, ByteView message) override;
  void OnSent(SocketId socket, Bytes buffer) override;
  void OnPong(SocketId socket) override;
  void OnClosed(SocketId socket, transport::SocketEnd end) override;
  void OnWake() override;

  // SocketPort
  absl::StatusOr<SocketId> Open(const transport::Endpoint& endpoint) override;
  void Send(SocketId socket, Bytes buffer) override { loop_->Send(socket, std::move(buffer)); }
  void Ping(SocketId socket) override { loop_->Ping(socket); }
  void Close(SocketId socket, uint16_t ws_code) override { loop_->Close(socket, ws_code); }

  const Shared shared_;
  SystemClock clock_;
  crypto::SystemRng rng_;
  crypto::SystemRng disk_rng_;

  std::mutex loop_mutex_;                        // for Post: `loop_` goes in Stop
  std::unique_ptr<transport::ws::WsLoop> loop_;  // on its own thread used without the lock
  std::unique_ptr<Core> core_;
  std::optional<IoWorker> worker_;
  std::thread thread_;
  // The loop's thread alone:
  bool stopping_ = false;
  int open_sockets_ = 0;
};

}  // namespace pawl::runner

#endif  // PAWL_CLIENT_RUNNER_HOST_H_
