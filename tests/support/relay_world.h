#ifndef PAWL_TESTS_SUPPORT_RELAY_WORLD_H_
#define PAWL_TESTS_SUPPORT_RELAY_WORLD_H_

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "crypto/init.h"
#include "relay/core/core.h"
#include "relay/engine/sqlite/inline_engine.h"
#include "support/relay_people.h"
#include "support/seeded_rng.h"
#include "support/temp_dir.h"
#include "wire/frames.h"

namespace pawl::test {

// One frame that a relay said, with the bytes that it lies in.
struct Heard {
  Bytes message;
  size_t index = 0;  // of the frame in it

  wire::FrameView view() const {
    wire::FrameReader reader(message);
    auto frame = reader.Next();
    for (size_t i = 0; i < index; ++i) frame = reader.Next();
    return *frame;
  }
  wire::fb::FrameBody type() const { return view().type(); }
  Bytes payload() const { return ToBytes(view().payload); }
  // Null when it is a frame of another type.
  template <typename Table>
  const Table* As() const {
    return view().header->template body_as<Table>();
  }
};

// A relay's core over a real embedded engine, in memory and in virtual time, and what its peers
// see.
class RelayWorld : private relay::engine::Sink {
 public:
  explicit RelayWorld(relay::Config config = DefaultConfig(),
                      relay::engine::Quotas quotas = relay::engine::Quotas())
      : core_(std::move(config)), rng_(1) {
    EXPECT_THAT(crypto::Init(), IsOk());
    relay::engine::sqlite::Location location;
    location.directory = folder_.path().string();
    auto engine = relay::engine::sqlite::InlineEngine::Open(location, quotas, *this);
    EXPECT_THAT(engine, IsOk());
    engine_ = *std::move(engine);
  }

  static relay::Config DefaultConfig() {
    relay::Config config;
    config.domain = RelayPerson::kDomain;
    config.key_hash[0] = 0xCE;
    return config;
  }

  FakeClock& clock() { return clock_; }
  SeededRng& rng() { return rng_; }
  relay::Core& core() { return core_; }
  relay::Stats stats() const { return core_.stats(); }

  // For a test that watches: every message as it is behind TLS, and after each commit.
  std::function<void(relay::ConnectionId, bool from_client, ByteView message)> on_wire;
  std::function<void()> on_stored;
  std::string folder() const { return folder_.path().string(); }

  // --- Connections
  // --------------------------------------------------------------------------------
  relay::ConnectionId Connect(uint8_t network = 1) {
    const relay::ConnectionId id(++last_connection_);
    relay::PeerInfo peer;
    peer.network[0] = network;
    peer.channel_binding[0] = static_cast<uint8_t>(*id);
    relay::Effects effects;
    core_.Opened(id, peer, clock_.Now(), rng_, effects);
    CarryOut(std::move(effects));
    return id;
  }
  void Disconnect(relay::ConnectionId id) {
    relay::Effects effects;
    core_.Closed(id, clock_.Now(), effects);
    CarryOut(std::move(effects));
  }
  void Tick(Duration later = Seconds(1)) {
    clock_.Advance(later);
    relay::Effects effects;
    core_.Tick(clock_.Now(), effects);
    CarryOut(std::move(effects));
  }
  void SayBytes(relay::ConnectionId id, ByteView message) {
    if (on_wire) on_wire(id, true, message);
    relay::Effects effects;
    core_.Received(id, message, clock_.Now(), effects);
    CarryOut(std::move(effects));
  }
  // Each frame in one message.
  template <typename... Frames>
  void Say(relay::ConnectionId id, const Frames&... frames) {
    wire::FrameWriter writer;
    (ExpectFits(Append(writer, frames)), ...);
    SayBytes(id, writer.message());
  }
  void Apply(relay::Effects effects) { CarryOut(std::move(effects)); }

