#ifndef PAWL_TRANSPORT_BACKOFF_H_
#define PAWL_TRANSPORT_BACKOFF_H_

#include <cstdint>

#include "base/clock.h"
#include "base/rng.h"

namespace pawl::transport {

// Exponential backoff with full jitter: the n-th wait is uniform in [0, min(cap, base * 2^n)], so
// that the clients of a relay that went down do not come back in waves. Thread-compatible.
class Backoff {
 public:
  Backoff(Duration base, Duration cap) : base_(base), cap_(cap) {}

  // The next wait; each is drawn from a range twice as wide, up to the cap. A wait that comes on
  // top of `floor`, which everybody may have been told, is drawn from a range that is as wide at
  // least.
  Duration Next(Rng& rng, Duration floor = Duration());
  // After a connection that proved stable.
  void Reset() { failures_ = 0; }
  uint32_t failures() const { return failures_; }

 private:
  Duration base_;
  Duration cap_;
  uint32_t failures_ = 0;
};

}  // namespace pawl::transport

#endif  // PAWL_TRANSPORT_BACKOFF_H_
