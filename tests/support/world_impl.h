#ifndef PAWL_TESTS_SUPPORT_WORLD_IMPL_H_
#define PAWL_TESTS_SUPPORT_WORLD_IMPL_H_

#include <algorithm>
#include <deque>
#include <map>
#include <utility>

#include "client/engine/relay_port.h"
#include "codec/writer.h"
#include "crypto/init.h"
#include "relay/core/core.h"
#include "relay/engine/sqlite/inline_engine.h"
#include "store/store.h"
#include "support/fake_clock.h"
#include "support/seeded_rng.h"
#include "support/temp_dir.h"
#include "support/world.h"
#include "transport/connection.h"

// The definitions of world.h: for exactly one source of a program, which then links what they need.
namespace pawl::test {

constexpr auto kWithFolders = std::filesystem::copy_options::recursive;

// A relay of a World: the real core over the real embedded engine. Sockets are ids; what it says to
// one goes to the handler that opened it, in order, never from inside a call.
class WorldRelay : private relay::engine::Sink {
 public:
  struct Socket {
    std::function<void(ByteView message)> on_message;
    std::function<void(uint16_t code)> on_close;
  };

  WorldRelay(relay::Config config, relay::engine::Quotas quotas, const std::filesystem::path& files)
      : config_(std::move(config)), quotas_(quotas) {
    if (!files.empty()) std::filesystem::copy(files, folder_.path(), kWithFolders);
    Start();
  }

  relay::ConnectionId Open(uint8_t network, Socket socket, Timestamp now, Rng& rng) {
    const relay::ConnectionId id(++last_id_);
    sockets_[id] = std::move(socket);
    relay::PeerInfo peer;
    peer.network[0] = network;
    relay::Effects effects;
    core_->Opened(id, peer, now, rng, effects);
    CarryOut(std::move(effects), now);
    return id;
  }
  void Receive(relay::ConnectionId id, ByteView message, Timestamp now) {
    if (!sockets_.contains(id)) return;
    relay::Effects effects;
    core_->Received(id, message, now, effects);
    CarryOut(std::move(effects), now);
  }
  void Close(relay::ConnectionId id, Timestamp now) {
    if (sockets_.erase(id) == 0) return;
    relay::Effects effects;
    core_->Closed(id, now, effects);
    CarryOut(std::move(effects), now);
  }
  void Tick(Timestamp now) {
    relay::Effects effects;
    core_->Tick(now, effects);
    CarryOut(std::move(effects), now);
  }

  // Delivers the next thing said; false when there is nothing.
  bool DeliverOne() {
    if (said_.empty()) return false;
    auto said = std::move(said_.front());
    said_.pop_front();
    auto socket = sockets_.find(said.to);
    if (socket == sockets_.end()) return true;
    if (said.close_code != 0) {
      auto on_close = std::move(socket->second.on_close);
      sockets_.erase(socket);
      on_close(said.close_code);
    } else {
      auto on_message = socket->second.on_message;
      on_message(said.message);
    }
    return true;
  }

  // Killed and started again: connections and everything not on disk are gone.
  void Restart() {
    said_.clear();
    auto sockets = std::exchange(sockets_, {});
    engine_.reset();
    core_.reset();
    Start();
    for (auto& [id, socket] : sockets) socket.on_close(0);
  }
  relay::Stats stats() const { return core_->stats(); }
  std::filesystem::path folder() const { return folder_.path(); }

 private:
  struct Said {
    relay::ConnectionId to;
    Bytes message;
    uint16_t close_code = 0;
  };

  void Start() {
    core_ = std::make_unique<relay::Core>(config_);
    relay::engine::sqlite::Location location;
    location.directory = folder_.path().string();
    auto engine = relay::engine::sqlite::InlineEngine::Open(location, quotas_, *this);
    ASSERT_THAT(engine, IsOk());
    engine_ = *std::move(engine);
  }

  void Complete(relay::engine::Completions completions) override {
    completed_.push_back(std::move(completions));
  }

