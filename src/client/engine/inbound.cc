#include "client/engine/inbound.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "base/sim_hooks.h"
#include "client/engine/codes.h"
#include "client/engine/inbox.h"
#include "client/engine/parking.h"
#include "client/engine/reducers.h"
#include "client/engine/repair.h"
#include "crypto/hash.h"
#include "session/envelope.h"

namespace pawl::client {
namespace {

struct Incoming {
  MailboxCursor cursor;
  EnvelopeId id;
  Timestamp received_at;
  Timestamp since;
  ByteView bytes;
};

absl::StatusOr<Arrival> OpenOn(Batch& batch, SessionId id, ByteView envelope) {
  auto opened = batch.sessions.StageOf(id).Open(envelope, batch.now);
  if (!opened.ok()) {
    return Arrival::Unreadable(CodeOf(opened.status()), id);
  }
  return TakeOpened(batch, id, *opened);
}

// What only a session's own header key can find out. It says that a number of that chain is used
// up, too far ahead or over; whether a message of the peer's bears it, nobody can say any more.
bool IsOfThatSession(Code code) {
  return IsOneOf(code, {Code::kReplayed, Code::kTooFarAhead, Code::kExpired});
}

// The last resort: a message further ahead than the announced tags. Tried against every session's
// header keys, within the budget.
absl::StatusOr<Arrival> TryHeaderKeys(Batch& batch, ByteView envelope) {
  const size_t cost = batch.state.sessions.size();
  if (!SpendTrials(batch, cost)) return Arrival::Untried();
  PAWL_PASSED("recovery.header_trial");
  for (const auto& [id, entry] : batch.state.sessions.all()) {
    if (!batch.sessions.Find(id)) continue;
    PAWL_ASSIGN(Arrival arrival, OpenOn(batch, id, envelope));
    if (arrival.kind == Arrival::Kind::kOpened) GiveBackTrials(batch, cost);
    if (arrival.kind == Arrival::Kind::kOpened || IsOfThatSession(arrival.code)) return arrival;
  }
  return Arrival::Quarantined();
}

absl::StatusOr<Arrival> Open(Batch& batch, ByteView envelope, ListIsFresh fresh) {
  const auto tag = session::PeekTag(envelope);
  if (!tag.ok()) return Arrival::Dropped(CodeOf(tag.status()));
  if (const auto routed = batch.sessions.Route(*tag)) return OpenOn(batch, *routed, envelope);
  PAWL_ASSIGN(Arrival arrival, OpenHandshake(batch, envelope, fresh));
  if (arrival.kind != Arrival::Kind::kDropped || arrival.code != Code::kUnknownSession) {
    return arrival;
  }
  return TryHeaderKeys(batch, envelope);
}

void Acknowledge(Batch& batch, MailboxCursor cursor) {
  if (*cursor != 0) batch.effects.acks.push_back(cursor);  // 0: was never stored
}

void Park(Batch& batch, const Incoming& in, Arrival arrival) {
  // An ephemeral one is not kept anywhere.
  if (*in.cursor == 0 || !HasRoomToPark(batch, in.bytes.size())) return;
  PAWL_PASSED("recovery.parked");
  if (arrival.fetch_list) batch.WantList(*arrival.waits_for);
  if (arrival.look_again) batch.HintList(*arrival.waits_for);
  batch.parked.emplace_back(
      in.id, ParkedEnvelope{.cursor = in.cursor,
                            .received_at = in.received_at,
                            .since = in.since,
                            .bytes = ToBytes(in.bytes),
                            .waits_for = std::move(arrival.waits_for),
                            .retry_at = arrival.untried ? batch.now + kTrialRetry : kNever,
                            .undecided = arrival.undecided});
}

// Mail of somebody we know that nobody will read. Strangers could fill the inbox with such.
absl::Status RecordGap(Batch& batch, const identity::Address& from, DeviceId device, Code why) {
  const Peer* peer = batch.peers.Find(from);
  if (!batch.IsOwn(from) && (!peer || !peer->accepted())) return OkStatus();
  Event event;
  event.kind = EventKind::kGap;
  event.peer = from;
  event.device = device;
  event.code = why;
  return Record(batch, event);
}

// Acknowledged, and never looked at again.
absl::Status EndUnread(Batch& batch, const Incoming& in, const crypto::Hash32& hash, Code why) {
  batch.effects.rejected.push_back({in.id, why});
  PAWL_TRY(batch.tx.dedupe().Add(in.id, hash, batch.now).status());
  Acknowledge(batch, in.cursor);
  return OkStatus();
}

// Reading it failed in an earlier try at this Step, for a reason that will not go away.
absl::Status EndRefused(Batch& batch, const Incoming& in, const crypto::Hash32& hash,
                        const Refusals::Refusal& refusal) {
  if (refusal.sender) {
    PAWL_TRY(RecordGap(batch, refusal.sender->account, refusal.sender->device, refusal.why));
  }
  return EndUnread(batch, in, hash, refusal.why);
}

// Mail on a session of ours that this session cannot read.
absl::Status Miss(Batch& batch, SessionId session, Code why) {
  if (AilmentOf(why) != Ailment::kNone) return BeginRepair(batch, session, why);
  const identity::DeviceAddress& from = batch.sessions.Find(session)->remote();
  return RecordGap(batch, from.account, from.device, why);
}

// Exactly once: what was dealt with before is acknowledged again and forgotten; what is dealt with
// now leaves its id and hash in the same transaction as its effects.
absl::Status Receive(Batch& batch, const Incoming& in, ListIsFresh fresh) {
  const crypto::Hash32 hash = crypto::Blake2b256({in.bytes});
  PAWL_ASSIGN(const bool seen_id, batch.tx.dedupe().SeenId(in.id));
  PAWL_ASSIGN(const bool seen, batch.tx.dedupe().SeenHash(hash));
  if ((seen_id || seen) && !PAWL_MUTANT("engine.no_dedupe")) {
    PAWL_PASSED("recovery.known_envelope");
    Acknowledge(batch, in.cursor);
    return OkStatus();
  }
  const auto refusal = batch.refused.envelopes.find(in.id);
  if (refusal != batch.refused.envelopes.end()) {
    return EndRefused(batch, in, hash, refusal->second);
  }
  batch.at_work = {.envelope = in.id};
  PAWL_ASSIGN(Arrival arrival, Open(batch, in.bytes, fresh));
  batch.at_work = {};
  if (arrival.kind == Arrival::Kind::kParked) {
    Park(batch, in, std::move(arrival));
    return OkStatus();
  }
  if (arrival.kind == Arrival::Kind::kDropped) {
    if (arrival.session) PAWL_TRY(Miss(batch, *arrival.session, arrival.code));
    return EndUnread(batch, in, hash, arrival.code);
  }
  PAWL_TRY(batch.tx.dedupe().Add(in.id, hash, batch.now).status());
  Acknowledge(batch, in.cursor);
  return OkStatus();
}

Incoming AsIncoming(const EnvelopeId& id, const ParkedEnvelope& parked) {
  return {parked.cursor, id, parked.received_at, parked.since, parked.bytes};
}

using Parking = std::pair<EnvelopeId, ParkedEnvelope>;

// Those that this very Step has parked, taken out again: what they wait for came in the same Step.
template <typename Due>
std::vector<Parking> TakeJustParked(Batch& batch, Due due) {
  std::vector<Parking> taken;
  const auto rest = std::stable_partition(batch.parked.begin(), batch.parked.end(),
                                          [&](const Parking& p) { return !due(p.second); });
  std::move(rest, batch.parked.end(), std::back_inserter(taken));
  batch.parked.erase(rest, batch.parked.end());
  return taken;
}

// Nothing of ours can open it, or its sender cannot be known.
absl::Status GiveUp(Batch& batch, const EnvelopeId& id, const ParkedEnvelope& parked) {
  Code why = Code::kUnknownSession;
  if (parked.waits_for) {
    why = parked.undecided ? Code::kIdentityChanged : Code::kDeviceNotListed;
    PAWL_TRY(RecordGap(batch, *parked.waits_for, DeviceId(0), why));
  }
  return EndUnread(batch, AsIncoming(id, parked), crypto::Blake2b256({parked.bytes}), why);
}

// Who it waits for was blocked meanwhile.
bool IsUnwelcome(const Batch& batch, const ParkedEnvelope& parked) {
  const Peer* peer = parked.waits_for ? batch.peers.Find(*parked.waits_for) : nullptr;
  return peer && peer->blocked();
}

absl::Status TryAgain(Batch& batch) {
  const auto fresh = TakeJustParked(batch, [&](const ParkedEnvelope& parked) {
    return batch.session_began && !parked.untried() && !parked.waits_for;
  });
  for (const auto& [id, parked] : batch.state.parked.envelopes) {
    if (WasUnparked(batch, id)) continue;
    const bool due =
        parked.untried() ? parked.retry_at <= batch.now : batch.session_began && !parked.waits_for;
    if (!due && !IsUnwelcome(batch, parked)) continue;
    batch.unparked.push_back(id);
    PAWL_TRY(Receive(batch, AsIncoming(id, parked), ListIsFresh::kNo));
  }
  for (const auto& [id, parked] : fresh) {
    PAWL_TRY(Receive(batch, AsIncoming(id, parked), ListIsFresh::kNo));
  }
  return OkStatus();
}

absl::Status EndWhatIsOver(Batch& batch) {
  const Held ending = OverOrTooMany(batch);
  for (const auto& [id, parked] : ending) PAWL_TRY(GiveUp(batch, id, *parked));
  for (const auto& [id, parked] : ending) Forget(batch, id);
  return OkStatus();
}

}  // namespace

absl::StatusOr<Arrival> TakeOpened(Batch& batch, SessionId id, const session::Opened& opened) {
  batch.sessions.Opened(id);
  const session::Session& session = *batch.sessions.Find(id);
  batch.at_work.device = session.remote();
  PAWL_TRY(TakeContent(batch, session, opened));
  return Arrival::Opened();
}

bool SpendTrials(Batch& batch, size_t units) {
  const int64_t passed = batch.now.ms - batch.trial_refill.ms;
  if (passed >= 1000 || passed < 0) {
    const int64_t gained =
        passed < 0 ? 0 : std::min<int64_t>(passed / 1000 * kTrialsPerSecond, kTrialCapacity);
    batch.trial_budget = std::min(kTrialCapacity, batch.trial_budget + static_cast<int>(gained));
    batch.trial_refill = batch.now;
  }
  const int cost = static_cast<int>(std::min<size_t>(units, kTrialCapacity));
  if (batch.trial_budget < cost) return false;
  batch.trial_budget -= cost;
  return true;
}

void GiveBackTrials(Batch& batch, size_t units) {
  const int cost = static_cast<int>(std::min<size_t>(units, kTrialCapacity));
  batch.trial_budget = std::min(kTrialCapacity, batch.trial_budget + cost);
}

absl::Status Unpark(Batch& batch, const identity::Address& account) {
  const auto fresh = TakeJustParked(
      batch, [&](const ParkedEnvelope& parked) { return parked.waits_for == account; });
  for (const auto& [id, parked] : batch.state.parked.envelopes) {
    if (parked.waits_for != account || WasUnparked(batch, id)) continue;
    batch.unparked.push_back(id);
    PAWL_TRY(Receive(batch, AsIncoming(id, parked), ListIsFresh::kYes));
  }
  for (const auto& [id, parked] : fresh) {
    PAWL_TRY(Receive(batch, AsIncoming(id, parked), ListIsFresh::kYes));
  }
  return OkStatus();
}

absl::Status ReviewParked(Batch& batch) {
  PAWL_TRY(TryAgain(batch));
  return EndWhatIsOver(batch);
}

absl::Status Reduce(Batch& batch, const EnvelopeArrived& input) {
  if (!batch.self || IsParked(batch, input.id)) return OkStatus();
  return Receive(batch, {input.cursor, input.id, input.received_at, batch.now, input.bytes},
                 ListIsFresh::kNo);
}

}  // namespace pawl::client
