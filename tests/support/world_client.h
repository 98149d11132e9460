#ifndef PAWL_TESTS_SUPPORT_WORLD_CLIENT_H_
#define PAWL_TESTS_SUPPORT_WORLD_CLIENT_H_

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "client/engine/compose.h"
#include "client/engine/content_view.h"
#include "client/engine/conversation.h"
#include "client/engine/engine.h"
#include "client/engine/relay_port.h"
#include "codec/writer.h"
#include "store/store.h"
#include "support/matchers.h"
#include "support/temp_dir.h"
#include "support/world_relay.h"
#include "transport/connection.h"

namespace pawl::test {

// Things a World may do to a client's mail and calls before the engine sees them. Empty: nothing.
struct WorldFaults {
  // False: the input is lost (an acknowledgement on the wire, an answer that never came).
  std::function<bool(client::Input& input)> on_input;
  // False: the call is swallowed.
  std::function<bool(client::Call& call)> on_call;
  // What the client acknowledges to the relay gets lost.
  bool lose_acks = false;
};

// One device in a World: a real store, a real engine, two real transport machines, and an app that
// writes down every durable event once, as an app should. Its clock may be wrong.
class WorldClient {
 public:
  WorldClient(std::string name, WorldRelay& relay, Rng& rng, client::Config config)
      : name_(std::move(name)), relay_(relay), rng_(rng), config_(std::move(config)) {}

  // --- life ---
  void Start(Timestamp now) {
    auto store =
        store::Store::Open({.dir = folder_.File("store"),
                            .key = store::HostKey::From(std::span<const uint8_t, 32>(kHostKey)),
                            .create_if_missing = true,
                            .anchor = store::AnchorFile{folder_.File("anchors")},
                            .vfs = vfs},
                           now, rng_);
    ASSERT_THAT(store, IsOk());
    store_ = *std::move(store);
    auto engine = client::Engine::Create(store_.get(), config_);
    ASSERT_THAT(engine, IsOk());
    engine_ = *std::move(engine);
    Push(client::TimePassed{});
  }
  // As by SIGKILL: what is not committed is gone, the relay sees the sockets die.
  void Kill(Timestamp now) {
    for (Link* link : {&device_, &anonymous_}) {
      if (link->socket) relay_.Close(*link->socket, now);
      *link = Link{};
    }
    inputs_.clear();
    engine_.reset();
    store_.reset();
  }
  bool alive() const { return engine_ != nullptr; }
  void SetOnline(bool online, Timestamp now) {
    online_ = online;
    if (online) return;
    for (Link* link : {&device_, &anonymous_}) {
      if (link->connection) link->connection->Stop(Turn(*link, now));
      HandleEffects(*link, now);
    }
  }

  // --- the app ---
  RequestId Do(decltype(client::Command::body) body) {
    const RequestId id(++last_request_);
    Push(client::Command{.request = id, .body = std::move(body)});
    return id;
  }
  MessageId SendText(const identity::Address& to, std::string_view text, Timestamp now,
                     uint32_t expires_in_s = 0) {
    const MessageId id(rng_.Array<16>());
    auto content = client::Compose({.id = id,
                                    .sent_at = now + skew,
                                    .conversation = client::ConversationOf(address(), to),
                                    .expires_in_s = expires_in_s,
                                    .body = client::TextView{text}});
    EXPECT_THAT(content, IsOk());
    last_send_ = Do(client::SendMessage{.id = id, .to = to, .content = *std::move(content)});
    return id;
  }
  RequestId last_send() const { return last_send_; }
  // What the app has written down: every durable event, in order.
  const std::vector<client::Event>& journal() const { return journal_; }
  const std::vector<client::Event>& ephemeral() const { return ephemeral_; }
  std::optional<Code> Completed(RequestId request) const {
    for (const client::Event& event : ephemeral_) {
      if (event.kind == client::EventKind::kCompleted && event.request == request) {
        return event.code;
      }
    }
    return std::nullopt;
  }
  Bytes ResultOf(RequestId request) const {
    for (const client::Event& event : ephemeral_) {
      if (event.kind == client::EventKind::kCompleted && event.request == request) {
        return event.data;
      }
    }
    return {};
  }
  std::vector<std::string> Texts(const identity::Address& from) const {
    std::vector<std::string> texts;
    for (const client::Event& event : journal_) {
      if (event.kind != client::EventKind::kMessage || event.peer != from || event.outgoing)
        continue;
      texts.push_back(TextOf(event));
    }
    return texts;
  }
  static std::string TextOf(const client::Event& event) {
    const auto view = client::ContentView::Parse(event.content.Expose());
    if (!view.ok()) return "(gone)";
    const auto* text = std::get_if<client::TextView>(&view->body);
    return text ? std::string(text->text) : "(other)";
  }
  size_t Count(client::EventKind kind) const {
    size_t count = 0;
    for (const client::Event& event : journal_) count += event.kind == kind;
    return count;
  }
  const client::Event* Last(client::EventKind kind) const {
    const client::Event* last = nullptr;
    for (const client::Event& event : journal_) {
      if (event.kind == kind) last = &event;
    }
    return last;
  }
  // The furthest state that the app was told of a message.
  std::optional<client::MessageState> StateOf(const MessageId& message) const {
    std::optional<client::MessageState> state;
    for (const client::Event& event : journal_) {
      if (event.kind == client::EventKind::kMessageState && event.message == message) {
        state = event.state;
      }
    }
    return state;
  }

