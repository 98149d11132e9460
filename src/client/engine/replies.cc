#include <algorithm>
#include <utility>

#include "client/engine/backoff.h"
#include "client/engine/devices.h"
#include "client/engine/directory.h"
#include "client/engine/outbox.h"
#include "client/engine/purse.h"
#include "client/engine/reducers.h"
#include "client/engine/setup.h"

namespace pawl::client {
namespace {

// An answer of another shape than the question's.
constexpr Refused kNonsense{.code = Code::kMalformed, .retry_after = Duration{}};

absl::Status Answer(Batch&, const CarriesEphemeral&, const Reply&) { return OkStatus(); }

absl::Status Answer(Batch& batch, const CarriesEnvelope& call, const Reply& reply) {
  if (const auto* sent = std::get_if<Sent>(&reply.body)) return OnSent(batch, call, *sent);
  const auto* refused = std::get_if<Refused>(&reply.body);
  return OnSendRefused(batch, call, refused ? *refused : kNonsense);
}

absl::Status Answer(Batch& batch, const AsksFor& call, const Reply& reply) {
  const bool list = *call.what.device == 0;
  if (const auto* record = std::get_if<DirectoryRecord>(&reply.body); record && list) {
    return OnDirectoryRecord(batch, call.what.account, record->list);
  }
  if (const auto* records = std::get_if<PrekeyRecords>(&reply.body); records && !list) {
    return OnPrekeys(batch, call.what, *records);
  }
  const auto* refused = std::get_if<Refused>(&reply.body);
  const Refused& why = refused ? *refused : kNonsense;
  return list ? OnDirectoryRefused(batch, call.what.account, why)
              : OnPrekeysRefused(batch, call.what, why);
}

absl::Status AnswerPurse(Batch& batch, const DoesDuty& call, const Reply& reply) {
  const bool keys = call.duty == Duty::kGetTokenKeys;
  if (const auto* record = std::get_if<TokenKeysRecord>(&reply.body); record && keys) {
    return OnTokenKeys(batch, *record);
  }
  if (const auto* record = std::get_if<TokensRecord>(&reply.body); record && !keys) {
    return OnTokensIssued(batch, *record);
  }
  const auto* refused = std::get_if<Refused>(&reply.body);
  return OnTokensRefused(batch, call, refused ? *refused : kNonsense);
}

absl::Status Answer(Batch& batch, const DoesDuty& call, const Reply& reply) {
  if (call.duty == Duty::kGetTokenKeys || call.duty == Duty::kIssueTokens) {
    return AnswerPurse(batch, call, reply);
  }
  if (std::holds_alternative<Done>(reply.body)) return OnDutyDone(batch, call);
  const auto* refused = std::get_if<Refused>(&reply.body);
  return OnDutyRefused(batch, call, refused ? *refused : kNonsense);
}

// The call that this answers and that ends with it. Null: of a connection that is gone, or made up
// by the relay.
const CallRecord* TakeCall(Batch& batch, const Reply& input) {
  const auto call = batch.state.calls.find(input.call);
  if (call == batch.state.calls.end()) return nullptr;
  const auto& ended = batch.ended_calls;
  if (std::find(ended.begin(), ended.end(), input.call) != ended.end()) return nullptr;
  batch.ended_calls.push_back(input.call);
  return &call->second;
}

Timestamp Later(Batch& batch, uint32_t attempts) {
  return batch.now + Backoff(attempts, Duration{}, batch.rng);
}

void TryLater(Batch&, const CarriesEphemeral&) {}

void TryLater(Batch& batch, const CarriesEnvelope& call) {
  batch.answers.push_back({.to = call.to, .id = call.row, .blocked_until = Later(batch, 0)});
}

void TryLater(Batch& batch, const AsksFor& call) {
  const auto fetch = batch.state.fetches.find(call.what);
  const uint32_t attempts = fetch == batch.state.fetches.end() ? 0 : fetch->second.attempts;
  batch.fetches.push_back({.what = call.what,
                           .kind = Batch::FetchChange::Kind::kRetry,
                           .not_before = Later(batch, attempts)});
}

void TryLater(Batch& batch, const DoesDuty& call) {
  DutyState& duty = batch.duties[call.duty];
  duty.call = 0;
  duty.not_before = Later(batch, duty.attempts++);
}

}  // namespace

absl::Status Reduce(Batch& batch, const Reply& input) {
  const CallRecord* call = TakeCall(batch, input);
  if (!call) return OkStatus();
  return std::visit([&](const auto& what) { return Answer(batch, what, input); }, call->what);
}

void EndCall(Batch& batch, const Reply& input) {
  const CallRecord* call = TakeCall(batch, input);
  if (call) std::visit([&](const auto& what) { TryLater(batch, what); }, call->what);
}

}  // namespace pawl::client
