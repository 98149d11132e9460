#include "support/fake_clock.h"
#include "support/seeded_rng.h"
#include "transport/connection.h"
#include "unit/transport/ws/loop_harness.h"
#include "unit/transport/ws/test_server.h"
#include "wire/frame_parts.h"
#include "wire/frames.h"

// The machine and the sockets together, as the runner puts them: real time, a relay played by a
// test.

namespace pawl::transport::ws {
namespace {

using test::LoopbackEndpoint;
using test::Peer;
using test::TestCertificate;
using test::TestServer;

class RealClock final : public Clock {
 public:
  Timestamp Now() const override {
    return {std::chrono::duration_cast<std::chrono::milliseconds>(
                std::chrono::steady_clock::now().time_since_epoch())
                .count()};
  }
};

// One connection over one loop. Everything runs on the loop's thread; the test's thread watches.
class Runner : public LoopHandler {
 public:
  explicit Runner(ConnectionConfig config) : connection_(*Connection::Create(config)) {
    LoopOptions options;
    options.tls = config.tls;
    auto loop = WsLoop::Create(options, this);
    EXPECT_THAT(loop, pawl::test::IsOk());
    loop_ = *std::move(loop);
    thread_ = std::thread([this] { loop_->Run(); });
  }
  ~Runner() override {
    loop_->Stop();
    thread_.join();
    loop_.reset();
  }
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  void Do(std::function<void(Connection&, Turn)> action) {
    loop_->Post([this, action = std::move(action)] {
      action(connection_, turn());
      CarryOut();
    });
  }
  bool Await(const std::function<bool()>& holds) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, test::kPatience, holds);
  }
  bool AwaitState(State state) {
    return Await([&] { return !states_.empty() && states_.back().state == state; });
  }

  // Guarded by the mutex of Await.
  std::vector<Status> states_;
  size_t answered_ = 0;
  std::vector<RequestFailed> failed_;
  size_t delivered_ = 0;

 private:
  Turn turn() { return {clock_.Now(), rng_, effects_}; }

  void CarryOut() {
    while (!effects_.empty()) {
      for (Effect& effect : std::exchange(effects_, {})) CarryOut(effect);
    }
    const Timestamp next = connection_.NextDeadline();
    loop_->WakeAfter(next == kNever ? Milliseconds(-1)
                                    : std::max(next - clock_.Now(), Milliseconds(0)));
  }
  void CarryOut(Effect& effect) {
    const std::lock_guard lock(mutex_);
    if (const auto* open = std::get_if<OpenSocket>(&effect)) {
      attempt_ = open->attempt;
      const auto socket = loop_->Open(open->endpoint);
      EXPECT_THAT(socket, pawl::test::IsOk());
      socket_ = *socket;
    } else if (auto* send = std::get_if<SendMessage>(&effect)) {
      loop_->Send(socket_, std::move(send->buffer));
    } else if (std::holds_alternative<PingSocket>(effect)) {
      loop_->Ping(socket_);
    } else if (const auto* close = std::get_if<CloseSocket>(&effect)) {
      loop_->Close(socket_, close->ws_code);
    } else if (const auto* sign = std::get_if<NeedSignature>(&effect)) {
      ByteArray<64> signature{};
      std::copy_n(sign->message.begin(), 64, signature.begin());
      connection_.Signed(sign->attempt, signature, turn());
    } else if (const auto* state = std::get_if<StateChanged>(&effect)) {
      states_.push_back(state->status);
    } else if (std::holds_alternative<Answered>(effect)) {
      ++answered_;
    } else if (const auto* failure = std::get_if<RequestFailed>(&effect)) {
      failed_.push_back(*failure);
    } else if (const auto* mail = std::get_if<Delivered>(&effect)) {
      ++delivered_;
      if (const auto* message = mail->frame.header->body_as_Message()) {
        connection_.Acknowledge(std::vector{MailboxCursor(message->cursor())}, turn());
      }
    }
    changed_.notify_all();
  }

  // Of another socket than the present one: the machine has given that one up.
  bool IsStale(SocketId socket) const { return socket != socket_; }
  void OnOpened(SocketId socket, const ChannelInfo& channel) override {
    if (IsStale(socket)) return;
    connection_.SocketOpened(attempt_, channel, turn());
    CarryOut();
  }
  void OnMessage(SocketId socket, ByteView message) override {
    if (IsStale(socket)) return;
    connection_.SocketMessage(attempt_, message, turn());
    CarryOut();
  }
  void OnSent(SocketId socket, Bytes buffer) override {
    if (IsStale(socket)) return;
    connection_.SocketSent(attempt_, std::move(buffer), turn());
    CarryOut();
  }
  void OnPong(SocketId socket) override {
    if (IsStale(socket)) return;
    connection_.SocketPong(attempt_, turn());
    CarryOut();
  }
  void OnClosed(SocketId socket, SocketEnd end) override {
    if (IsStale(socket)) return;
    connection_.SocketClosed(attempt_, end, turn());
    CarryOut();
  }
  void OnWake() override {
    connection_.Tick(turn());
    CarryOut();
  }

