// Encrypts and decrypts 1 KiB through a session, beside the primitives that it needs (floor.h).
// Both run in turns in short batches, and the fastest batch of each counts: on a busy machine the
// ratio stays what it is, where absolute times do not.
//
//   ratchet_bench [batches]

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <limits>

#include "crypto/init.h"
#include "floor.h"
#include "session/device_identity.h"
#include "session/envelope.h"
#include "session/stage.h"

namespace {

using namespace pawl;
using session::Session;

constexpr size_t kContent = 1024;
constexpr int kBatch = 100;
constexpr Timestamp kNow{1'893'456'000'000};

template <typename T>
T Must(absl::StatusOr<T> result) {
  if (!result.ok()) std::abort();
  return *std::move(result);
}

// Nanoseconds of one of `count` runs.
double Time(int count, const std::function<void()>& run) {
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < count; ++i) run();
  const std::chrono::duration<double, std::nano> spent = std::chrono::steady_clock::now() - start;
  return spent.count() / count;
}

struct Row {
  double ours = std::numeric_limits<double>::infinity();
  double floor = std::numeric_limits<double>::infinity();

  void Add(double our_time, double floor_time) {
    ours = std::min(ours, our_time);
    floor = std::min(floor, floor_time);
  }
  void Print(const char* suite, const char* what) const {
    std::printf("%-10s %-28s %9.0f ns %9.0f ns %6.2f ×\n", suite, what, ours, floor, ours / floor);
  }
};

Bytes Seal(Session& session, const Bytes& content, Rng& rng) {
  session::Stage stage(session);
  Bytes envelope = Must(stage.Seal(content, {}, kNow, rng));
  session.Commit(std::move(stage));
  return envelope;
}

void Open(Session& session, const Bytes& envelope) {
  session::Stage stage(session);
  if (!stage.Open(envelope, kNow).ok()) std::abort();
  session.Commit(std::move(stage));
}

// The text that is encrypted for kContent bytes: what padding leaves beside the fixed parts.
size_t PaddedBody(crypto::Suite suite) {
  const size_t frame =
      ratchet::PaddedSize(session::kPrefixSize + ratchet::MessageSize(suite, kContent));
  return frame - session::kPrefixSize - ratchet::kBodyOffset - crypto::TagSize(suite);
}

// Two devices, and a session of one suite between them that is confirmed.
struct Pair {
  explicit Pair(crypto::Suite suite)
      : alice(Make("alice@example.org")),
        bob(Make("bob@example.org")),
        of_alice(Publish(alice)),
        at_alice(Begin(suite)),
        at_bob(Must(bob.AcceptSession(Seal(at_alice, Bytes(1), rng), of_alice, kNow)).session) {
    Open(at_alice, Seal(at_bob, Bytes(1), rng));
  }

  session::DeviceIdentity Make(const char* address) {
    return Must(session::DeviceIdentity::Create(*identity::Address::Parse(address), kNow, rng));
  }
  session::PeerBundle Publish(session::DeviceIdentity& device) {
    return Must(session::PeerBundle::Parse(Must(device.PublicBundle(kNow, rng))));
  }
  Session Begin(crypto::Suite suite) {
    const session::PeerBundle of_bob = Publish(bob);
    return Must(session::Initiate({.local = alice.device(),
                                   .remote = of_bob.device(),
                                   .bundle = of_bob.bundle(),
                                   .one_time = of_bob.one_time(),
                                   .suites = {suite}},
                                  kNow, rng));
  }

  crypto::SystemRng rng;
  session::DeviceIdentity alice;
  session::DeviceIdentity bob;
  session::PeerBundle of_alice;
  Session at_alice;
  Session at_bob;
};

class Bench {
 public:
  Bench(crypto::Suite suite, const char* name)
      : name_(name), talk_(suite), floor_(suite, PaddedBody(suite), rng_) {}

  void Run(int batches) {
    Row seal, open, seal_turn, open_turn;
    for (int i = 0; i < batches; ++i) {
      OneDirection(seal, open);
      PingPong(seal_turn, open_turn);
    }
    seal.Print(name_, "encrypt, one direction");
    open.Print(name_, "decrypt, one direction");
    seal_turn.Print(name_, "encrypt, ping-pong");
    open_turn.Print(name_, "decrypt, ping-pong");
  }

