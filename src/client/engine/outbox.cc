#include "client/engine/outbox.h"

#include <utility>

#include "base/sim_hooks.h"
#include "client/engine/backoff.h"
#include "client/engine/codes.h"
#include "client/engine/devices.h"
#include "client/engine/fanout.h"

namespace pawl::client {
namespace {

void Take(Batch& batch, const CarriesEnvelope& call) {
  batch.answers.push_back({.to = call.to, .id = call.row, .taken = true});
}

// Whether the same bytes may be taken another time.
bool MayPass(Code code) {
  return !IsOneOf(code, {Code::kTooLarge, Code::kInvalidArgument, Code::kUnsupported,
                         Code::kUnsupportedVersion, Code::kExpired});
}

bool ConcernsApp(Code code) {
  return IsOneOf(code, {Code::kQuotaExceeded, Code::kRateLimited, Code::kDiskFull});
}

// A refusal that says something about what we know of the recipient.
void LearnFrom(Batch& batch, const identity::DeviceAddress& to, Code code) {
  if (code == Code::kNotFound) batch.HintList(to.account);
  if (code != Code::kAuthFailed || batch.IsOwn(to.account)) return;
  // Our delivery key is out of date (it was rotated, perhaps to shut us out): what is left is the
  // path for strangers, where the recipient decides.
  const Peer* peer = batch.peers.Find(to.account);
  if (peer && peer->delivery_key) batch.peers.Edit(to.account, batch.now).delivery_key.reset();
}

// The path for strangers says to wait for minutes. It may have said so while the key of the other
// path was on its way to us.
Duration HowLong(const Batch& batch, const identity::Address& to, const Refused& refused) {
  constexpr Duration kWithKey = Seconds(5);
  const Peer* peer = batch.peers.Find(to);
  const bool may_be_outdated = refused.code == Code::kRateLimited && peer && peer->delivery_key;
  return may_be_outdated ? std::min(refused.retry_after, kWithKey) : refused.retry_after;
}

}  // namespace

absl::Status OnSent(Batch& batch, const CarriesEnvelope& call, const Sent& sent) {
  Take(batch, call);
  const identity::DeviceList* list = ListOf(batch, call.to.account);
  if (list && sent.list_version > list->ref().version) batch.HintList(call.to.account);
  PAWL_ASSIGN(const auto row, batch.tx.outbox().Find(call.row));
  if (!row) return OkStatus();
  const bool is_message = row->cls == store::OutboxClass::kMessage;
  // What is neither message nor copy of one is not sent again: it is said anew when it is missed.
  if (!is_message && row->message == MessageId()) return batch.tx.outbox().Erase(call.row);
  PAWL_TRY(batch.tx.outbox().MarkAtRelay(call.row));
  if (!is_message) return OkStatus();
  return NoteAtRelay(batch, call.to.account, row->conversation, row->message);
}

absl::Status OnSendRefused(Batch& batch, const CarriesEnvelope& call, const Refused& refused) {
  PAWL_ASSIGN(const auto row, batch.tx.outbox().Find(call.row));
  if (!row) {
    Take(batch, call);
    return OkStatus();
  }
  if (!MayPass(refused.code)) {
    Take(batch, call);
    return FailRow(batch, *row, refused.code);
  }
  PAWL_PASSED("recovery.sent_again");
  if (PAWL_MUTANT("engine.lose_outbox_row")) {
    Take(batch, call);
    return OkStatus();
  }
  LearnFrom(batch, call.to, refused.code);
  const Timestamp again =
      batch.now + Backoff(row->attempts, HowLong(batch, call.to.account, refused), batch.rng);
  PAWL_TRY(batch.tx.outbox().Retry(call.row, again));
  batch.answers.push_back({.to = call.to, .id = call.row, .blocked_until = again});
  if (row->attempts > 0 || row->cls != store::OutboxClass::kMessage) return OkStatus();
  return ConcernsApp(refused.code)
             ? NoteHeldUp(batch, call.to.account, row->conversation, row->message, refused.code)
             : OkStatus();
}

}  // namespace pawl::client
