// Encrypts and decrypts 1 KiB through a session, beside the primitives that it needs (floor.h).
// Both run in turns in short batches, and the fastest batch of each counts: on a busy machine the
// ratio stays what it is, where absolute times do not. Besides, 1,000 messages that arrive in
// another order than they were sent in.
//
//   ratchet_bench [batches]

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <vector>

#include "crypto/init.h"
#include "floor.h"
#include "session/envelope.h"
#include "talk.h"

namespace {

using namespace pawl;
using bench::Open;
using bench::Pair;
using bench::ProcessorTime;
using bench::Row;
using bench::Seal;
using bench::Time;
using session::Session;

constexpr size_t kContent = 1024;
constexpr int kBatch = 100;
constexpr uint16_t kLate = ratchet::kMaxUnanswered;

// The text that is encrypted for kContent bytes: what padding leaves beside the fixed parts.
size_t PaddedBody(crypto::Suite suite) {
  const size_t frame =
      ratchet::PaddedSize(session::kPrefixSize + ratchet::MessageSize(suite, kContent));
  return frame - session::kPrefixSize - ratchet::kBodyOffset - crypto::TagSize(suite);
}

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
    OutOfOrder(std::max(2, batches / 2));
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

  void OutOfOrder(int rounds) {
    std::vector<size_t> forward(kLate);
    std::iota(forward.begin(), forward.end(), 0U);
    std::vector<size_t> backward(forward.rbegin(), forward.rend());
    std::array<Row, 3> rows;
    for (int i = 0; i < rounds; ++i) {
      std::vector<size_t> shuffled = forward;
      for (size_t at = kLate; at > 1; --at) std::swap(shuffled[at - 1], shuffled[rng_.Below(at)]);
      Deliver(forward, rows[0]);
      Deliver(backward, rows[1]);
      Deliver(shuffled, rows[2]);
    }
    rows[0].Print(name_, "decrypt 1,000 in order");
    rows[1].Print(name_, "decrypt 1,000 in reverse");
    rows[2].Print(name_, "decrypt 1,000 shuffled");
    std::printf("%-10s beside in order: reverse %.2f ×, shuffled %.2f ×\n", name_,
                rows[1].ours / rows[0].ours, rows[2].ours / rows[0].ours);
  }

  // A whole chain, its turn included: no sender may write a longer one.
  void Deliver(const std::vector<size_t>& order, Row& row) {
    Open(talk_.at_alice, Seal(talk_.at_bob, content_, rng_));
    std::vector<Bytes> envelopes;
    for (size_t i = 0; i < kLate; ++i) envelopes.push_back(Seal(talk_.at_alice, content_, rng_));
    size_t next = 0;
    const double opened =
        ProcessorTime(int{kLate}, [&] { Open(talk_.at_bob, envelopes[order[next++]]); });
    row.Add(opened, FloorDecrypt(kBatch, [] {}));
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
        Time(1,
             [&] {
               session.emplace(bench::Must(pair.alice.StartSession(of_bob, bench::kNow, pair.rng)));
             }),
        1);
    seal.Add(Time(1, [&] { envelope = Seal(*session, Bytes(100), pair.rng); }), 1);
    accept.Add(
        Time(1,
             [&] {
               (void)bench::Must(pair.bob.AcceptSession(envelope, pair.of_alice, bench::kNow));
             }),
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