  void CarryOut(relay::Effects effects, Timestamp now) {
    for (auto& send : effects.sends) said_.push_back({send.to, std::move(send.message), 0});
    for (const auto& close : effects.closes) {
      said_.push_back({close.id, {}, static_cast<uint16_t>(close.code)});
    }
    if (effects.requests.empty()) return;
    engine_->Submit(std::move(effects.requests));
    for (auto& completions : std::exchange(completed_, {})) {
      relay::Effects more;
      core_->Completed(std::move(completions), now, more);
      CarryOut(std::move(more), now);
    }
  }

  const relay::Config config_;
  const relay::engine::Quotas quotas_;
  TempDir folder_;
  std::unique_ptr<relay::Core> core_;
  std::unique_ptr<relay::engine::Engine> engine_;
  std::vector<relay::engine::Completions> completed_;
  std::map<relay::ConnectionId, Socket> sockets_;
  std::deque<Said> said_;
  uint64_t last_id_ = 0;
};

// The device's process: engine, store and connections, which a kill takes away.
class WorldClient::Machine {
 public:
  Machine(std::string name, uint8_t network, WorldRelay& relay, const Clock& clock, Rng& rng,
          client::Config config)
      : name_(std::move(name)),
        network_(network),
        relay_(relay),
        clock_(clock),
        rng_(rng),
        config_(std::move(config)) {}

  void Start() {
    auto store =
        store::Store::Open({.dir = folder_.File("store"),
                            .key = store::HostKey::From(std::span<const uint8_t, 32>(kHostKey)),
                            .create_if_missing = true,
                            .anchor = store::AnchorFile{folder_.File("anchors")},
                            .vfs = app_->vfs},
                           now(), rng_);
    ASSERT_THAT(store, IsOk());
    store_ = *std::move(store);
    auto engine = client::Engine::Create(store_.get(), config_);
    ASSERT_THAT(engine, IsOk());
    engine_ = *std::move(engine);
    inputs_.emplace_back(client::TimePassed{});
    ReadInbox();  // what was not taken before it was killed
  }
  void Kill() {
    for (Link* link : {&device_, &anonymous_}) {
      if (link->socket) relay_.Close(*link->socket, clock_.Now());
      *link = Link{};
    }
    inputs_.clear();
    engine_.reset();
    store_.reset();
  }
  void SetOnline(bool online) {
    online_ = online;
    inputs_.emplace_back(client::TimePassed{});
    if (online) return;
    for (Link* link : {&device_, &anonymous_}) {
      if (!link->connection) continue;
      link->connection->Stop(Turn(*link));
      HandleEffects(*link);
    }
  }
  void CopyFilesTo(const std::filesystem::path& to, bool anchor) const {
    std::filesystem::copy(folder_.File("store"), to / "store", kWithFolders);
    if (anchor) std::filesystem::copy(folder_.File("anchors"), to / "anchors", kWithFolders);
  }
  void TakeFilesFrom(const std::filesystem::path& from, bool anchor) {
    std::filesystem::remove_all(folder_.File("store"));
    std::filesystem::copy(from / "store", folder_.File("store"), kWithFolders);
    if (!anchor) return;
    std::filesystem::remove_all(folder_.File("anchors"));
    std::filesystem::copy(from / "anchors", folder_.File("anchors"), kWithFolders);
  }
  bool has_inputs() const { return engine_ && !inputs_.empty(); }
  void StepOnce() {
    if (!engine_) return;
    auto inputs = std::exchange(inputs_, {});
    const auto& faults = app_->faults;
    std::erase_if(inputs, [&](client::Input& i) { return faults.on_input && !faults.on_input(i); });
    auto effects = engine_->Step(inputs, now(), rng_);
    app_->last_step_ = effects.status();
    if (!effects.ok()) {
      // Borrowed inputs cannot wait for the next try: their connections would be closed.
      for (client::Input& input : inputs) {
        if (std::holds_alternative<client::Command>(input)) inputs_.push_back(std::move(input));
      }
      return;
    }
    ++app_->steps_;
    if (app_->kill_after_steps && app_->steps_ >= *app_->kill_after_steps) {
      app_->kill_after_steps.reset();
      return Kill();  // committed, and nothing released
    }
    Release(*std::move(effects));
  }
  Timestamp NextDeadline() const {
    if (!engine_) return kNever;
    Timestamp next = engine_->NextDeadline();
    for (const Link* link : {&device_, &anonymous_}) {
      if (link->connection) next = std::min(next, link->connection->NextDeadline());
    }
    return next == kNever ? kNever : next - app_->skew;
  }
  void Tick() {
    if (!engine_) return;
    for (Link* link : {&device_, &anonymous_}) {
      if (!link->connection || link->connection->NextDeadline() > now()) continue;
      link->connection->Tick(Turn(*link));
      HandleEffects(*link);
    }
    if (engine_->NextDeadline() <= now()) inputs_.emplace_back(client::TimePassed{});
  }

