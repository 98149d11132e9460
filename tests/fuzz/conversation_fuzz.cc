#include <algorithm>
#include <deque>
#include <memory>
#include <set>

#include "session/convergence.h"
#include "session/handshake.h"
#include "session/replay_cache.h"
#include "session/stage.h"
#include "support/fuzz_require.h"
#include "support/two_devices.h"

namespace {

using namespace pawl;
using session::Session;
using test::Require;

constexpr size_t kMaxSteps = 300;
constexpr size_t kMaxHandshakes = 4;  // they cost a thousand times what a message costs
constexpr size_t kMaxInFlight = 64;

struct InFlight {
  Bytes envelope;
  uint32_t text;
};

// One side: what an engine keeps about one peer device, in memory.
struct Side {
  Side(test::TestDevice& own_device, test::TestDevice& peer_device, const Session& begun)
      : own(own_device), peer(peer_device), rng(own_device.rng.U64()) {
    sessions.push_back(std::make_unique<Session>(Copy(begun)));
  }

  static Session Copy(const Session& session) {
    return test::Must(Session::Decode(session.EncodeFacts().Expose(),
                                      session.EncodeProgress().Expose(), session.EncodeSkipped()));
  }
  std::vector<const Session*> All() const {
    std::vector<const Session*> all;
    for (const auto& session : sessions) all.push_back(session.get());
    return all;
  }
  Session* Sending() const { return const_cast<Session*>(session::SendingSession(All())); }
  Bytes State() const {
    Bytes state;
    for (const auto& session : sessions) {
      const Bytes part = test::StateOf(*session);
      state.insert(state.end(), part.begin(), part.end());
    }
    return state;
  }

  test::TestDevice& own;
  test::TestDevice& peer;
  test::SeededRng rng;
  std::vector<std::unique_ptr<Session>> sessions;
  session::ReplayCache replays;
  std::deque<InFlight> incoming;
  std::vector<InFlight> delivered;  // for replays
  std::set<uint32_t> seen;
};

ByteArray<4> TextOf(uint32_t number) {
  return {static_cast<uint8_t>(number >> 24), static_cast<uint8_t>(number >> 16),
          static_cast<uint8_t>(number >> 8), static_cast<uint8_t>(number)};
}

class World {
 public:
  explicit World(const test::Conversation& start)
      : alice_(start.alice.local.address.ToString(), 1),
        bob_(start.bob.local.address.ToString(), 2),
        sides_{Side(alice_, bob_, start.at_alice), Side(bob_, alice_, start.at_bob)} {}

  void Step(uint8_t action, uint8_t detail) {
    Side& side = sides_[action >> 7];
    Side& other = sides_[1 - (action >> 7)];
    switch (action % 12) {
      case 0:
      case 1:
      case 2:
        return Send(side, other, detail);
      case 3:
      case 4:
      case 5:
        return Deliver(side, 0);
      case 6:
        return Deliver(side, detail);
      case 7:
        return Drop(side, detail);
      case 8:
        return Replay(side, detail);
      case 9:
        return Tamper(side, detail, action);
      case 10:
        return Restart(side);
      default:
        return Begin(side, detail);
    }
  }

  // Whatever happened: two round trips later each side reads what the other writes.
  void Settle() {
    for (int round = 0; round < 2; ++round) {
      for (size_t i = 0; i < 2; ++i) {
        Send(sides_[i], sides_[1 - i], 0);
        const auto last = static_cast<uint8_t>(sides_[1 - i].incoming.size() - 1);
        const uint32_t text = sides_[1 - i].incoming.back().text;
        Deliver(sides_[1 - i], last);
        Require(sides_[1 - i].seen.contains(text));
      }
    }
  }

