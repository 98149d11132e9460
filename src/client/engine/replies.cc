#include <utility>

#include "client/engine/devices.h"
#include "client/engine/directory.h"
#include "client/engine/outbox.h"
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

absl::Status Answer(Batch& batch, const DoesDuty& call, const Reply& reply) {
  if (std::holds_alternative<Done>(reply.body)) return OnDutyDone(batch, call);
  const auto* refused = std::get_if<Refused>(&reply.body);
  return OnDutyRefused(batch, call, refused ? *refused : kNonsense);
}

}  // namespace

absl::Status Reduce(Batch& batch, const Reply& input) {
  const auto call = batch.state.calls.find(input.call);
  // Of a connection that is gone, or made up by the relay.
  if (call == batch.state.calls.end()) return OkStatus();
  const auto& ended = batch.ended_calls;
  if (std::find(ended.begin(), ended.end(), input.call) != ended.end()) return OkStatus();
  batch.ended_calls.push_back(input.call);
  return std::visit([&](const auto& what) { return Answer(batch, what, input); },
                    call->second.what);
}

}  // namespace pawl::client
