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
// uploaded. So the stock is filled up at a random time after it was found low, and by numbers that
// are always the same; only what the stock does not cover is asked for at once.

constexpr size_t kStockSmall = 16;  // and so many are asked for at a time, at least
constexpr size_t kStockLarge = 1;
constexpr Duration kRefillDelay = Hours(8);  // until the stock is filled up, at most
// Payments of one upload that the relay may refuse.
constexpr uint32_t kMaxRefusedPayments = 5;

// The relay's answers to our duties kGetTokenKeys (anonymous) and kIssueTokens (device).
absl::Status OnTokenKeys(Batch& batch, const TokenKeysRecord& record);
absl::Status OnTokensIssued(Batch& batch, const TokensRecord& record);
absl::Status OnTokensRefused(Batch& batch, const DoesDuty& duty, const Refused& refused);

// Hourly.
absl::Status RefillPurse(Batch& batch);
// The account has just become ready: its first stock comes soon.
void FillPurseFirst(Batch& batch);
// After the wait that follows a payment that was refused (PurseState::not_before).
absl::Status ReviewPurse(Batch& batch);
// What lies in an older copy of a store: its lost future has shown it, perhaps.
absl::Status EmptyPurse(Batch& batch);

// The request that is under way, or was when the last process ended.
absl::StatusOr<std::optional<TokenRequest>> PendingTokenRequest(store::Transaction& tx);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_PURSE_H_