  WorldClient* app_ = nullptr;
  const std::string name_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<client::Engine> engine_;
  std::vector<client::Input> inputs_;

  Timestamp now() const { return clock_.Now() + app_->skew; }
  Rng& rng() { return rng_; }

 private:
  struct Link {
    std::optional<transport::Connection> connection;
    std::optional<client::RelayPort> port;
    std::optional<relay::ConnectionId> socket;
    transport::Attempt attempt;
    transport::Effects effects;
  };

  transport::Turn Turn(Link& link) { return {now(), rng_, link.effects}; }

  void Release(client::Effects effects) {
    for (auto& event : effects.events) app_->ephemeral_.push_back(std::move(event));
    for (auto& job : effects.transfers) app_->transfers_.push_back(std::move(job));
    app_->rejected_.insert(app_->rejected_.end(), effects.rejected.begin(), effects.rejected.end());
    if (effects.login_again && device_.connection) {
      device_.connection->Stop(Turn(device_));
      HandleEffects(device_);
    }
    if (effects.renew_anonymous && anonymous_.connection) {
      anonymous_.connection->Stop(Turn(anonymous_));
      HandleEffects(anonymous_);
    }
    Wish(device_, effects.want_device, client::Channel::kDevice);
    Wish(anonymous_, effects.want_anonymous || anonymous_.connection, client::Channel::kAnonymous);
    for (client::Call& call : effects.calls) {
      if (app_->faults.on_call && !app_->faults.on_call(call)) continue;
      Link& link = call.channel == client::Channel::kDevice ? device_ : anonymous_;
      if (!link.port) continue;
      if (auto refused = link.port->Submit(call, Turn(link))) inputs_.emplace_back(*refused);
      HandleEffects(link);
    }
    if (!effects.acks.empty() && device_.connection && !app_->faults.lose_acks) {
      device_.connection->Acknowledge(effects.acks, Turn(device_));
      HandleEffects(device_);
    }
    if (effects.inbox_grew) ReadInbox();
  }

  void ReadInbox() {
    for (;;) {
      auto events = engine_->ReadInbox(app_->seen_, 100);
      ASSERT_THAT(events, IsOk());
      if (events->empty()) break;
      for (client::Event& event : *events) {
        EXPECT_GT(event.seq, app_->seen_) << "a number was given twice";
        app_->seen_ = event.seq;
        app_->journal_.push_back(std::move(event));
      }
    }
    if (app_->auto_ack) app_->Do(client::AckInbox{app_->seen_});
  }

  void Wish(Link& link, bool wanted, client::Channel channel) {
    if (!wanted || !online_) return;
    if (!link.connection) Make(link, channel);
    if (link.connection->status().state == transport::State::kOffline) {
      link.connection->Start(Turn(link));
      HandleEffects(link);
    }
  }

  void Make(Link& link, client::Channel channel) {
    const bool device = channel == client::Channel::kDevice;
    auto config = transport::ConnectionConfig::For(
        device ? transport::Mode::kDevice : transport::Mode::kAnonymous,
        *transport::Endpoint::Parse("ws://127.0.0.1:1"), {});
    if (device) {
      const auto self = engine_->self();
      codec::Writer encoded;
      identity::Write(encoded, *self);
      config.identity = {self->account.ToString(), self->device, ToBytes(encoded.view())};
    }
    // Nothing is lost silently here: whoever cuts a socket says so. Months must pass in moments.
    config.ping_after = Hours(6);
    config.dead_after = Hours(12);
    auto connection = transport::Connection::Create(std::move(config));
    ASSERT_THAT(connection, IsOk());
    link.connection.emplace(*std::move(connection));
    link.port.emplace(channel, &*link.connection);
  }

