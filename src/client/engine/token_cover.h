#ifndef PAWL_CLIENT_ENGINE_TOKEN_COVER_H_
#define PAWL_CLIENT_ENGINE_TOKEN_COVER_H_

#include <optional>

#include "base/status.h"
#include "wire/tokens.h"

namespace pawl::client {

// With which tokens a blob is paid.

constexpr uint64_t WorthOf(const wire::TokenCounts& counts) {
  return counts.large * wire::kLargeToken + counts.small * wire::kSmallToken;
}
// Less than a small token is wasted.
constexpr bool IsSnug(const wire::TokenCounts& cover, uint64_t size) {
  return WorthOf(cover) - size < wire::kSmallToken;
}

// The fewest that waste as little as can be; large ones alone where that would be too many.
// kTooLarge: no blob can be paid so.
absl::StatusOr<wire::TokenCounts> IdealCover(uint64_t size);
// No more than the ideal one.
bool WastesLittle(const wire::TokenCounts& cover, uint64_t size);

// Out of what is there: what wastes the least, and of such the fewest. None: it is not enough.
std::optional<wire::TokenCounts> CheapestCover(uint64_t size, const wire::TokenCounts& have);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_TOKEN_COVER_H_
