#include "client/engine/token_cover.h"

#include <algorithm>

namespace pawl::client {
namespace {

constexpr size_t kSmallInLarge = wire::kLargeToken / wire::kSmallToken;

}  // namespace

absl::StatusOr<wire::TokenCounts> IdealCover(uint64_t size) {
  const auto counts = wire::TokensFor(size);
  // As many small ones as a large one is worth: that wastes no more.
  if (counts.ok() && counts->small < kSmallInLarge) return counts;
  const uint64_t large = size / wire::kLargeToken + (size % wire::kLargeToken == 0 ? 0 : 1);
  if (large > wire::kMaxTokensPerBlob) return counts.status();
  return wire::TokenCounts{.small = 0, .large = static_cast<size_t>(large)};
}

bool WastesLittle(const wire::TokenCounts& cover, uint64_t size) {
  const auto ideal = IdealCover(size);
  return ideal.ok() && WorthOf(cover) <= WorthOf(*ideal);
}

std::optional<wire::TokenCounts> CheapestCover(uint64_t size, const wire::TokenCounts& have) {
  if (size == 0) return wire::TokenCounts{};
  std::optional<wire::TokenCounts> best;
  const size_t most_large = std::min({have.large, wire::kMaxTokensPerBlob,
                                      static_cast<size_t>((size - 1) / wire::kLargeToken + 1)});
  // From the most large ones on, so that of two that waste the same the fewer tokens come first.
  for (size_t large = most_large + 1; large-- > 0;) {
    const uint64_t paid = large * wire::kLargeToken;
    const uint64_t rest = size - std::min(size, paid);
    const wire::TokenCounts cover{
        .small = static_cast<size_t>((rest + wire::kSmallToken - 1) / wire::kSmallToken),
        .large = large};
    if (cover.small > have.small || cover.small + large > wire::kMaxTokensPerBlob) continue;
    if (!best || WorthOf(cover) < WorthOf(*best)) best = cover;
  }
  return best;
}

}  // namespace pawl::client
