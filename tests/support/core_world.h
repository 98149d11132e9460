#ifndef PAWL_TESTS_SUPPORT_CORE_WORLD_H_
#define PAWL_TESTS_SUPPORT_CORE_WORLD_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "client/engine/compose.h"
#include "client/engine/content_view.h"
#include "client/engine/conversation.h"
#include "client/runner/core.h"
#include "support/counting_allocator.h"
#include "support/matchers.h"
#include "support/relay_world.h"

namespace pawl::test {

// A runner's core with a real store, whose sockets end in a RelayWorld: no thread, no socket, its
// own time. What the worker, the loop and the app would do, the test does.
class CoreClient : private runner::SocketPort {
 public:
  explicit CoreClient(RelayWorld* relay, std::string vfs = "", uint64_t seed = 77,
                      Duration own_copy_delay = Milliseconds(1))
      : relay_(relay), vfs_(std::move(vfs)), own_copy_delay_(own_copy_delay), rng_(seed) {
    Start();
  }
  ~CoreClient() override { Kill(); }

  // As SIGKILL would: nothing is said to anybody.
  void Kill() {
    core_.reset();
    disk_.clear();
    posted_.clear();
    for (auto& [slot, socket] : sockets_) relay_->Disconnect(socket.at_relay);
    sockets_.clear();
    store_.reset();
  }
  void Start() {
    store::OpenOptions open{.dir = dir_.File("store"),
                            .key = store::HostKey::Zero(),
                            .create_if_missing = true,
                            .anchor = store::AnchorFile{dir_.File("anchor")},
                            .vfs = vfs_};
    auto store = store::Store::Open(std::move(open), now(), rng_);
    ASSERT_THAT(store, IsOk());
    store_ = *std::move(store);
    events_.emplace(64, *runner::EventFd::Create());
    gate_.emplace(1024, size_t{16} << 20);
    client::Config engine;
    engine.own_copy_delay = own_copy_delay_;
    auto core = runner::Core::Create(
        store_.get(),
        {.endpoint = *transport::Endpoint::Parse("ws://127.0.0.1:1"),
         .tls = {},
         .engine = engine,
         .transfer_folder = dir_.File("transfers"),
         .log = {},
         .online = online},
        {.sockets = this,
         .rng = &rng_,
         .disk_rng = &rng_,
         .events = &*events_,
         .gate = &*gate_,
         .board = &board_,
         .run_on_disk = [this](absl::AnyInvocable<void()> job) { disk_.push_back(std::move(job)); },
         .post =
             [this](absl::AnyInvocable<void(Timestamp)> task) {
               posted_.push_back(std::move(task));
             },
         .wake_after =
             [this](Duration delay) {
               wake_at_ = delay < Milliseconds(0) ? kNever : now() + delay;
             }});
    ASSERT_THAT(core, IsOk());
    core_ = *std::move(core);
    if (before_begin) before_begin();
    core_->Begin(now());
  }

  runner::Core& core() { return *core_; }
  store::Store& store() { return *store_; }
  runner::Gate& gate() { return *gate_; }
  runner::AccountBoard& board() { return board_; }
  std::string File(std::string_view name) const { return dir_.File(name); }
  Timestamp now() const { return relay_->clock().Now(); }

  // --- the app ---
  using Body = decltype(client::Command::body);
  RequestId Do(Body body, std::unique_ptr<attachment::Source> source = nullptr) {
    const RequestId request(next_request_++);
    std::vector<runner::Order> orders;
    orders.push_back({.command = {.request = request, .body = std::move(body)},
                      .bytes = 256,
                      .source = std::move(source)});
    EXPECT_THAT(gate_->Enter(256), IsOk());
    Measured([&] { core_->Take(std::move(orders), now()); });
    return request;
  }
  MessageId Say(const std::string& to, std::string_view text) {
    client::ContentView content;
    content.id = MessageId(rng_.Array<16>());
    content.sent_at = now();
    const identity::Address peer = *identity::Address::Parse(to);
    content.conversation = client::ConversationOf(*board_.Get().address, peer);
    content.body = client::TextView{text};
    std::optional<client::SendMessage> send;
    Measured([&] { send = client::SendMessage{content.id, peer, *client::Compose(content)}; });
    Do(*std::move(send));
    return content.id;
  }
  // Takes what there is and remembers it; acknowledges unless told otherwise.
  void TakeEvents() {
    while (true) {
      auto taken = events_->Take(16, 0);
      if (!taken.ok()) return;
      InboxSeq last;
      for (client::Event& event : taken->events) {
        if (event.kind == client::EventKind::kCompleted) (void)gate_->Leave();
        last = std::max(last, event.seq);
        seen.push_back(std::move(event));
      }
      if (acknowledge && *last != 0) core_->Ack(last, now());
      if (taken->refill) core_->Refill(now());
    }
  }
  Bytes ResultOf(RequestId request) const {
    for (const client::Event& event : seen) {
      if (event.kind == client::EventKind::kCompleted && event.request == request) {
        return event.data;
      }
    }
    return {};
  }
  std::optional<Code> Completed(RequestId request) const {
    for (const client::Event& event : seen) {
      if (event.kind == client::EventKind::kCompleted && event.request == request) {
        return event.code;
      }
    }
    return std::nullopt;
  }
  size_t Count(client::EventKind kind) const {
    return static_cast<size_t>(std::count_if(
        seen.begin(), seen.end(), [&](const client::Event& e) { return e.kind == kind; }));
  }
  std::vector<std::string> Texts() const {
    std::vector<std::string> texts;
    for (const client::Event& event : seen) {
      if (event.kind != client::EventKind::kMessage) continue;
      const auto view = client::ContentView::Parse(event.content.Expose());
      if (!view.ok()) continue;
      if (const auto* text = std::get_if<client::TextView>(&view->body)) {
        texts.emplace_back(text->text);
      }
    }
    return texts;
  }

