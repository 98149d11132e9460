#include "client/engine/purse.h"

#include <algorithm>
#include <utility>

#include "client/engine/backoff.h"
#include "client/engine/codes.h"
#include "client/engine/payment.h"
#include "client/engine/reducers.h"
#include "client/engine/token_cover.h"
#include "client/engine/transfers.h"

namespace pawl::client {
namespace {

using wire::TokenCounts;
using wire::TokenKind;

constexpr Literal kKeys("purse.keys");
constexpr Literal kRequest("purse.request");
constexpr Literal kNext("purse.next");  // when the stock is seen to

constexpr Duration kLongestWait = Hours(1);

bool IsListed(const Batch& batch) {
  return batch.setup == Setup::kListed || batch.setup == Setup::kReady;
}

Timestamp SoonerOrLater(Batch& batch) {
  const uint64_t wait = batch.rng.Below(static_cast<uint64_t>(kLongestWait.ms) + 1);
  return batch.now + Milliseconds(static_cast<int64_t>(wait));
}

absl::StatusOr<std::optional<IssuingKeys>> LoadKeys(store::Transaction& tx) {
  PAWL_ASSIGN(const auto bytes, tx.values().Get(kKeys));
  if (!bytes) return std::optional<IssuingKeys>();
  PAWL_ASSIGN(auto keys, FromStore(DecodeIssuingKeys(bytes->Expose())));
  return std::optional<IssuingKeys>(keys);
}

// None: they are to be asked for.
absl::StatusOr<std::optional<IssuingKeys>> GoodKeys(Batch& batch) {
  PAWL_ASSIGN(auto keys, LoadKeys(batch.tx));
  if (keys && (batch.purse.renew_keys || RelayTime(batch) >= keys->until)) keys.reset();
  return keys;
}

struct Wish {
  TokenKind kind = TokenKind::kSmall;
  size_t count = 0;
  bool exact = false;  // no more than is missing
};
using MaybeWish = std::optional<Wish>;

// How many small ones an upload needs says much about its size: so not to the token.
size_t RoundedUp(size_t missing) {
  return std::min((missing + kStockSmall - 1) / kStockSmall * kStockSmall,
                  wire::kMaxTokensPerIssue);
}

absl::StatusOr<MaybeWish> WishForUpload(Batch& batch) {
  const auto& [message, what] = *batch.purse.unpaid.begin();
  PAWL_ASSIGN(const auto row, FindUpload(batch, message));
  if (!row) return MaybeWish();
  PAWL_ASSIGN(const TokenCounts missing, MissingFor(batch, *row, what.size));
  if (missing.large > 0) {
    const size_t count = std::min(missing.large, wire::kMaxTokensPerIssue);
    return MaybeWish({.kind = TokenKind::kLarge, .count = count, .exact = true});
  }
  if (missing.small == 0) return MaybeWish();
  const size_t count = batch.purse.exact ? missing.small : RoundedUp(missing.small);
  return MaybeWish({.count = count, .exact = count <= missing.small});
}

absl::StatusOr<MaybeWish> WishForStock(Batch& batch) {
  PAWL_ASSIGN(const TokenCounts have, Stock(batch));
  if (batch.purse.exact) return MaybeWish();
  if (have.small < kStockSmall / 2) return MaybeWish({.count = kStockSmall});
  if (have.large < kStockLarge) return MaybeWish({.kind = TokenKind::kLarge, .count = kStockLarge});
  return MaybeWish();
}

absl::Status MakeRequest(Batch& batch, const IssuingKeys& keys, const Wish& wish) {
  PAWL_ASSIGN(const auto request, MakeTokenRequest(keys.period, wish.kind, wish.count, batch.rng));
  const crypto::SecretBytes encoded = Encode(request);
  PAWL_TRY(batch.tx.values().Put(kRequest, encoded.Expose()));
  batch.purse.asked_exactly = wish.exact;
  batch.duties[Duty::kIssueTokens].due = true;
  return OkStatus();
}

// A wait that the relay did not ask for is over.
void AskForKeysNow(Batch& batch) {
  DutyState& duty = batch.duties[Duty::kGetTokenKeys];
  if (duty.attempts == 0) duty.not_before = kLongAgo;
  duty.due = true;
}

enum class For : bool { kStock = false, kUpload = true };

// Asks for what is missing, one request at a time.
absl::Status AskForMore(Batch& batch, For what) {
  PurseState& purse = batch.purse;
  if (!IsListed(batch) || batch.standing != store::OpenedState::kCurrent) return OkStatus();
  if (what == For::kUpload && purse.unpaid.empty()) return OkStatus();
  PAWL_ASSIGN(const auto pending, batch.tx.values().Get(kRequest));
  if (pending) {
    batch.duties[Duty::kIssueTokens].due = true;
    return OkStatus();
  }
  if (batch.now < purse.not_before) return OkStatus();
  PAWL_ASSIGN(const MaybeWish wish,
              what == For::kUpload ? WishForUpload(batch) : WishForStock(batch));
  if (!wish) return OkStatus();
  PAWL_ASSIGN(const auto keys, GoodKeys(batch));
  if (!keys) {
    AskForKeysNow(batch);
    return OkStatus();
  }
  purse.asked_for.reset();
  if (what == For::kUpload) purse.asked_for = purse.unpaid.begin()->first;
  return MakeRequest(batch, *keys, *wish);
}

absl::Status PayOutOfStock(Batch& batch) {
  const auto waiting = batch.purse.unpaid;
  for (const auto& [message, what] : waiting) {
    PAWL_ASSIGN(const bool paid, Pay(batch, message, what));
    if (paid) batch.purse.unpaid.erase(message);
  }
  return OkStatus();
}

absl::Status Review(Batch& batch) {
  PAWL_TRY(PayOutOfStock(batch));
  return AskForMore(batch, For::kUpload);
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

absl::Status DropRequest(Batch& batch) {
  batch.purse.asked_for.reset();
  batch.duties[Duty::kIssueTokens] = {};
  return batch.tx.values().Erase(kRequest);
}

// The request is of no use, because the period is over or the answer was not made with the keys:
// both anew, a while later, however often it happens. For the stock there is no hurry: keys asked
// for right after an account's request failed would show whose that connection is.
absl::Status StartOver(Batch& batch, Code code) {
  PAWL_TRY(DropRequest(batch));
  batch.purse.renew_keys = true;
  if (batch.purse.unpaid.empty()) return OkStatus();
  return Retry(batch, Duty::kGetTokenKeys, code, Duration{});
}

// What is used up is there again with the next period.
absl::StatusOr<Duration> UntilNextQuota(Batch& batch) {
  PAWL_ASSIGN(const auto keys, LoadKeys(batch.tx));
  return keys ? keys->until - RelayTime(batch) : Duration{};
}

absl::Status OnQuotaUsedUp(Batch& batch) {
  PurseState& purse = batch.purse;
  const std::optional<MessageId> upload = purse.asked_for;
  PAWL_TRY(DropRequest(batch));
  purse.exact = true;
  const auto waits = upload ? purse.unpaid.find(*upload) : purse.unpaid.end();
  if (waits != purse.unpaid.end() && purse.asked_exactly) {
    waits->second.used_up = true;
    PAWL_TRY(PayOutOfStock(batch));
    // There is no more.
    if (purse.unpaid.contains(*upload)) {
      PAWL_ASSIGN(const Duration wait, UntilNextQuota(batch));
      PAWL_TRY(FailUpload(batch, *upload, Code::kQuotaExceeded, wait));
    }
  }
  return AskForMore(batch, For::kUpload);
}

// Another period: what was used up is there again.
void ForgetRefusals(PurseState& purse) {
  purse.exact = false;
  for (auto& [message, what] : purse.unpaid) what.used_up = false;
}

// A relay could refuse what it has taken, and see which account asks for more: so not at once, and
// not on the connection that showed it.
void WaitAfterRefusal(Batch& batch, Code refused) {
  PurseState& purse = batch.purse;
  if (batch.now >= purse.not_before) purse.not_before = SoonerOrLater(batch);
  purse.refused = refused == Code::kOk ? Code::kExpired : refused;
  if (refused != Code::kOk) batch.LeaveAnonymousConnection();
}

// By a clock that is not a whole period off: one that is could not say which keys are good.
bool IsPlausible(const TokenKeysRecord& record, Timestamp now) {
  const int64_t off = int64_t{record.period} - int64_t{wire::PeriodAt(now)};
  return off >= -1 && off <= 1 && record.until == wire::EndOf(record.period);
}

// How far `now` is beyond the period, or before it.
Duration AheadOf(uint32_t period, Timestamp now) {
  const Timestamp end = wire::EndOf(period);
  const Timestamp begin = end - wire::kTokenPeriod;
  return now - std::clamp(now, begin, end - Milliseconds(1));
}

// What the stock lacks is not asked for when that is found, but at a time that is drawn then, and
// kept: a process that begins often must not ask the sooner for it.
absl::StatusOr<bool> IsTimeToRefill(Batch& batch) {
  PAWL_ASSIGN(const auto next, batch.tx.values().GetInt(kNext));
  const Duration wait = next ? Timestamp{*next} - batch.now : Duration{};
  if (wait > Duration{} && wait <= kRefillDelay) return false;
  if (next && wait <= Duration{}) {
    PAWL_TRY(batch.tx.values().Erase(kNext));
    return true;
  }
  const uint64_t delay = batch.rng.Below(static_cast<uint64_t>(kRefillDelay.ms));
  PAWL_TRY(batch.tx.values().PutInt(kNext, batch.now.ms + 1 + static_cast<int64_t>(delay)));
  return false;
}

absl::Status ForgetTime(Batch& batch) {
  PAWL_ASSIGN(const auto next, batch.tx.values().GetInt(kNext));
  return next ? batch.tx.values().Erase(kNext) : OkStatus();
}

// Whether what there is to do for the stock is under way.
absl::StatusOr<bool> IsRefilling(Batch& batch, const std::optional<IssuingKeys>& keys) {
  PAWL_ASSIGN(const auto pending, batch.tx.values().Get(kRequest));
  return pending || (!keys && batch.duties[Duty::kGetTokenKeys].due);
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
  const bool anew = input.refused != Code::kOk || row->begun;
  if (input.refused != Code::kOk) PAWL_TRY(DropRefused(batch, *row, input));
  if (anew) {
    if (row->attempts >= kMaxRefusedPayments) {
      return FailUpload(batch, input.message, Code::kRelayRefused);
    }
    PAWL_TRY(batch.tx.transfers().SetAttempts(row->id, row->attempts + 1));
    WaitAfterRefusal(batch, input.refused);
  }
  batch.purse.unpaid[input.message] = {.size = input.size, .total = input.total};
  PAWL_TRY(Review(batch));
  const PurseState& purse = batch.purse;
  return batch.now < purse.not_before ? TellObstacle(batch, purse.refused, purse.not_before)
                                      : OkStatus();
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
  if (!IsPlausible(record, batch.now)) {
    return Retry(batch, Duty::kGetTokenKeys, Code::kMalformed, Duration{});
  }
  const IssuingKeys keys{
      .period = record.period, .until = record.until, .small = record.small, .large = record.large};
  PAWL_ASSIGN(const auto known, LoadKeys(batch.tx));
  // The keys of a period are everybody's: others would be made for us.
  if (known && known->period >= keys.period && *known != keys) {
    return StartOver(batch, Code::kAuthFailed);
  }
  if (!known || known->period != keys.period) ForgetRefusals(batch.purse);
  PAWL_TRY(batch.tx.values().Put(kKeys, Encode(keys)));
  batch.purse.renew_keys = false;
  batch.purse.ahead = AheadOf(keys.period, batch.now);
  PAWL_TRY(batch.tx.tokens().EraseFreeBefore(wire::FirstTaken(RelayTime(batch))));
  // For the stock they are used in an hour of their own: whoever asks for keys here and for tokens
  // right after shows whose this connection is.
  return AskForMore(batch, For::kUpload);
}

absl::Status OnTokensIssued(Batch& batch, const TokensRecord& record) {
  PAWL_ASSIGN(const auto request, PendingTokenRequest(batch.tx));
  PAWL_ASSIGN(const auto keys, LoadKeys(batch.tx));
  if (!request || !keys) return StartOver(batch, Code::kMalformed);
  const auto rows = FinishTokens(*request, *keys, record.proof, record.evaluated);
  if (!rows.ok()) return StartOver(batch, CodeOf(rows));
  for (const store::TokenRow& row : *rows) PAWL_TRY(batch.tx.tokens().Add(row));
  const bool for_stock = !batch.purse.asked_for;
  PAWL_TRY(DropRequest(batch));
  batch.duties[Duty::kGetTokenKeys].attempts = 0;
  PAWL_TRY(PayOutOfStock(batch));
  if (!batch.purse.unpaid.empty()) return AskForMore(batch, For::kUpload);
  return for_stock ? AskForMore(batch, For::kStock) : OkStatus();
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
  PAWL_ASSIGN(const auto known, LoadKeys(batch.tx));
  if (known && RelayTime(batch) >= known->until) ForgetRefusals(batch.purse);
  PAWL_ASSIGN(const auto keys, GoodKeys(batch));
  PAWL_ASSIGN(const MaybeWish wish, WishForStock(batch));
  // Though the stock may look full: of the tokens of a period that is over it soon is not.
  if (keys && !wish) return ForgetTime(batch);
  PAWL_ASSIGN(const bool refilling, IsRefilling(batch, keys));
  if (refilling) return OkStatus();
  const bool first = keys && std::exchange(batch.purse.first, false);
  PAWL_ASSIGN(const bool time, IsTimeToRefill(batch));
  if (!time && !first) return OkStatus();
  if (keys) return AskForMore(batch, For::kStock);
  AskForKeysNow(batch);
  return OkStatus();
}

void FillPurseFirst(Batch& batch) {
  batch.purse.first = true;
  // Not right now: the relay has just heard from this account.
  batch.duties[Duty::kGetTokenKeys] = {.due = true, .not_before = SoonerOrLater(batch)};
}

absl::Status ReviewPurse(Batch& batch) {
  Timestamp& not_before = batch.purse.not_before;
  const bool waits = batch.now < not_before && not_before - batch.now <= kLongestWait;
  if (not_before == kLongAgo || waits) return OkStatus();
  not_before = kLongAgo;
  return Review(batch);
}

absl::Status EmptyPurse(Batch& batch) {
  PAWL_TRY(batch.tx.tokens().EraseFree());
  PAWL_TRY(DropRequest(batch));
  return Review(batch);
}

}  // namespace pawl::client