  RealClock clock_;
  pawl::test::SeededRng rng_{7};
  Effects effects_;
  Connection connection_;
  Attempt attempt_;
  SocketId socket_;
  std::unique_ptr<WsLoop> loop_;
  std::thread thread_;
  std::mutex mutex_;
  std::condition_variable changed_;
};

template <typename Frame>
bool Say(Peer& peer, const Frame& frame) {
  wire::FrameWriter writer;
  EXPECT_TRUE(wire::Append(writer, frame));
  return peer.WriteFrame(test::kBinary, writer.message());
}

// The relay's side up to READY.
bool LogIn(Peer& peer) {
  if (!peer.Upgrade()) return false;
  wire::Challenge challenge;
  challenge.max_message = wire::kMaxMessageSize;
  if (!Say(peer, challenge)) return false;
  const auto hello = peer.Await(test::kBinary);
  return hello && Say(peer, wire::Ready{});
}

// Answers every SEND until the client is gone.
void Serve(Peer& peer) {
  while (auto message = peer.ReadFrame()) {
    if (message->opcode == test::kPing) peer.WriteFrame(test::kPong, message->payload);
    if (message->opcode == test::kCloseFrame) return;
    if (message->opcode != test::kBinary) continue;
    wire::FrameReader reader(message->payload);
    while (auto frame = reader.Next()) {
      if (const auto* send = frame->header->body_as_Send())
        Say(peer, wire::Sent{send->req(), false, 1});
    }
  }
}

ConnectionConfig ConfigFor(const TestServer& server, Mode mode,
                           const TestCertificate* certificate = nullptr) {
  TlsPolicy tls;
  if (certificate != nullptr) {
    tls.roots = TlsPolicy::Roots::kNone;
    tls.spki_pins = {certificate->SpkiHash()};
  }
  ConnectionConfig config = ConnectionConfig::For(
      mode, LoopbackEndpoint(server.port(), certificate != nullptr), std::move(tls));
  if (mode != Mode::kAnonymous) config.identity = {"alice@example.org", DeviceId(1), Bytes(40)};
  config.backoff_base = Milliseconds(10);
  config.backoff_cap = Milliseconds(50);
  return config;
}

wire::Send SendOf(ByteView envelope) {
  wire::Send send;
  send.account = "bob@example.org";
  send.device = DeviceId(1);
  send.envelope = envelope;
  return send;
}

TEST(MachineOverSockets, RequestsAreAnsweredOverTls) {
  TestCertificate certificate;
  TestServer server(
      [](Peer& peer) {
        if (LogIn(peer)) Serve(peer);
      },
      {.certificate = &certificate});
  Runner runner(ConfigFor(server, Mode::kAnonymous, &certificate));
  runner.Do([](Connection& connection, Turn turn) { connection.Start(turn); });
  ASSERT_TRUE(runner.AwaitState(State::kOnline));
  constexpr size_t kRequests = 500;
  runner.Do([](Connection& connection, Turn turn) {
    const Bytes envelope(1024);
    for (size_t n = 0; n < kRequests; ++n) {
      ASSERT_TRUE(connection.Request(SendOf(envelope), Minutes(1), turn).ok());
    }
  });
  EXPECT_TRUE(runner.Await([&] { return runner.answered_ == kRequests; }));
  runner.Do([](Connection& connection, Turn turn) { connection.Stop(turn); });
  EXPECT_TRUE(runner.AwaitState(State::kOffline));
}

TEST(MachineOverSockets, TheSignatureIsOverThisChannel) {
  TestCertificate certificate;
  std::mutex mutex;
  ByteArray<64> seen{};
  TestServer server(
      [&](Peer& peer) {
        if (!peer.Upgrade()) return;
        wire::Challenge challenge;
        challenge.max_message = wire::kMaxMessageSize;
        challenge.nonce = ByteArray<32>{0x77};
        Say(peer, challenge);
        const auto message = peer.Await(test::kBinary);
        if (!message) return;
        wire::FrameReader reader(message->payload);
        while (auto frame = reader.Next()) {
          if (const auto* auth = frame->header->body_as_Auth()) {
            const std::lock_guard lock(mutex);
            seen = wire::ToArray(*auth->signature());
          }
        }
        Say(peer, wire::Ready{});
        peer.Drain();
      },
      {.certificate = &certificate});
  Runner runner(ConfigFor(server, Mode::kDevice, &certificate));
  runner.Do([](Connection& connection, Turn turn) { connection.Start(turn); });
  ASSERT_TRUE(runner.AwaitState(State::kOnline));
  const std::lock_guard lock(mutex);
  // The Runner "signs" by copying the first 64 bytes: SPKI hash, then the relay's nonce.
  const auto pin = certificate.SpkiHash();
  EXPECT_TRUE(std::equal(pin.begin(), pin.end(), seen.begin()));
  EXPECT_EQ(seen[32], 0x77);
}

