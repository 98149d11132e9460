#ifndef PAWL_CLIENT_RUNNER_PEEK_FETCH_H_
#define PAWL_CLIENT_RUNNER_PEEK_FETCH_H_

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/system_clock.h"
#include "client/engine/peek.h"
#include "client/runner/relay_choice.h"
#include "client/runner/relay_link.h"
#include "client/runner/socket_port.h"
#include "crypto/ed25519.h"
#include "crypto/init.h"
#include "transport/steady_time.h"
#include "transport/ws/loop.h"

namespace pawl::runner {

// One visit to the relay in mode Peek: what waits for a device is fetched and left where it is, the
// device's own connection stays, and no file is open meanwhile. Lives on the thread that calls
// Fetch; Cancel may come from any.
class PeekFetch final : private transport::ws::LoopHandler, private SocketPort {
 public:
  // At most so many at a time, and not much more than so many bytes: a notification needs no more,
  // and the process that shows it may have little memory.
  static constexpr uint32_t kMaxEnvelopes = 256;
  static constexpr size_t kMaxBytes = size_t{512} << 10;
  // Lists of strangers that are asked for in one visit.
  static constexpr size_t kMaxLists = 8;

  struct Who {
    transport::Identity identity;
    crypto::Ed25519KeyPair signing;
  };
  // kInvalidArgument: no such policy.
  static absl::StatusOr<std::unique_ptr<PeekFetch>> Create(RelayChoice relay, Who who);
  ~PeekFetch() override;

  struct Mail {
    std::vector<client::PeekInput> envelopes;  // oldest first
    uint64_t beyond = 0;                       // that wait besides
  };
  // Blocks for `patience` at most, whatever is done to the clock: kTimeout, kCancelled; what kept
  // the relay from us (kDisconnected, kTlsFailed, kAuthFailed, …). Tried again until then where
  // that may help; the failure says when to ask again (RetryAfterOf), where that is known.
  absl::StatusOr<Mail> Fetch(Duration patience);
  // The newest device list of each of these accounts, as far as the relay has them and says so in
  // what Fetch has left of its time; asked for anonymously, so that the relay does not learn who
  // got mail from whom. Their signatures are verified.
  std::vector<identity::DeviceList> Lists(const std::vector<identity::Address>& accounts);
  void Cancel();

 private:
  PeekFetch(RelayChoice relay, Who who);

  enum class Phase { kMail, kLists };

  // One turn of the loop's thread: until `done_`, the deadline or Cancel.
  void Run(Phase phase);
  void Settle();
  void Take(const transport::Effect& effect);
  void OnState(const transport::Status& status);
  void TakeMail(const wire::FrameView& frame);
  void TakeAnswer(const transport::Answered& answer);
  void TakeList(const wire::FrameView& frame);
  void AskForMail();
  void AskForLists();
  void Finish(Code code, Duration retry_after = {});
  RelayLink& link() { return phase_ == Phase::kMail ? mail_link_ : list_link_; }
  Timestamp now() const { return clock_.Now(); }

  // transport::ws::LoopHandler
  void OnOpened(SocketId socket, const transport::ChannelInfo& channel) override;
  void OnMessage(SocketId socket, ByteView message) override;
  void OnSent(SocketId socket, Bytes buffer) override;
  void OnPong(SocketId socket) override;
  void OnClosed(SocketId socket, transport::SocketEnd end) override;
  void OnWake() override;
  // SocketPort
  absl::StatusOr<SocketId> Open(const transport::Endpoint& endpoint) override;
  void Send(SocketId socket, Bytes buffer) override;
  void Ping(SocketId socket) override;
  void Close(SocketId socket, uint16_t ws_code) override;

  RelayChoice relay_;
  Who who_;
  SystemClock clock_;
  crypto::SystemRng rng_;
  std::mutex loop_mutex_;                        // for Cancel
  std::unique_ptr<transport::ws::WsLoop> loop_;  // one for each phase: a loop runs once
  bool cancelled_ = false;                       // under loop_mutex_
  RelayLink mail_link_;
  RelayLink list_link_;

  Phase phase_ = Phase::kMail;
  transport::SteadyTime time_;
  Timestamp until_;  // in steady time
  std::optional<Code> done_;
  Duration retry_after_;           // what `done_` lasts, where the relay said so
  Code trouble_ = Code::kTimeout;  // what the deadline is to say
  Timestamp trouble_until_;        // and when that would have been tried again
  Mail mail_;
  size_t bytes_ = 0;
  uint64_t waiting_ = 0;
  MailboxCursor after_;
  std::vector<identity::Address> wanted_;
  size_t open_requests_ = 0;
  std::vector<identity::DeviceList> lists_;
};

}  // namespace pawl::runner

#endif  // PAWL_CLIENT_RUNNER_PEEK_FETCH_H_