  void HandleEffects(Link& link) {
    // What is done for one effect may append others.
    for (size_t i = 0; i < link.effects.size(); ++i) {
      transport::Effect effect = std::move(link.effects[i]);
      HandleSocket(link, effect);
      if (auto input = link.port->Convert(effect)) inputs_.push_back(std::move(*input));
    }
    link.effects.clear();
  }

  void HandleSocket(Link& link, transport::Effect& effect) {
    if (auto* open = std::get_if<transport::OpenSocket>(&effect)) {
      OpenSocket(link, open->attempt);
    } else if (auto* send = std::get_if<transport::SendMessage>(&effect)) {
      if (!link.socket || send->attempt != link.attempt) return;
      // A fresh vector, so that the relay gets its bytes aligned.
      const Bytes message(send->buffer.begin() + transport::kSocketHeadroom, send->buffer.end());
      relay_.Receive(*link.socket, message, clock_.Now());
      link.connection->SocketSent(link.attempt, std::move(send->buffer), Turn(link));
    } else if (auto* close = std::get_if<transport::CloseSocket>(&effect)) {
      if (!link.socket || close->attempt != link.attempt) return;
      relay_.Close(*std::exchange(link.socket, std::nullopt), clock_.Now());
    } else if (std::get_if<transport::PingSocket>(&effect)) {
      if (link.socket) link.connection->SocketPong(link.attempt, Turn(link));
    } else if (auto* need = std::get_if<transport::NeedSignature>(&effect)) {
      auto signature = engine_->SignRelayAuth(need->message);
      ASSERT_THAT(signature, IsOk());
      link.connection->Signed(need->attempt, *signature, Turn(link));
    }
  }

  void OpenSocket(Link& link, transport::Attempt attempt) {
    link.attempt = attempt;
    if (!online_) {
      transport::SocketEnd end;
      end.failure = transport::SocketFailure::kConnect;
      return link.connection->SocketClosed(attempt, end, Turn(link));
    }
    WorldRelay::Socket socket;
    socket.on_message = [this, &link](ByteView message) {
      link.connection->SocketMessage(link.attempt, message, Turn(link));
      HandleEffects(link);
      if (has_inputs()) StepOnce();  // while the message is still there
    };
    socket.on_close = [this, &link](uint16_t code) {
      link.socket.reset();
      transport::SocketEnd end;
      end.failure = code ? transport::SocketFailure::kNone : transport::SocketFailure::kLost;
      end.ws_code = code;
      link.connection->SocketClosed(link.attempt, end, Turn(link));
      HandleEffects(link);
    };
    link.socket = relay_.Open(network_, std::move(socket), clock_.Now(), rng_);
    link.connection->SocketOpened(attempt, {}, Turn(link));
  }

  static constexpr ByteArray<32> kHostKey = {1, 2, 3};