 private:
  void OneDirection(Row& seal, Row& open) {
    // A turn, so that the sender does not reach its limit; its message is not counted.
    Open(talk_.at_alice, Seal(talk_.at_bob, content_, rng_));
    Open(talk_.at_bob, Seal(talk_.at_alice, content_, rng_));
    std::vector<Bytes> envelopes;
    envelopes.reserve(kBatch);
    const double sealed =
        Time(kBatch, [&] { envelopes.push_back(Seal(talk_.at_alice, content_, rng_)); });
    seal.Add(sealed, Time(kBatch, [&] { floor_.Encrypt(); }));
    size_t next = 0;
    const double opened = Time(kBatch, [&] { Open(talk_.at_bob, envelopes[next++]); });
    open.Add(opened, FloorDecrypt(kBatch, [] {}));
  }

  // Opening in place destroys what is opened: the floor seals anew in between, out of the clock.
  double FloorDecrypt(int count, const std::function<void()>& besides) {
    double spent = 0;
    for (int i = 0; i < count; ++i) {
      floor_.Encrypt();
      spent += Time(1, [&] {
        floor_.Decrypt();
        besides();
      });
    }
    return spent / count;
  }

  void PingPong(Row& seal, Row& open) {
    constexpr int kRounds = kBatch / 10;
    double sealed = 0;
    double opened = 0;
    for (int i = 0; i < kRounds; ++i) {
      for (const bool from_alice : {true, false}) {
        Session& from = from_alice ? talk_.at_alice : talk_.at_bob;
        Session& to = from_alice ? talk_.at_bob : talk_.at_alice;
        Bytes envelope;
        sealed += Time(1, [&] { envelope = Seal(from, content_, rng_); });
        opened += Time(1, [&] { Open(to, envelope); });
      }
    }
    const double seal_floor = Time(kRounds, [&] {
      floor_.SendTurn();
      floor_.Encrypt();
    });
    seal.Add(sealed / (2 * kRounds), seal_floor);
    open.Add(opened / (2 * kRounds), FloorDecrypt(kRounds, [&] { floor_.ReceiveTurn(); }));
  }

  const char* name_;
  crypto::SystemRng rng_;
  Pair talk_;
  bench::Floor floor_;
  const Bytes content_ = Bytes(kContent, 'x');
};

void PrintSizes(crypto::Suite suite, const char* name) {
  using session::WithHandshake;
  const size_t added = session::kPrefixSize + ratchet::MessageSize(suite, 0);
  std::printf(
      "%-10s bytes added before padding: %zu; with the handshake: %zu; 1 KiB travels in %zu\n",
      name, added, added + session::kHandshakePartSize, ratchet::PaddedSize(added + kContent));
}

void PrintHandshake() {
  Pair pair(crypto::Suite::kXChaCha20Poly1305);
  Row begin, seal, accept;
  for (int i = 0; i < 50; ++i) {
    const session::PeerBundle of_bob = pair.Publish(pair.bob);
    std::optional<Session> session;
    Bytes envelope;
    begin.Add(
        Time(1, [&] { session.emplace(Must(pair.alice.StartSession(of_bob, kNow, pair.rng))); }),
        1);
    seal.Add(Time(1, [&] { envelope = Seal(*session, Bytes(100), pair.rng); }), 1);
    accept.Add(Time(1, [&] { (void)Must(pair.bob.AcceptSession(envelope, pair.of_alice, kNow)); }),
               1);
  }
  std::printf("handshake: initiate %.0f µs, first message %.0f µs, peek and accept %.0f µs\n",
              begin.ours / 1000, seal.ours / 1000, accept.ours / 1000);
}

}  // namespace

int main(int argc, char** argv) {
  if (!crypto::Init().ok()) return 1;
  const int batches = argc > 1 ? std::max(1, std::atoi(argv[1])) : 50;
  std::printf("%-10s %-28s %12s %12s %8s\n", "suite", "1 KiB of content", "session", "floor",
              "ratio");
  const auto announced = session::AnnouncedSuites();
  if (announced.front() == crypto::Suite::kAegis256) {
    Bench(crypto::Suite::kAegis256, "AEGIS-256").Run(batches);
  }
  Bench(crypto::Suite::kXChaCha20Poly1305, "XChaCha20").Run(batches);
  PrintHandshake();
  PrintSizes(crypto::Suite::kAegis256, "AEGIS-256");
  PrintSizes(crypto::Suite::kXChaCha20Poly1305, "XChaCha20");
  return 0;
}