TEST(MachineOverSockets, AFrozenRelayIsNoticedAndLeft) {
  std::atomic<bool> frozen = false;
  std::atomic<bool> another_stays = false;
  TestServer server([&](Peer& peer) {
    if (!LogIn(peer)) return;
    int pings = 0;
    while (const auto message = peer.ReadFrame()) {
      if (message->opcode == test::kPing) {
        peer.WriteFrame(test::kPong, message->payload);
        if (frozen && ++pings == 8) another_stays = true;  // well past dead_after
      }
      // Frozen at a request: the connection stands, nobody reads, nobody answers.
      if (message->opcode == test::kBinary && !frozen.exchange(true)) peer.IsCutWithin(-1);
    }
  });
  ConnectionConfig config = ConfigFor(server, Mode::kDevice);
  config.ping_after = Milliseconds(200);
  config.dead_after = Milliseconds(600);
  Runner runner(config);
  runner.Do([](Connection& connection, Turn turn) { connection.Start(turn); });
  // A thread that gets no time may cost a connection its life before the request is there.
  while (!frozen) {
    size_t states = 0;
    ASSERT_TRUE(runner.Await([&] {
      states = runner.states_.size();
      return states > 0 && runner.states_.back().state == State::kOnline;
    }));
    runner.Do([](Connection& connection, Turn turn) {
      connection.Request(SendOf(Bytes(100)), Minutes(1), turn).IgnoreError();
    });
    ASSERT_TRUE(runner.Await([&] { return runner.states_.size() > states; }));
  }
  ASSERT_TRUE(runner.Await([&] { return !runner.failed_.empty(); }));
  EXPECT_EQ(runner.failed_[0].code, Code::kDisconnected);
  EXPECT_TRUE(runner.Await([&] { return another_stays.load(); })) << "who answers pings stays";
  bool timed_out = false;
  runner.Await([&] {
    for (const Status& status : runner.states_) timed_out |= status.cause == Code::kTimeout;
    return true;
  });
  EXPECT_TRUE(timed_out);
}

TEST(MachineOverSockets, ComesBackAfterEveryKindOfEnd) {
  std::atomic<int> logins = 0;
  TestServer server([&](Peer& peer) {
    switch (logins++) {
      case 0:
        return;
      case 1:
        peer.ReadRequest();
        peer.Write("HTTP/1.1 503 Service Unavailable\r\n\r\n");
        return;
      case 2:
        if (LogIn(peer)) peer.WriteClose(kCloseGoingAway);
        peer.Drain();
        return;
      case 3:
        if (LogIn(peer)) peer.WriteFrame(test::kBinary, Bytes(100, 0xff));
        peer.Drain();
        return;
      case 4:
        if (LogIn(peer)) Say(peer, wire::GoAway{Code::kOk, Milliseconds(20)});
        peer.Drain();
        return;
      case 5:
        if (LogIn(peer)) peer.WriteFrame(test::kText, AsBytes("x"));
        peer.Drain();
        return;
      default:
        if (LogIn(peer)) Serve(peer);
    }
  });
  Runner runner(ConfigFor(server, Mode::kDevice));
  runner.Do([](Connection& connection, Turn turn) { connection.Start(turn); });
  EXPECT_TRUE(runner.Await([&] {
    return logins == 7 && !runner.states_.empty() && runner.states_.back().state == State::kOnline;
  }));
}

TEST(MachineOverSockets, MailFlowsWhileItIsAcknowledged) {
  std::atomic<size_t> acknowledged = 0;
  TestServer server([&](Peer& peer) {
    if (!LogIn(peer)) return;
    std::atomic<bool> gone = false;
    std::thread reader([&] {
      while (auto message = peer.Await(test::kBinary)) {
        wire::FrameReader frames(message->payload);
        while (auto frame = frames.Next()) {
          if (const auto* ack = frame->header->body_as_Ack())
            acknowledged += ack->cursors()->size();
        }
      }
      gone = true;
    });
    const Bytes envelope(1024);
    for (int64_t cursor = 1; cursor <= 3000; ++cursor) {
      while (static_cast<size_t>(cursor) > acknowledged + 256 && !gone) std::this_thread::yield();
      if (!Say(peer, wire::Message{MailboxCursor(cursor), {}, {}, envelope})) break;
    }
    reader.join();
  });
  Runner runner(ConfigFor(server, Mode::kDevice));
  runner.Do([](Connection& connection, Turn turn) { connection.Start(turn); });
  EXPECT_TRUE(runner.Await([&] { return runner.delivered_ == 3000; }));
}

}  // namespace
}  // namespace pawl::transport::ws