  // The next frame that `id` has not looked at; nothing when there is none.
  std::optional<Heard> Hear(relay::ConnectionId id) {
    auto& heard = heard_[id];
    if (heard.empty()) return std::nullopt;
    Heard next = std::move(heard.front());
    heard.pop_front();
    return next;
  }
  // The next frame, which must be of this type. Its table is found in the answer, which the world
  // keeps.
  template <typename Table>
  const Table* Expect(relay::ConnectionId id) {
    auto heard = Hear(id);
    if (!heard) {
      ADD_FAILURE() << "nothing was said";
      return nullptr;
    }
    kept_.push_back(std::make_unique<Heard>(*std::move(heard)));
    const Table* table = kept_.back()->As<Table>();
    EXPECT_NE(table, nullptr) << "said instead: " << EnumNameFrameBody(kept_.back()->type());
    return table;
  }
  Bytes last_payload() const { return kept_.back()->payload(); }
  // The code of the next frame, which must be an ERROR with this req; kOk otherwise.
  Code ExpectError(relay::ConnectionId id, uint64_t req) {
    const auto* error = Expect<wire::fb::Error>(id);
    if (error == nullptr) return Code::kOk;
    EXPECT_EQ(error->req(), req);
    last_retry_after_ = Milliseconds(error->retry_after_ms());
    return static_cast<Code>(error->code());
  }
  Duration last_retry_after() const { return last_retry_after_; }
  bool HeardNothing(relay::ConnectionId id) { return heard_[id].empty(); }
  // How the relay closed it, if it did.
  std::optional<relay::CloseCode> ClosedWith(relay::ConnectionId id) const {
    const auto found = closed_.find(id);
    if (found == closed_.end()) return std::nullopt;
    return found->second;
  }
  // Lets go of what was heard and kept: for worlds that see very many peers.
  void ForgetPeers() {
    heard_.clear();
    kept_.clear();
    closed_.clear();
    held_.clear();
    accounts_.clear();
  }
  bool IsRead(relay::ConnectionId id) const { return held_.count(id) == 0; }

  // --- Sessions
  // -------------------------------------------------------------------------------------
  relay::ConnectionId ConnectAnonymously(uint8_t network = 1) {
    const relay::ConnectionId id = Connect(network);
    wire::Hello hello;
    hello.mode = wire::fb::Mode::Anonymous;
    Say(id, hello);
    Expect<wire::fb::Challenge>(id);
    Expect<wire::fb::Ready>(id);
    return id;
  }
  // HELLO and AUTH as `person`; the answer is still to be heard.
  relay::ConnectionId Login(const RelayPerson& person, uint32_t device = 1,
                            wire::fb::Mode mode = wire::fb::Mode::Device,
                            MailboxCursor resume_after = MailboxCursor(0)) {
    const relay::ConnectionId id = Connect();
    const auto* challenge = Expect<wire::fb::Challenge>(id);
    const std::string account = person.account();
    wire::Hello hello;
    hello.mode = mode;
    hello.account = account;
    hello.device = DeviceId(device);
    hello.nonce = rng_.Array<32>();
    hello.resume_after = resume_after;
    wire::AuthInput input;
    input.relay_key_hash = DefaultConfig().key_hash;
    input.channel_binding[0] = static_cast<uint8_t>(*id);
    input.relay_nonce = wire::ToArray(*challenge->nonce());
    input.client_nonce = hello.nonce;
    input.mode = mode;
    Say(id, hello, person.Answer(input, device));
    return id;
  }
  // A device that is READY and has heard EMPTY, with an empty mailbox.
  relay::ConnectionId ConnectDevice(const RelayPerson& person, uint32_t device = 1) {
    const relay::ConnectionId id = Login(person, device);
    Expect<wire::fb::Ready>(id);
    Expect<wire::fb::Empty>(id);
    return id;
  }
  // Registered, with a delivery key.
  RelayPerson MakePerson(const std::string& name) {
    RelayPerson person(name, rng_);
    const relay::ConnectionId anonymous = ConnectAnonymously(200);
    const Bytes list = person.NextList({1});
    const Bytes epoch = person.Epoch(1);
    Say(anonymous, wire::Register{1, "", list, epoch});
    Expect<wire::fb::Ok>(anonymous);
    Disconnect(anonymous);
    const relay::ConnectionId device = ConnectDevice(person);
    Say(device, wire::DeliveryKeyPut{1, person.delivery_key()});
    Expect<wire::fb::Ok>(device);
    Disconnect(device);
    return person;
  }
  // A SEND to device 1; `account` and `envelope` must outlive its use.
  wire::Send Mail(const RelayPerson& to, uint64_t number, ByteView envelope) {
    accounts_.push_back(to.account());
    wire::Send send;
    send.req = number;
    send.account = accounts_.back();
    send.device = DeviceId(1);
    ByteArray<16> id{};
    for (int i = 0; i < 8; ++i) id[i] = static_cast<uint8_t>(number >> (8 * i));
    send.id = EnvelopeId(id);
    send.delivery_key = to.delivery_key();
    send.envelope = envelope;
    return send;
  }

