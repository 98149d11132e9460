#ifndef PAWL_BENCH_RATCHET_TALK_H_
#define PAWL_BENCH_RATCHET_TALK_H_

#include <cstdlib>
#include <functional>
#include <limits>

#include "crypto/init.h"
#include "session/device_identity.h"
#include "session/stage.h"

namespace pawl::bench {

constexpr Timestamp kNow{1'893'456'000'000};

template <typename T>
T Must(absl::StatusOr<T> result) {
  if (!result.ok()) std::abort();
  return *std::move(result);
}

// Nanoseconds of one of `count` runs.
double Time(int count, const std::function<void()>& run);
// The same in time of the processor: for runs so long that others may come in between.
double ProcessorTime(int count, const std::function<void()>& run);

// The fastest of what was measured, ours beside the primitives.
struct Row {
  double ours = std::numeric_limits<double>::infinity();
  double floor = std::numeric_limits<double>::infinity();

  void Add(double our_time, double floor_time);
  void Print(const char* suite, const char* what) const;
};

Bytes Seal(session::Session& session, const Bytes& content, Rng& rng);
void Open(session::Session& session, const Bytes& envelope);

// Two devices, and a session of one suite between them that is confirmed.
struct Pair {
  explicit Pair(crypto::Suite suite);

  session::DeviceIdentity Make(const char* address);
  session::PeerBundle Publish(session::DeviceIdentity& device);
  session::Session Begin(crypto::Suite suite);

  crypto::SystemRng rng;
  session::DeviceIdentity alice;
  session::DeviceIdentity bob;
  session::PeerBundle of_alice;
  session::Session at_alice;
  session::Session at_bob;
};

}  // namespace pawl::bench

#endif  // PAWL_BENCH_RATCHET_TALK_H_
