#ifndef PAWL_RELAY_ENGINE_SQLITE_TOKENS_H_
#define PAWL_RELAY_ENGINE_SQLITE_TOKENS_H_

#include <span>

#include "relay/engine/sqlite/write_context.h"

namespace pawl::relay::engine::sqlite {

absl::StatusOr<GotTokenSeed> Do(WriteContext& context, const GetTokenSeed& op);
absl::StatusOr<TokensCounted> Do(WriteContext& context, const IssueTokens& op);

// kReplayed, and nothing is taken: one of them was taken before, or stands here twice; kExpired: of
// a period of which that is not known any more.
absl::StatusOr<Code> TakeTokens(WriteContext& context, std::span<const SpentToken> tokens);
// Of periods before `period`, at most `limit`. True when there may be more.
absl::StatusOr<bool> ForgetTokens(WriteContext& context, uint32_t period, uint32_t limit);

}  // namespace pawl::relay::engine::sqlite

#endif  // PAWL_RELAY_ENGINE_SQLITE_TOKENS_H_