  // --- what the World drives ---
  void Push(client::Input input) { inputs_.push_back(std::move(input)); }
  bool has_inputs() const { return alive() && !inputs_.empty(); }
  void StepOnce(Timestamp now) {
    if (!alive()) return;
    const Timestamp local = now + skew;
    auto inputs = std::exchange(inputs_, {});
    std::erase_if(inputs, [&](client::Input& i) { return faults.on_input && !faults.on_input(i); });
    auto effects = engine_->Step(inputs, local, rng_);
    last_step_ = effects.status();
    if (!effects.ok()) {
      // Stepped again when the World says so; borrowed inputs cannot wait.
      for (client::Input& input : inputs) {
        if (std::holds_alternative<client::Command>(input)) Push(std::move(input));
      }
      return;
    }
    ++steps_;
    Release(*std::move(effects), now);
  }
  const absl::Status& last_step() const { return last_step_; }
  size_t steps() const { return steps_; }

  Timestamp NextDeadline() const {
    if (!alive()) return kNever;
    Timestamp next = engine_->NextDeadline();
    for (const Link* link : {&device_, &anonymous_}) {
      if (link->connection) next = std::min(next, link->connection->NextDeadline());
    }
    return next == kNever ? kNever : next - skew;
  }
  void Tick(Timestamp now) {
    if (!alive()) return;
    for (Link* link : {&device_, &anonymous_}) {
      if (link->connection && link->connection->NextDeadline() <= now + skew) {
        link->connection->Tick(Turn(*link, now));
        HandleEffects(*link, now);
      }
    }
    if (engine_->NextDeadline() <= now + skew) Push(client::TimePassed{});
  }

  identity::Address address() const { return *identity::Address::Create(name_, "example.org"); }
  client::Engine& engine() { return *engine_; }
  store::Store& store() { return *store_; }
  const client::Effects& last_effects() const { return last_effects_; }
  const std::vector<client::Effects::Rejected>& rejected() const { return rejected_; }
  std::vector<client::TransferJob>& transfers() { return transfers_; }
  std::filesystem::path folder() const { return folder_.path(); }

  Duration skew{};  // this client's clock less the World's
  WorldFaults faults;
  bool auto_ack = true;  // the app acknowledges what it wrote down
  std::string vfs;       // SQLite VFS of the store
  uint8_t network = 1;   // which the relay counts it under

 private:
  struct Link {
    std::optional<transport::Connection> connection;
    std::optional<client::RelayPort> port;
    std::optional<relay::ConnectionId> socket;
    transport::Attempt attempt;
    transport::Effects effects;
  };

  transport::Turn Turn(Link& link, Timestamp now) { return {now + skew, rng_, link.effects}; }

  void Release(client::Effects effects, Timestamp now) {
    for (auto& event : effects.events) ephemeral_.push_back(std::move(event));
    for (auto& job : effects.transfers) transfers_.push_back(std::move(job));
    rejected_.insert(rejected_.end(), effects.rejected.begin(), effects.rejected.end());
    Wish(device_, effects.want_device, client::Channel::kDevice, now);
    Wish(anonymous_, effects.want_anonymous || anonymous_.connection, client::Channel::kAnonymous,
         now);
    for (client::Call& call : effects.calls) {
      if (faults.on_call && !faults.on_call(call)) continue;
      Link& link = call.channel == client::Channel::kDevice ? device_ : anonymous_;
      if (!link.port) continue;
      auto refused = link.port->Submit(call, Turn(link, now));
      if (refused) Push(std::move(*refused));
      HandleEffects(link, now);
    }
    if (!effects.acks.empty() && device_.connection && !faults.lose_acks) {
      device_.connection->Acknowledge(effects.acks, Turn(device_, now));
      HandleEffects(device_, now);
    }
    if (effects.inbox_grew) ReadInbox();
  }

  void ReadInbox() {
    for (;;) {
      auto events = engine_->ReadInbox(seen_, 100);
      ASSERT_THAT(events, IsOk());
      if (events->empty()) break;
      for (client::Event& event : *events) {
        EXPECT_GT(event.seq, seen_) << "a number was given twice";
        seen_ = event.seq;
        journal_.push_back(std::move(event));
      }
    }
    if (auto_ack) Do(client::AckInbox{seen_});
  }

