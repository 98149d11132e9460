#ifndef PAWL_TESTS_SIM_SCENE_H_
#define PAWL_TESTS_SIM_SCENE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "base/clock.h"
#include "sim/stream_rng.h"
#include "sim/tally.h"
#include "sim/trace.h"

namespace pawl::sim {

// What all in a world share: the time, what is due, chance, and what went wrong.
struct Scene {
  Scene(uint64_t world_seed, bool print)
      : seed(world_seed), chance{world_seed, 0xc4a9ce}, trace(print) {}

  static constexpr Timestamp kStart{1'893'456'000'000};

  const uint64_t seed;
  Timestamp now = kStart;
  Duration dead_after = Hours(9);  // of silence: a connection counts as lost
  StreamRng chance;
  Trace trace;
  Tally tally;
  std::vector<std::string> failures;
  // What the relay showed first of each account's lists, by a hash of the address.
  std::map<uint64_t, Bytes> first_lists;

  using Job = absl::AnyInvocable<void()>;
  void At(Timestamp when, Job job) {
    due.emplace(std::pair(std::max(when, now), ++last_job), std::move(job));
  }
  void After(Duration delay, Job job) { At(now + delay, std::move(job)); }
  std::map<std::pair<Timestamp, uint64_t>, Job> due;

  void Fail(std::string what) {
    trace.Happened(now, 0, "FAILURE");
    if (failures.size() < 20) failures.push_back(std::move(what));
  }

 private:
  uint64_t last_job = 0;
};

}  // namespace pawl::sim

#endif  // PAWL_TESTS_SIM_SCENE_H_