  // --- the loop and the worker ---
  // Everything that can happen now. True when anything did.
  bool Turn() {
    bool any = Deliver();
    if (!hold_disk && !disk_.empty()) {
      auto job = std::move(disk_.front());
      disk_.pop_front();
      job();
      any = true;
    }
    if (!posted_.empty()) {
      auto task = std::move(posted_.front());
      posted_.pop_front();
      core_->Run(std::move(task), now());
      any = true;
    }
    if (wake_at_ <= now()) {
      wake_at_ = kNever;
      core_->Wake(now());
      any = true;
    }
    TakeEvents();
    return any;
  }
  Timestamp wake_at() const { return wake_at_; }
  // The relay's side dies; the core hears of it.
  void BreakSockets() {
    for (auto& [slot, socket] : std::exchange(sockets_, {})) {
      relay_->Disconnect(socket.at_relay);
      core_->Closed(socket.id, {.failure = transport::SocketFailure::kLost}, now());
    }
  }
  size_t open_sockets() const { return sockets_.size(); }
  // What the relay calls them.
  std::set<relay::ConnectionId> connections() const {
    std::set<relay::ConnectionId> ids;
    for (const auto& [slot, socket] : sockets_) ids.insert(socket.at_relay);
    return ids;
  }

  // Allocations of at least so many bytes by what this client does for its messages are counted in
  // `allocations`; the program includes support/replace_operator_new.h then.
  std::optional<size_t> count_allocations_of;
  size_t allocations = 0;

  std::function<void()> before_begin{};
  // What a test changes on the wire: what goes to the relay, and what comes from it.
  std::function<void(MutableByteView message)> on_send{};
  std::function<void(MutableByteView message)> on_receive{};
  bool acknowledge = true;
  bool online = true;
  bool hold_disk = false;
  bool refuse_sockets = false;
  std::vector<client::Event> seen;

 private:
  struct Socket {
    runner::SocketId id;
    relay::ConnectionId at_relay;
    bool told = false;
    bool pinged = false;
    std::deque<Bytes> sent{};
  };

  template <typename What>
  void Measured(What what) {
    if (!count_allocations_of) return what();
    const AllocationCounter counter(*count_allocations_of);
    what();
    allocations += counter.count();
  }

  // One step of each socket.
  bool Deliver() {
    bool any = false;
    std::vector<uint32_t> slots;
    for (const auto& [slot, socket] : sockets_) slots.push_back(slot);
    for (const uint32_t slot : slots) {
      const auto at = sockets_.find(slot);
      if (at != sockets_.end()) any |= DeliverTo(at->second);
    }
    return any;
  }
  bool DeliverTo(Socket& socket) {
    if (!std::exchange(socket.told, true)) {
      transport::ChannelInfo channel;
      channel.exporter[0] = static_cast<uint8_t>(*socket.at_relay);
      channel.server_spki = RelayWorld::DefaultConfig().key_hash;
      core_->Opened(socket.id, channel, now());
      return true;
    }
    if (!socket.sent.empty()) {
      Bytes buffer = std::move(socket.sent.front());
      socket.sent.pop_front();
      if (on_send) on_send(MutableByteView(buffer).subspan(transport::kSocketHeadroom));
      relay_->SayBytes(socket.at_relay, ByteView(buffer).subspan(transport::kSocketHeadroom));
      core_->Sent(socket.id, std::move(buffer), now());
      return true;
    }
    const runner::SocketId id = socket.id;
    const relay::ConnectionId at_relay = socket.at_relay;
    if (std::exchange(socket.pinged, false)) {
      core_->Pong(id, now());
      return true;
    }
    if (auto heard = relay_->Hear(at_relay)) {
      if (heard->index == 0 && on_receive) on_receive(heard->message);
      if (heard->index == 0) Measured([&] { core_->Message(id, heard->message, now()); });
      return true;
    }
    if (relay_->ClosedWith(at_relay)) {
      sockets_.erase(id.slot);
      relay_->Disconnect(at_relay);
      core_->Closed(id, {.failure = transport::SocketFailure::kLost}, now());
      return true;
    }
    return false;
  }

