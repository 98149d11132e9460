#include "transport/backoff.h"

#include <algorithm>

namespace pawl::transport {

Duration Backoff::Next(Rng& rng, Duration floor) {
  Duration widest = base_;
  for (uint32_t n = 0; n < failures_ && widest < cap_; ++n) widest.ms *= 2;
  if (widest < cap_) ++failures_;
  const Duration range = std::max(std::min(widest, cap_), floor);
  return Milliseconds(static_cast<int64_t>(rng.Below(static_cast<uint64_t>(range.ms) + 1)));
}

}  // namespace pawl::transport