 private:
  void Send(Side& from, Side& to, uint8_t detail) {
    if (to.incoming.size() >= kMaxInFlight) to.incoming.pop_front();
    Session* session = from.Sending();
    Require(session != nullptr);
    session::Stage stage(*session);
    Bytes content = ToBytes(TextOf(++texts_));
    content.resize(content.size() + detail);
    auto envelope = stage.Seal(content, {}, now_, from.rng);
    Require(envelope.ok());
    session->Commit(std::move(stage));
    to.incoming.push_back({*std::move(envelope), texts_});
  }

  void Deliver(Side& to, uint8_t which) {
    if (to.incoming.empty()) return;
    const size_t at = which % to.incoming.size();
    const InFlight item = to.incoming[at];
    to.incoming.erase(to.incoming.begin() + static_cast<std::ptrdiff_t>(at));
    Offer(to, item.envelope, item.text);
    to.delivered.push_back(item);
  }

  void Drop(Side& to, uint8_t which) {
    if (to.incoming.empty()) return;
    to.incoming.erase(to.incoming.begin() +
                      static_cast<std::ptrdiff_t>(which % to.incoming.size()));
  }

  void Replay(Side& to, uint8_t which) {
    if (to.delivered.empty()) return;
    const InFlight& item = to.delivered[which % to.delivered.size()];
    if (to.seen.contains(item.text)) Offer(to, item.envelope, 0);
  }

  void Tamper(Side& to, uint8_t which, uint8_t where) {
    if (to.incoming.empty()) return;
    Bytes envelope = to.incoming[which % to.incoming.size()].envelope;
    envelope[size_t{where} * which % envelope.size()] ^= static_cast<uint8_t>(1 << (which % 8));
    Offer(to, envelope, 0);
  }

  void Restart(Side& side) {
    const Bytes before = side.State();
    for (auto& session : side.sessions) *session = Side::Copy(*session);
    Require(side.State() == before);
  }

  void Begin(Side& side, uint8_t detail) {
    if (++handshakes_ > kMaxHandshakes) return;
    const Session* displaces = detail % 2 == 0 ? side.Sending() : nullptr;
    side.sessions.push_back(std::make_unique<Session>(
        test::Must(test::Begin(side.own, side.peer, test::OneTime::kNo, displaces, now_))));
  }

  // As an engine receives. `text` is what may come out, once; 0 when nothing may.
  void Offer(Side& to, const Bytes& envelope, uint32_t text) {
    const Bytes before = to.State();
    const std::optional<session::Opened> opened = Receive(to, envelope);
    if (!opened) {
      Require(to.State() == before);
      return;
    }
    Require(text != 0 && opened->content.size() >= 4);
    Require(SameBytes(opened->content.Expose().first(4), TextOf(text)));
    Require(to.seen.insert(text).second);
  }

  std::optional<session::Opened> Receive(Side& to, const Bytes& envelope) {
    for (const auto& session : to.sessions) {
      session::Stage stage(*session);
      auto opened = stage.Open(envelope, now_);
      if (!opened.ok()) continue;
      session->Commit(std::move(stage));
      return *std::move(opened);
    }
    const auto peeked = test::Peek(to.own, envelope);
    if (!peeked.ok() || to.replays.Contains(peeked->block.Id())) return std::nullopt;
    auto accepted = test::AcceptFrom(to.own, to.peer, envelope, to.All(), now_);
    if (!accepted.ok()) return std::nullopt;
    to.replays.Insert(peeked->block.Id(), *accepted->replayable_with);
    to.sessions.push_back(std::make_unique<Session>(std::move(accepted->session)));
    return std::move(accepted->opened);
  }

  test::TestDevice alice_;
  test::TestDevice bob_;
  Side sides_[2];
  Timestamp now_ = test::FakeClock::kStart;
  uint32_t texts_ = 0;
  size_t handshakes_ = 0;
};

}  // namespace

// Two bytes a step. The high bit of the first says whose turn it is.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const test::Conversation& start = *new test::Conversation(1);
  World world(start);
  for (size_t i = 0; i + 1 < std::min(size, 2 * kMaxSteps); i += 2)
    world.Step(data[i], data[i + 1]);
  world.Settle();
  return 0;
}
