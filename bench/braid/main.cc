// What a chunk size of the Braid costs and gives: bytes in every message against messages until the
// post-quantum ratchet has turned. One table; the choice and its reason stand in
// src/ratchet/README.md.
#include <chrono>
#include <cstdio>
#include <random>

#include "base/rng.h"
#include "crypto/init.h"
#include "ratchet/braid/spqr.h"
#include "ratchet/message.h"
#include "ratchet/padding.h"

namespace {

using namespace pawl;                  // NOLINT: one program
using namespace pawl::ratchet::braid;  // NOLINT

constexpr uint64_t kEpochs = 200;

class Dice : public Rng {
 public:
  void Fill(MutableByteView out) override {
    for (uint8_t& byte : out) byte = static_cast<uint8_t>(engine_());
  }
  bool Lost(int percent) { return static_cast<int>(engine_() % 100) < percent; }

 private:
  std::mt19937 engine_{1};
};

struct Party {
  Spqr spqr;
  SkippedPqMap skipped;
};

void Pass(const Scheme& scheme, Party& from, Party& to, bool lost, Dice& dice) {
  auto send = *PrepareSend(scheme, from.spqr, dice);
  const Stamp stamp = send.stamp;
  SkippedPqDelta of_sender(from.skipped);
  ApplySend(scheme, std::move(send), from.spqr, of_sender);
  std::move(of_sender).CommitTo(from.skipped);
  if (lost) return;
  SkippedPqDelta delta(to.skipped);
  auto key = *PrepareReceiveKey(scheme, to.spqr, delta, stamp, {}, Timestamp{1});
  ApplyReceive(scheme, std::move(key), stamp.message, to.spqr, delta);
  std::move(delta).CommitTo(to.skipped);
}

struct Cost {
  double messages = 0;      // per epoch, of both sides
  double microseconds = 0;  // per message, sent and received
};

// Each side sends `burst` messages, then the other.
Cost Measure(const Scheme& scheme, int burst, int lost_percent) {
  Dice dice;
  Party a{Spqr::Start(scheme, Role::kInitiator, AuthKey::Zero()), {}};
  Party b{Spqr::Start(scheme, Role::kResponder, AuthKey::Zero()), {}};
  uint64_t messages = 0;
  const auto began = std::chrono::steady_clock::now();
  while (*EpochOf(a.spqr.state) <= kEpochs) {
    for (int i = 0; i < burst; ++i) Pass(scheme, a, b, dice.Lost(lost_percent), dice);
    for (int i = 0; i < burst; ++i) Pass(scheme, b, a, dice.Lost(lost_percent), dice);
    messages += 2 * static_cast<uint64_t>(burst);
  }
  const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - began;
  const auto count = static_cast<double>(messages);
  return {count / kEpochs, took.count() / count};
}

// Mean size of the envelope for contents from `least` to `most` bytes.
double MeanEnvelope(size_t chunk_size, size_t least, size_t most) {
  const size_t header = ratchet::kHeaderSize - StampSize(kChunkSize) + StampSize(chunk_size);
  const size_t overhead =
      1 + 16 + ratchet::kSaltSize + header + ratchet::kHeaderTagSize + ratchet::kLengthSize + 16;
  double sum = 0;
  for (size_t size = least; size <= most; ++size) {
    sum += static_cast<double>(ratchet::PaddedSize(overhead + size));
  }
  return sum / static_cast<double>(most - least + 1);
}

}  // namespace

int main() {
  if (!crypto::Init().ok()) return 1;
  std::printf(
      "chunk   stamp | messages per epoch: ping-pong, 10 %% lost, 30 %% lost, bursts of 5 |"
      " us per message | mean envelope: 80-300 B, 300-1500 B\n");
  for (const size_t chunk_size : {64u, 72u, 80u, 96u, 112u, 128u}) {
    Scheme scheme = ProductionScheme();
    scheme.chunk_size = chunk_size;
    const Cost plain = Measure(scheme, 1, 0);
    std::printf("%5zu %7zu | %29.1f %10.1f %10.1f %11.1f | %14.2f | %22.0f %12.0f\n", chunk_size,
                StampSize(chunk_size), plain.messages, Measure(scheme, 1, 10).messages,
                Measure(scheme, 1, 30).messages, Measure(scheme, 5, 0).messages, plain.microseconds,
                MeanEnvelope(chunk_size, 80, 300), MeanEnvelope(chunk_size, 300, 1500));
  }
  return 0;
}
