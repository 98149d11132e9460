#include "session/replay_cache.h"

#include <algorithm>

namespace pawl::session {

void ReplayCache::Forget(PrekeyId last_resort) {
  absl::erase_if(seen_, [&](const auto& entry) { return entry.second == last_resort; });
}

size_t ReplayCache::CountOf(PrekeyId last_resort) const {
  return static_cast<size_t>(std::count_if(
      seen_.begin(), seen_.end(), [&](const auto& entry) { return entry.second == last_resort; }));
}

}  // namespace pawl::session