  // --- The engine
  // --------------------------------------------------------------------------------- While held,
  // requests wait; nothing completes.
  void HoldEngine() { holding_ = true; }
  void ReleaseEngine() {
    holding_ = false;
    RunEngine();
  }
  size_t held_requests() const { return requests_.size(); }
  // As another process does it: the core hears nothing of it.
  void RunBehindTheRelaysBack(relay::engine::Op op) {
    std::vector<relay::engine::Request> batch;
    batch.push_back({relay::engine::OpId(UINT64_MAX), std::move(op)});
    engine_->Submit(std::move(batch));
    arrived_.clear();
  }
  // What the next completions say instead of what happened.
  void FailEngine(std::optional<Code> code) { failure_ = code; }

 private:
  static void ExpectFits(bool appended) { EXPECT_TRUE(appended) << "the frame does not fit"; }

  void Complete(relay::engine::Completions completions) override {
    arrived_.push_back(std::move(completions));
  }

  void CarryOut(relay::Effects effects) {
    for (relay::SendMessage& send : effects.sends) Note(send);
    for (const relay::CloseConnection& close : effects.closes) {
      EXPECT_TRUE(closed_.emplace(close.id, close.code).second) << "closed twice";
    }
    for (const relay::SetReading& reading : effects.readings) {
      if (reading.on) {
        held_.erase(reading.id);
      } else {
        held_[reading.id] = true;
      }
    }
    for (auto& request : effects.requests) requests_.push_back(std::move(request));
    RunEngine();
  }

  void Note(relay::SendMessage& send) {
    EXPECT_FALSE(closed_.count(send.to)) << "said something after the close";
    if (on_wire) on_wire(send.to, false, send.message);
    wire::FrameReader reader(send.message);
    for (size_t i = 0; reader.Next(); ++i) heard_[send.to].push_back({send.message, i});
    EXPECT_THAT(reader.status(), IsOk());
  }

  void RunEngine() {
    while (!holding_ && !requests_.empty()) {
      auto batch = std::exchange(requests_, {});
      if (failure_) {
        relay::engine::Completions failed;
        for (const auto& request : batch) {
          failed.done.push_back({request.id, FailureOf(request.op, *failure_)});
        }
        arrived_.push_back(std::move(failed));
      } else {
        engine_->Submit(std::move(batch));
      }
      if (on_stored) on_stored();
      for (auto& completions : std::exchange(arrived_, {})) {
        relay::Effects effects;
        core_.Completed(std::move(completions), clock_.Now(), effects);
        CarryOut(std::move(effects));
      }
    }
  }

  TempDir folder_;
  FakeClock clock_;
  relay::Core core_;
  SeededRng rng_;
  std::unique_ptr<relay::engine::Engine> engine_;
  std::vector<relay::engine::Request> requests_;
  std::vector<relay::engine::Completions> arrived_;
  bool holding_ = false;
  std::optional<Code> failure_;

  uint64_t last_connection_ = 0;
  std::map<relay::ConnectionId, std::deque<Heard>> heard_;
  std::vector<std::unique_ptr<Heard>> kept_;
  std::map<relay::ConnectionId, relay::CloseCode> closed_;
  std::map<relay::ConnectionId, bool> held_;
  std::deque<std::string> accounts_;
  Duration last_retry_after_;
};

}  // namespace pawl::test

#endif  // PAWL_TESTS_SUPPORT_RELAY_WORLD_H_
