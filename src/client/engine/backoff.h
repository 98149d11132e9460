#ifndef PAWL_CLIENT_ENGINE_BACKOFF_H_
#define PAWL_CLIENT_ENGINE_BACKOFF_H_

#include <algorithm>

#include "base/clock.h"
#include "base/rng.h"

namespace pawl::client {

// Full jitter: uniform in [0, min(cap, base * 2^attempts)], on top of what the relay asked for, so
// that clients turned away together do not come back together.
constexpr Duration kBackoffBase = Seconds(1);
constexpr Duration kBackoffCap = Minutes(10);

inline Duration Backoff(uint32_t attempts, Duration retry_after, Rng& rng) {
  const int64_t ceiling = std::min(kBackoffCap.ms, kBackoffBase.ms << std::min(attempts, 20u));
  const int64_t asked = std::clamp<int64_t>(retry_after.ms, 0, Days(1).ms);
  return Milliseconds(asked + static_cast<int64_t>(rng.Below(static_cast<uint64_t>(ceiling) + 1)));
}

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_BACKOFF_H_