  const uint8_t network_;
  WorldRelay& relay_;
  const Clock& clock_;
  Rng& rng_;
  const client::Config config_;
  TempDir folder_;
  Link device_, anonymous_;
  bool online_ = true;
};

WorldClient::WorldClient(std::unique_ptr<Machine> machine) : machine_(std::move(machine)) {
  machine_->app_ = this;
}
WorldClient::~WorldClient() = default;

RequestId WorldClient::Do(decltype(client::Command::body) body) {
  const RequestId id(++last_request_);
  Push(client::Command{.request = id, .body = std::move(body)});
  return id;
}

MessageId WorldClient::SendText(const identity::Address& to, std::string_view text,
                                Timestamp world_now, uint32_t expires_in_s) {
  const MessageId id(machine_->rng().Array<16>());
  auto content = client::Compose({.id = id,
                                  .sent_at = world_now + skew,
                                  .conversation = client::ConversationOf(address(), to),
                                  .expires_in_s = expires_in_s,
                                  .body = client::TextView{text}});
  EXPECT_THAT(content, IsOk());
  last_send_ = Do(client::SendMessage{.id = id, .to = to, .content = *std::move(content)});
  return id;
}

std::optional<Code> WorldClient::Completed(RequestId request) const {
  for (const client::Event& event : ephemeral_) {
    if (event.kind == client::EventKind::kCompleted && event.request == request) return event.code;
  }
  return std::nullopt;
}

Bytes WorldClient::ResultOf(RequestId request) const {
  for (const client::Event& event : ephemeral_) {
    if (event.kind == client::EventKind::kCompleted && event.request == request) return event.data;
  }
  return {};
}

std::vector<std::string> WorldClient::Texts(const identity::Address& from) const {
  std::vector<std::string> texts;
  for (const client::Event& event : journal_) {
    const bool theirs = event.kind == client::EventKind::kMessage && event.peer == from;
    if (theirs && !event.outgoing) texts.push_back(TextOf(event));
  }
  return texts;
}

std::string WorldClient::TextOf(const client::Event& event) {
  const auto view = client::ContentView::Parse(event.content.Expose());
  if (!view.ok()) return "(gone)";
  const auto* text = std::get_if<client::TextView>(&view->body);
  return text ? std::string(text->text) : "(other)";
}

size_t WorldClient::Count(client::EventKind kind) const {
  size_t count = 0;
  for (const client::Event& event : journal_) count += event.kind == kind;
  return count;
}

const client::Event* WorldClient::Last(client::EventKind kind) const {
  const client::Event* last = nullptr;
  for (const client::Event& event : journal_) {
    if (event.kind == kind) last = &event;
  }
  return last;
}

std::optional<client::MessageState> WorldClient::StateOf(const MessageId& message) const {
  std::optional<client::MessageState> state;
  for (const client::Event& event : journal_) {
    if (event.kind == client::EventKind::kMessageState && event.message == message) {
      state = event.state;
    }
  }
  return state;
}

void WorldClient::Push(client::Input input) { machine_->inputs_.push_back(std::move(input)); }
bool WorldClient::alive() const { return machine_->engine_ != nullptr; }
client::Engine& WorldClient::engine() { return *machine_->engine_; }
store::Store& WorldClient::store() { return *machine_->store_; }
Timestamp WorldClient::NextDeadline() const { return machine_->NextDeadline(); }
identity::Address WorldClient::address() const {
  return *identity::Address::Create(machine_->name_, "example.org");
}

struct World::Parts {
  explicit Parts(const Options& options)
      : rng(options.seed), relay(ConfigOf(options), {}, options.relay_files) {}
  static relay::Config ConfigOf(const Options& options) {
    relay::Config config;
    config.domain = "example.org";
    config.invitation_required = options.invitation_required;
    config.rate_scale = options.relay_rate_scale;
    return config;
  }
  FakeClock clock;
  SeededRng rng;
  WorldRelay relay;
  Timestamp relay_tick = FakeClock::kStart;
  Duration relay_every = Seconds(1);
  std::vector<std::unique_ptr<WorldClient>> clients;
  std::vector<std::unique_ptr<TempDir>> snapshots;
};

World::World(const Options& options) {
  EXPECT_THAT(crypto::Init(), IsOk());
  parts_ = std::make_unique<Parts>(options);
}
World::~World() {
  for (auto& client : parts_->clients) Kill(*client);
}

client::Config World::DefaultClient() {
  client::Config config;
  config.suites = {crypto::Suite::kXChaCha20Poly1305};
  config.own_copy_delay = Milliseconds(0);
  return config;
}

WorldClient& World::Add(std::string name, client::Config config) {
  const auto network = static_cast<uint8_t>(parts_->clients.size() + 1);
  auto client = std::make_unique<WorldClient>(std::make_unique<WorldClient::Machine>(
      std::move(name), network, parts_->relay, parts_->clock, parts_->rng, std::move(config)));
  client->machine_->Start();
  parts_->clients.push_back(std::move(client));
  return *parts_->clients.back();
}

WorldClient& World::AddRegistered(std::string name, client::Config config) {
  WorldClient& client = Add(std::move(name), std::move(config));
  const RequestId request = client.Do(client::Register{.address = client.address()});
  Settle();
  EXPECT_EQ(client.Completed(request), Code::kOk);
  return client;
}

void World::MakeContacts(WorldClient& a, WorldClient& b) {
  a.Do(client::RequestContact{.peer = b.address()});
  Settle();
  b.Do(client::AnswerContact{.peer = a.address()});
  Settle();
}

void World::Kill(WorldClient& client) { client.machine_->Kill(); }
void World::Restart(WorldClient& client) {
  client.machine_->Kill();
  client.machine_->Start();
}
void World::SetOnline(WorldClient& client, bool online) {
  client.machine_->SetOnline(online);
  Settle();
}

World::Snapshot World::TakeSnapshot(WorldClient& client, Anchor anchor) {
  parts_->snapshots.push_back(std::make_unique<TempDir>());
  const Snapshot snapshot{parts_->snapshots.back()->path(), anchor == Anchor::kIncluded};
  client.machine_->CopyFilesTo(snapshot.folder, snapshot.with_anchor);
  return snapshot;
}

void World::Restore(WorldClient& client, const Snapshot& snapshot) {
  client.machine_->Kill();
  client.machine_->TakeFilesFrom(snapshot.folder, snapshot.with_anchor);
  client.machine_->Start();
}

WorldClient& World::Clone(WorldClient& original, const Snapshot& snapshot, client::Config config) {
  return Begin(snapshot, original.machine_->name_, std::move(config), original.seen_);
}

WorldClient& World::AddFrom(const Snapshot& snapshot, std::string name, client::Config config) {
  return Begin(snapshot, std::move(name), std::move(config), InboxSeq(0));
}

WorldClient& World::Begin(const Snapshot& snapshot, std::string name, client::Config config,
                          InboxSeq seen) {
  const auto network = static_cast<uint8_t>(parts_->clients.size() + 1);
  auto client = std::make_unique<WorldClient>(std::make_unique<WorldClient::Machine>(
      std::move(name), network, parts_->relay, parts_->clock, parts_->rng, std::move(config)));
  client->seen_ = seen;
  client->machine_->TakeFilesFrom(snapshot.folder, snapshot.with_anchor);
  client->machine_->Start();
  parts_->clients.push_back(std::move(client));
  return *parts_->clients.back();
}

void World::CopyRelayFilesTo(const std::filesystem::path& folder) {
  std::filesystem::copy(parts_->relay.folder(), folder, kWithFolders);
}

void World::RestartRelay() { parts_->relay.Restart(); }
Timestamp World::now() const { return parts_->clock.Now(); }
Rng& World::rng() { return parts_->rng; }

void World::Run(Duration duration) {
  const Timestamp end = now() + duration;
  // Over days it is enough that the relay looks at its clock once an hour.
  parts_->relay_every = duration < Hours(12) ? Seconds(1) : Hours(1);
  for (;;) {
    Drain();
    const Timestamp next = NextDeadline();
    if (next > end) break;
    if (next > now()) parts_->clock.Set(next);
    TickAll();
  }
  parts_->clock.Set(end);
  TickAll();
  Drain();
}

void World::Drain() {
  constexpr int kFarTooMuch = 1'000'000;
  for (int i = 0; i < kFarTooMuch; ++i) {
    bool any = parts_->relay.DeliverOne();
    for (auto& client : parts_->clients) {
      if (!client->machine_->has_inputs()) continue;
      client->machine_->StepOnce();
      any = any || client->last_step().ok();
    }
    if (!any) return;
  }
  ADD_FAILURE() << "the world does not come to rest";
}

Timestamp World::NextDeadline() const {
  Timestamp next = parts_->relay_tick + parts_->relay_every;
  for (const auto& client : parts_->clients) next = std::min(next, client->NextDeadline());
  return std::max(next, now());
}

void World::TickAll() {
  if (now() >= parts_->relay_tick + parts_->relay_every) {
    parts_->relay_tick = now();
    parts_->relay.Tick(now());
  }
  for (auto& client : parts_->clients) {
    if (client->NextDeadline() <= now()) client->machine_->Tick();
  }
}

}  // namespace pawl::test

#endif  // PAWL_TESTS_SUPPORT_WORLD_IMPL_H_
