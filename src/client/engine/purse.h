#ifndef PAWL_CLIENT_ENGINE_PURSE_H_
#define PAWL_CLIENT_ENGINE_PURSE_H_

#include <optional>

#include "client/engine/batch.h"
#include "client/engine/relay_call.h"
#include "client/engine/token_request.h"

namespace pawl::client {

// Blind quota tokens (wire/PROTOCOL.md §7): with them uploads are paid on a connection that says
// nobody's name. They are given to the account on the device connection, a few ahead of need, and
// lie in the store until an upload takes them.
//
// What the relay could join is when, and how many: that an account asked shortly before somebody
// uploaded. So the stock is filled up in one of the hours after it ran low, drawn by lot, and by
// numbers that are always the same; only what is larger than the stock is asked for at once.

constexpr size_t kStockSmall = 16;  // and so many are asked for at a time, at least
constexpr size_t kStockLarge = 1;
constexpr uint32_t kRefillLot = 4;  // hours until the stock is filled up, on average
// Payments of one upload that the relay may refuse.
constexpr uint32_t kMaxRefusedPayments = 5;

// The relay's answers to our duties kGetTokenKeys (anonymous) and kIssueTokens (device).
absl::Status OnTokenKeys(Batch& batch, const TokenKeysRecord& record);
absl::Status OnTokensIssued(Batch& batch, const TokensRecord& record);
absl::Status OnTokensRefused(Batch& batch, const DoesDuty& duty, const Refused& refused);

// Hourly.
absl::Status RefillPurse(Batch& batch);

// The request that is under way, or was when the last process ended.
absl::StatusOr<std::optional<TokenRequest>> PendingTokenRequest(store::Transaction& tx);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_PURSE_H_
