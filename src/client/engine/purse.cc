#include "client/engine/purse.h"

#include <algorithm>
#include <utility>

#include "client/engine/backoff.h"
#include "client/engine/codes.h"
#include "client/engine/reducers.h"
#include "client/engine/token_cover.h"
#include "client/engine/transfers.h"

namespace pawl::client {
namespace {

using wire::TokenCounts;
using wire::TokenKind;

constexpr Literal kKeys("purse.keys");
constexpr Literal kRequest("purse.request");

bool IsListed(const Batch& batch) {
  return batch.setup == Setup::kListed || batch.setup == Setup::kReady;
}

absl::StatusOr<std::optional<IssuingKeys>> LoadKeys(store::Transaction& tx) {
  PAWL_ASSIGN(const auto bytes, tx.values().Get(kKeys));
  if (!bytes) return std::optional<IssuingKeys>();
  PAWL_ASSIGN(auto keys, FromStore(DecodeIssuingKeys(bytes->Expose())));
  return std::optional<IssuingKeys>(keys);
}

absl::StatusOr<TokenCounts> Stock(store::Transaction& tx) {
  TokenCounts counts;
  PAWL_ASSIGN(counts.small, tx.tokens().CountFree(store::TokenKind::kSmall));
  PAWL_ASSIGN(counts.large, tx.tokens().CountFree(store::TokenKind::kLarge));
  return counts;
}

absl::Status Allot(store::Transaction& tx, store::TransferId upload, const TokenCounts& cover) {
  const auto count = [](size_t n) { return static_cast<uint32_t>(n); };
  PAWL_TRY(tx.tokens().Allot(upload, store::TokenKind::kSmall, count(cover.small)));
  return tx.tokens().Allot(upload, store::TokenKind::kLarge, count(cover.large));
}

// What an upload was given once it keeps: the relay may have seen it already, on an upload that it
// began and whose answer was lost. True: it does not wait any more.
absl::StatusOr<bool> Pay(Batch& batch, const MessageId& message, uint64_t size) {
  PAWL_ASSIGN(const auto row, FindUpload(batch, message));
  if (!row) return true;
  PAWL_ASSIGN(auto tokens, batch.tx.tokens().LoadAllotted(row->id));
  if (tokens.empty()) {
    PAWL_ASSIGN(const TokenCounts have, Stock(batch.tx));
    const auto cover = CheapestCover(size, have);
    if (!cover || !(batch.purse.tight || IsSnug(*cover, size))) return false;
    PAWL_TRY(Allot(batch.tx, row->id, *cover));
    PAWL_ASSIGN(tokens, batch.tx.tokens().LoadAllotted(row->id));
  }
  batch.effects.transfers.push_back(PayUpload{message, EncodeTokens(tokens)});
  return true;
}

struct Wish {
  TokenKind kind = TokenKind::kSmall;
  size_t count = 0;
};
using MaybeWish = std::optional<Wish>;

// How many small ones an upload needs says much about its size: so not to the token.
size_t RoundedUp(size_t missing) {
  return std::min((missing + kStockSmall - 1) / kStockSmall * kStockSmall,
                  wire::kMaxTokensPerIssue);
}

absl::StatusOr<MaybeWish> WishFor(Batch& batch) {
  PAWL_ASSIGN(const TokenCounts have, Stock(batch.tx));
  PurseState& purse = batch.purse;
  if (!purse.unpaid.empty()) {
    PAWL_ASSIGN(const TokenCounts need, IdealCover(purse.unpaid.begin()->second.size));
    if (have.large < need.large) {
      return MaybeWish(
          {TokenKind::kLarge, std::min(need.large - have.large, wire::kMaxTokensPerIssue)});
    }
    if (have.small < need.small) {
      const size_t missing = need.small - have.small;
      return MaybeWish({TokenKind::kSmall, purse.tight ? missing : RoundedUp(missing)});
    }
  }
  if (purse.refill && !purse.tight) {
    if (have.small < kStockSmall / 2) return MaybeWish({TokenKind::kSmall, kStockSmall});
    if (have.large < kStockLarge) return MaybeWish({TokenKind::kLarge, kStockLarge});
  }
  purse.refill = false;
  return MaybeWish();
}

// Asks for what is missing, one request at a time. `heard`: keys that the relay has just said, good
// whatever our clock thinks of them.
absl::Status AskForMore(Batch& batch, std::optional<IssuingKeys> heard = {}) {
  if (!IsListed(batch)) return OkStatus();
  PAWL_ASSIGN(const auto pending, batch.tx.values().Get(kRequest));
  if (pending) {
    batch.duties[Duty::kIssueTokens].due = true;
    return OkStatus();
  }
  PAWL_ASSIGN(const MaybeWish wish, WishFor(batch));
  if (!wish) return OkStatus();
  if (!heard) {
    PAWL_ASSIGN(heard, LoadKeys(batch.tx));
    if (heard && batch.now >= heard->until) heard.reset();
  }
  if (!heard) {
    batch.duties[Duty::kGetTokenKeys].due = true;
    return OkStatus();
  }
  PAWL_ASSIGN(const auto request,
              MakeTokenRequest(heard->period, wish->kind, wish->count, batch.rng));
  const crypto::SecretBytes encoded = Encode(request);
  PAWL_TRY(batch.tx.values().Put(kRequest, encoded.Expose()));
  batch.duties[Duty::kIssueTokens].due = true;
  return OkStatus();
}

absl::Status Review(Batch& batch) {
  const auto waiting = batch.purse.unpaid;
  for (const auto& [message, what] : waiting) {
    PAWL_ASSIGN(const bool paid, Pay(batch, message, what.size));
    if (paid) batch.purse.unpaid.erase(message);
  }
  return AskForMore(batch);
}

// The app sees what its files wait for, as with everything else that holds them up.
absl::Status TellObstacle(Batch& batch, Code code, Timestamp retry_at) {
  for (const auto& [message, what] : batch.purse.unpaid) {
    PAWL_ASSIGN(const auto row, FindUpload(batch, message));
    if (!row) continue;
    Event event;
    event.kind = EventKind::kProgress;
    event.at = batch.now;
    event.message = message;
    event.conversation = row->conversation;
    event.total = what.total;
    event.code = code;
    event.retry_at = retry_at;
    const auto request = batch.requests.transfers.find(message);
    if (request != batch.requests.transfers.end()) event.request = request->second;
    batch.effects.events.push_back(std::move(event));
  }
  return OkStatus();
}

absl::Status Retry(Batch& batch, Duty duty, Code code, Duration retry_after) {
  DutyState& state = batch.duties[duty];
  state.due = true;
  state.call = 0;
  state.not_before = batch.now + Backoff(state.attempts++, retry_after, batch.rng);
  return TellObstacle(batch, code, state.not_before);
}

// Keys and request are of no use, because the period is over or the answer was not made with them:
// both anew, a while later, however often it happens.
absl::Status StartOver(Batch& batch, Code code) {
  PAWL_TRY(batch.tx.values().Erase(kRequest));
  PAWL_TRY(batch.tx.values().Erase(kKeys));
  batch.duties[Duty::kIssueTokens] = {};
  return Retry(batch, Duty::kGetTokenKeys, code, Duration{});
}

absl::Status OnQuotaUsedUp(Batch& batch) {
  PAWL_TRY(batch.tx.values().Erase(kRequest));
  batch.duties[Duty::kIssueTokens] = {};
  PurseState& purse = batch.purse;
  purse.refill = false;
  if (std::exchange(purse.tight, true) && !purse.unpaid.empty()) {
    // It was asked for to the token: there is no more.
    const MessageId message = purse.unpaid.begin()->first;
    PAWL_TRY(FailUpload(batch, message, Code::kQuotaExceeded));
  }
  return Review(batch);
}

// Those like them would be refused, too.
absl::Status DropRefused(Batch& batch, const store::TransferRow& row, Code refused) {
  store::Tokens& tokens = batch.tx.tokens();
  PAWL_ASSIGN(const auto shown, tokens.LoadAllotted(row.id));
  PAWL_TRY(tokens.EraseAllotted(row.id));
  if (refused == Code::kExpired) {
    uint32_t oldest = UINT32_MAX;
    for (const store::TokenRow& token : shown) oldest = std::min(oldest, token.period);
    if (!shown.empty()) PAWL_TRY(tokens.EraseFreeBefore(oldest + 1));
  } else {
    // kReplayed: a copy of this store spends them. kAuthFailed: the relay's keys are other ones.
    PAWL_TRY(tokens.EraseFree());
  }
  // A request under way was made with the keys, and is proven by them or starts over.
  PAWL_ASSIGN(const auto pending, batch.tx.values().Get(kRequest));
  return pending ? OkStatus() : batch.tx.values().Erase(kKeys);
}

}  // namespace

absl::StatusOr<std::optional<TokenRequest>> PendingTokenRequest(store::Transaction& tx) {
  PAWL_ASSIGN(const auto bytes, tx.values().Get(kRequest));
  if (!bytes) return std::optional<TokenRequest>();
  PAWL_ASSIGN(auto request, FromStore(DecodeTokenRequest(bytes->Expose())));
  return std::optional<TokenRequest>(std::move(request));
}

absl::Status Reduce(Batch& batch, const UploadUnpaid& input) {
  PAWL_ASSIGN(const auto row, FindUpload(batch, input.message));
  if (!row) return OkStatus();
  // What was shown was worth it: the blob is larger than the relay lets any account's be.
  if (input.refused == Code::kQuotaExceeded || !IdealCover(input.size).ok()) {
    return FailUpload(batch, input.message, Code::kQuotaExceeded);
  }
  PAWL_TRY(batch.tx.transfers().SetBegun(row->id, false));
  if (input.refused != Code::kOk) {
    PAWL_TRY(DropRefused(batch, *row, input.refused));
    if (row->attempts >= kMaxRefusedPayments) {
      return FailUpload(batch, input.message, Code::kRelayRefused);
    }
    PAWL_TRY(batch.tx.transfers().SetAttempts(row->id, row->attempts + 1));
  }
  batch.purse.unpaid[input.message] = {.size = input.size, .total = input.total};
  return Review(batch);
}

absl::Status Reduce(Batch& batch, const UploadBegun& input) {
  PAWL_ASSIGN(const auto row, FindUpload(batch, input.message));
  if (!row) return OkStatus();
  PAWL_TRY(batch.tx.transfers().SetBegun(row->id, true));
  batch.erased_content = true;  // what joins the blob to the account that was given the tokens
  return batch.tx.tokens().EraseAllotted(row->id);
}

absl::Status OnTokenKeys(Batch& batch, const TokenKeysRecord& record) {
  DutyState& duty = batch.duties[Duty::kGetTokenKeys];
  duty.due = false;
  duty.call = 0;
  const IssuingKeys keys{
      .period = record.period, .until = record.until, .small = record.small, .large = record.large};
  PAWL_ASSIGN(const auto known, LoadKeys(batch.tx));
  if (!known || known->period != keys.period) batch.purse.tight = false;
  PAWL_TRY(batch.tx.values().Put(kKeys, Encode(keys)));
  if (keys.period > 0) PAWL_TRY(batch.tx.tokens().EraseFreeBefore(keys.period - 1));
  return AskForMore(batch, keys);
}

absl::Status OnTokensIssued(Batch& batch, const TokensRecord& record) {
  PAWL_ASSIGN(const auto request, PendingTokenRequest(batch.tx));
  PAWL_ASSIGN(const auto keys, LoadKeys(batch.tx));
  if (!request || !keys) return StartOver(batch, Code::kMalformed);
  const auto rows = FinishTokens(*request, *keys, record.proof, record.evaluated);
  if (!rows.ok()) return StartOver(batch, CodeOf(rows));
  for (const store::TokenRow& row : *rows) PAWL_TRY(batch.tx.tokens().Add(row));
  PAWL_TRY(batch.tx.values().Erase(kRequest));
  batch.duties[Duty::kIssueTokens] = {};
  batch.duties[Duty::kGetTokenKeys].attempts = 0;
  return Review(batch);
}

absl::Status OnTokensRefused(Batch& batch, const DoesDuty& duty, const Refused& refused) {
  const bool anew = IsOneOf(
      refused.code, {Code::kExpired, Code::kMalformed, Code::kTooLarge, Code::kInvalidArgument});
  if (duty.duty == Duty::kIssueTokens) {
    if (refused.code == Code::kQuotaExceeded) return OnQuotaUsedUp(batch);
    if (anew) return StartOver(batch, refused.code);
  }
  return Retry(batch, duty.duty, refused.code, refused.retry_after);
}

absl::Status RefillPurse(Batch& batch) {
  PAWL_ASSIGN(const auto keys, LoadKeys(batch.tx));
  if (keys && keys->period > 0 && batch.now < keys->until &&
      batch.now >= wire::EndOf(keys->period - 1) + wire::kTokenOverlap) {
    PAWL_TRY(batch.tx.tokens().EraseFreeBefore(keys->period));
  }
  if (batch.rng.Below(kRefillLot) != 0) return OkStatus();
  batch.purse.refill = true;
  return AskForMore(batch);
}

}  // namespace pawl::client
