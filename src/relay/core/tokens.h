#ifndef PAWL_RELAY_CORE_TOKENS_H_
#define PAWL_RELAY_CORE_TOKENS_H_

#include <vector>

#include "relay/core/step.h"
#include "wire/tokens.h"

namespace pawl::relay {

// Blind quota tokens (PROTOCOL.md §7): a device is given them out of its account's quota, on its
// own connection and without being seen what they are; whoever shows one on an anonymous connection
// uploads so much.

// Asks the storage for the seed of the keys, once per process.
void LearnTokenSeed(Step& step, Rng& rng);
void FinishTokenSeed(Step& step, const engine::GotTokenSeed& got);

void OnTokenKeysGet(Step& step, Connection& connection, const wire::fb::TokenKeysGet& get);
void OnTokenIssue(Step& step, Connection& connection, const wire::FrameView& frame);
void FinishTokenIssue(Step& step, Connection& connection, const Pending& pending,
                      const engine::TokensCounted& counted);

// Those that pay for an upload of `size` bytes. kMalformed; kReplayed: one stands
// there twice; kQuotaExceeded: too few; kInvalidArgument: more than it takes; kExpired: of a period
// that is over, or has not begun; kAuthFailed: not issued here; kWouldBlock: no keys yet.
absl::StatusOr<std::vector<engine::SpentToken>> CheckTokens(Step& step, uint64_t size,
                                                            ByteView payload);

}  // namespace pawl::relay

#endif  // PAWL_RELAY_CORE_TOKENS_H_
