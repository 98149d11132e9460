#include "client/engine/payment.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "client/engine/token_cover.h"
#include "client/engine/token_request.h"
#include "client/engine/transfers.h"

namespace pawl::client {
namespace {

using wire::TokenCounts;
using Given = std::vector<store::TokenRow>;

uint64_t WorthOf(const Given& given) {
  uint64_t worth = 0;
  for (const store::TokenRow& token : given) {
    worth += wire::ValueOf(static_cast<wire::TokenKind>(token.kind));
  }
  return worth;
}

uint64_t RestOf(uint64_t size, const Given& given) { return size - std::min(size, WorthOf(given)); }

bool FitsBeside(const Given& given, const TokenCounts& cover) {
  return given.size() + cover.small + cover.large <= wire::kMaxTokensPerBlob;
}

absl::Status Allot(Batch& batch, store::TransferId upload, const TokenCounts& cover) {
  const auto count = [](size_t n) { return static_cast<uint32_t>(n); };
  store::Tokens& tokens = batch.tx.tokens();
  PAWL_TRY(tokens.Allot(upload, store::TokenKind::kSmall, count(cover.small)));
  return tokens.Allot(upload, store::TokenKind::kLarge, count(cover.large));
}

// A relay takes none that an upload does not need: with what is there already the sum must waste
// less than the smallest of them.
absl::StatusOr<bool> TopUp(Batch& batch, store::TransferId upload, const Given& given,
                           const PurseState::Unpaid& what) {
  // An older copy of a store does not know which of them it has shown.
  if (batch.standing != store::OpenedState::kCurrent) return false;
  PAWL_ASSIGN(const TokenCounts have, Stock(batch));
  const uint64_t rest = RestOf(what.size, given);
  if (const auto cover = CheapestCover(rest, have);
      cover && WastesLittle(*cover, rest) && FitsBeside(given, *cover)) {
    PAWL_TRY(Allot(batch, upload, *cover));
    return true;
  }
  if (!what.used_up) return false;
  const auto cover = CheapestCover(what.size, have);
  if (!cover) return false;
  PAWL_TRY(batch.tx.tokens().EraseAllotted(upload));
  PAWL_TRY(Allot(batch, upload, *cover));
  return true;
}

}  // namespace

Timestamp RelayTime(const Batch& batch) { return batch.now - batch.purse.ahead; }

absl::StatusOr<TokenCounts> Stock(Batch& batch) {
  store::Tokens& tokens = batch.tx.tokens();
  PAWL_TRY(tokens.EraseFreeBefore(wire::FirstTaken(RelayTime(batch))));
  TokenCounts counts;
  PAWL_ASSIGN(counts.small, tokens.CountFree(store::TokenKind::kSmall));
  PAWL_ASSIGN(counts.large, tokens.CountFree(store::TokenKind::kLarge));
  return counts;
}

absl::StatusOr<TokenCounts> MissingFor(Batch& batch, const store::TransferRow& row, uint64_t size) {
  PAWL_ASSIGN(const Given given, batch.tx.tokens().LoadAllotted(row.id));
  PAWL_ASSIGN(TokenCounts missing, IdealCover(RestOf(size, given)));
  PAWL_ASSIGN(const TokenCounts have, Stock(batch));
  missing.small -= std::min(missing.small, have.small);
  missing.large -= std::min(missing.large, have.large);
  return missing;
}

// What an upload was given once it keeps: the relay may have seen it already, on an upload that it
// began and whose answer was lost.
absl::StatusOr<bool> Pay(Batch& batch, const MessageId& message, const PurseState::Unpaid& what) {
  PAWL_ASSIGN(const auto row, FindUpload(batch, message));
  if (!row) return true;
  PAWL_ASSIGN(Given tokens, batch.tx.tokens().LoadAllotted(row->id));
  if (WorthOf(tokens) < what.size) {
    PAWL_ASSIGN(const bool covered, TopUp(batch, row->id, tokens, what));
    if (!covered) return false;
    PAWL_ASSIGN(tokens, batch.tx.tokens().LoadAllotted(row->id));
  }
  batch.effects.transfers.push_back(PayUpload{message, EncodeTokens(tokens)});
  return true;
}

absl::Status DropRefused(Batch& batch, const store::TransferRow& row, const UploadUnpaid& unpaid) {
  store::Tokens& tokens = batch.tx.tokens();
  if (unpaid.refused == Code::kExpired) {
    const uint32_t first = wire::FirstTaken(RelayTime(batch));
    PAWL_ASSIGN(const Given shown, tokens.LoadAllotted(row.id));
    const bool stale = std::any_of(shown.begin(), shown.end(), [&](const store::TokenRow& token) {
      return token.period < first;
    });
    // The others were seen with them, and pay for this upload or for none.
    if (stale) return tokens.EraseAllottedBefore(row.id, first);
  }
  PAWL_TRY(tokens.EraseAllotted(row.id));
  // The upload may have been begun with them, and have been forgotten before its answer was heard.
  // From then on it is a copy of this store that spends them.
  if (unpaid.refused == Code::kReplayed && row.attempts == 0) return OkStatus();
  // kAuthFailed: the relay's keys are other ones. kExpired against the clock is no better.
  if (unpaid.refused != Code::kReplayed) batch.purse.renew_keys = true;
  return tokens.EraseFree();
}

}  // namespace pawl::client