  // SocketPort
  absl::StatusOr<runner::SocketId> Open(const transport::Endpoint&) override {
    if (refuse_sockets) return Fail(Code::kWouldBlock, "the test lets nobody out");
    const runner::SocketId id{next_slot_++, 1};
    sockets_[id.slot] = {id, relay_->Connect()};
    return id;
  }
  // The SayBytes above needs the message at an 8-aligned address, which the headroom keeps.
  void Send(runner::SocketId id, Bytes buffer) override {
    if (const auto at = sockets_.find(id.slot); at != sockets_.end()) {
      at->second.sent.push_back(std::move(buffer));
    }
  }
  void Ping(runner::SocketId id) override {
    if (const auto at = sockets_.find(id.slot); at != sockets_.end()) at->second.pinged = true;
  }
  void Close(runner::SocketId id, uint16_t) override {
    const auto at = sockets_.find(id.slot);
    if (at == sockets_.end()) return;
    relay_->Disconnect(at->second.at_relay);
    sockets_.erase(at);
  }

  RelayWorld* const relay_;
  const std::string vfs_;
  TempDir dir_;
  const Duration own_copy_delay_;
  SeededRng rng_;
  std::unique_ptr<store::Store> store_;
  std::optional<runner::EventQueue> events_;
  std::optional<runner::Gate> gate_;
  runner::AccountBoard board_;
  std::unique_ptr<runner::Core> core_;
  std::deque<absl::AnyInvocable<void()>> disk_;
  std::deque<absl::AnyInvocable<void(Timestamp)>> posted_;
  Timestamp wake_at_ = kNever;
  uint32_t next_slot_ = 0;
  uint64_t next_request_ = 1;
  std::map<uint32_t, Socket> sockets_;
};

// Cores and the relay they share.
class CoreWorld {
 public:
  explicit CoreWorld(relay::Config config = RelayWorld::DefaultConfig())
      : relay_(std::move(config)) {}

  RelayWorld& relay() { return relay_; }
  CoreClient& Add(std::string vfs = "") {
    clients_.push_back(std::make_unique<CoreClient>(&relay_, std::move(vfs), 77 + clients_.size()));
    Settle();
    return *clients_.back();
  }
  // With randomness of its own, and the delay of copies that apps have.
  CoreClient& AddOrdinary() {
    constexpr uint64_t kFirstSeed = 1000;
    clients_.push_back(std::make_unique<CoreClient>(&relay_, "", kFirstSeed + clients_.size(),
                                                    client::Config().own_copy_delay));
    Settle();
    return *clients_.back();
  }
  CoreClient& AddRegistered(const std::string& name) {
    CoreClient& client = Add();
    Register(client, name);
    return client;
  }
  void Register(CoreClient& client, const std::string& name) {
    const RequestId request =
        client.Do(client::Register{*identity::Address::Create(name, "example.org")});
    Run(Seconds(5));
    EXPECT_EQ(client.Completed(request), Code::kOk);
  }
  void MakeContacts(CoreClient& a, CoreClient& b) {
    a.Do(client::RequestContact{*b.board().Get().address, "A"});
    Run(Seconds(5));
    b.Do(client::AnswerContact{*a.board().Get().address, true});
    Run(Seconds(5));
  }
  // Until nothing happens any more at this instant.
  void Settle() {
    for (int quiet = 0; quiet < 2;) {
      bool any = false;
      for (const auto& client : clients_) any |= client->Turn();
      quiet = any ? 0 : quiet + 1;
    }
  }
  // Lets time pass.
  void Run(Duration duration) {
    const Timestamp until = relay_.clock().Now() + duration;
    Settle();
    while (relay_.clock().Now() < until) {
      relay_.Tick(Milliseconds(50));
      Settle();
    }
  }

 private:
  RelayWorld relay_;
  std::vector<std::unique_ptr<CoreClient>> clients_;
};

}  // namespace pawl::test

#endif  // PAWL_TESTS_SUPPORT_CORE_WORLD_H_