  void Wish(Link& link, bool wanted, client::Channel channel, Timestamp now) {
    if (!wanted || !online_) return;
    if (!link.connection) Make(link, channel);
    if (link.connection->status().state == transport::State::kOffline) {
      link.connection->Start(Turn(link, now));
      HandleEffects(link, now);
    }
  }

  void Make(Link& link, client::Channel channel) {
    const bool device = channel == client::Channel::kDevice;
    auto endpoint = transport::Endpoint::Parse("ws://127.0.0.1:1");
    auto config = transport::ConnectionConfig::For(
        device ? transport::Mode::kDevice : transport::Mode::kAnonymous, *endpoint, {});
    if (device) {
      const auto self = engine_->self();
      codec::Writer encoded;
      identity::Write(encoded, *self);
      config.identity = {self->account.ToString(), self->device, ToBytes(encoded.view())};
    }
    auto connection = transport::Connection::Create(std::move(config));
    ASSERT_THAT(connection, IsOk());
    link.connection.emplace(*std::move(connection));
    link.port.emplace(channel, &*link.connection);
  }

  void HandleEffects(Link& link, Timestamp now) {
    // What is done for one effect may append others.
    for (size_t i = 0; i < link.effects.size(); ++i) {
      transport::Effect effect = std::move(link.effects[i]);
      HandleSocket(link, effect, now);
      if (link.port) {
        if (auto input = link.port->Convert(effect)) Push(std::move(*input));
      }
    }
    link.effects.clear();
  }

  void HandleSocket(Link& link, transport::Effect& effect, Timestamp now) {
    if (auto* open = std::get_if<transport::OpenSocket>(&effect)) {
      OpenSocket(link, open->attempt, now);
    } else if (auto* send = std::get_if<transport::SendMessage>(&effect)) {
      if (!link.socket || send->attempt != link.attempt) return;
      // A fresh vector, so that the relay gets its bytes aligned.
      const Bytes message(send->buffer.begin() + transport::kSocketHeadroom, send->buffer.end());
      relay_.Receive(*link.socket, message, now);
      link.connection->SocketSent(link.attempt, std::move(send->buffer), Turn(link, now));
    } else if (auto* close = std::get_if<transport::CloseSocket>(&effect)) {
      if (!link.socket || close->attempt != link.attempt) return;
      relay_.Close(*std::exchange(link.socket, std::nullopt), now);
    } else if (std::get_if<transport::PingSocket>(&effect)) {
      if (link.socket) link.connection->SocketPong(link.attempt, Turn(link, now));
    } else if (auto* need = std::get_if<transport::NeedSignature>(&effect)) {
      auto signature = engine_->SignRelayAuth(need->message);
      ASSERT_THAT(signature, IsOk());
      link.connection->Signed(need->attempt, *signature, Turn(link, now));
    }
  }

  void OpenSocket(Link& link, transport::Attempt attempt, Timestamp now) {
    link.attempt = attempt;
    if (!online_) {
      link.connection->SocketClosed(attempt, {.failure = transport::SocketFailure::kConnect},
                                    Turn(link, now));
      return;
    }
    WorldRelay::Socket socket;
    socket.on_message = [this, &link](ByteView message) {
      const Timestamp time = clock();
      link.connection->SocketMessage(link.attempt, message, Turn(link, time));
      HandleEffects(link, time);
      if (has_inputs()) StepOnce(time);  // while the message is still there
    };
    socket.on_close = [this, &link](uint16_t code) {
      const Timestamp time = clock();
      link.socket.reset();
      link.connection->SocketClosed(
          link.attempt,
          {.failure = code ? transport::SocketFailure::kNone : transport::SocketFailure::kLost,
           .ws_code = code},
          Turn(link, time));
      HandleEffects(link, time);
    };
    link.socket = relay_.Open(network, std::move(socket), now, rng_);
    link.connection->SocketOpened(attempt, {}, Turn(link, now));
  }

 public:
  std::function<Timestamp()> clock;  // the World's

 private:
  static constexpr ByteArray<32> kHostKey = {1, 2, 3};

  const std::string name_;
  WorldRelay& relay_;
  Rng& rng_;
  const client::Config config_;
  TempDir folder_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<client::Engine> engine_;
  Link device_, anonymous_;
  std::vector<client::Input> inputs_;
  bool online_ = true;
  uint64_t last_request_ = 0;
  RequestId last_send_;
  size_t steps_ = 0;
  absl::Status last_step_;
  client::Effects last_effects_;

  // The app's own, which survives a kill.
  InboxSeq seen_;
  std::vector<client::Event> journal_;
  std::vector<client::Event> ephemeral_;
  std::vector<client::Effects::Rejected> rejected_;
  std::vector<client::TransferJob> transfers_;
};

}  // namespace pawl::test

#endif  // PAWL_TESTS_SUPPORT_WORLD_CLIENT_H_
