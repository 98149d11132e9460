#include "client/engine/inbound.h"

#include <algorithm>
#include <utility>

#include "client/engine/reducers.h"
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
  if (!opened.ok()) return Arrival::Dropped(CodeOf(opened.status()));
  batch.sessions.Opened(id);
  PAWL_TRY(TakeContent(batch, *batch.sessions.Find(id), *opened));
  return Arrival::Opened();
}

// The last resort: a message further ahead than the announced tags. Tried against every session's
// header keys, within the budget.
absl::StatusOr<Arrival> TryHeaderKeys(Batch& batch, ByteView envelope) {
  const size_t count = batch.state.sessions.size();
  if (!SpendTrials(batch, count)) return Arrival::Untried();
  for (const auto& [id, entry] : batch.state.sessions.all()) {
    if (!batch.sessions.Find(id)) continue;
    PAWL_ASSIGN(Arrival arrival, OpenOn(batch, id, envelope));
    if (arrival.kind == Arrival::Kind::kOpened || arrival.code == Code::kReplayed) return arrival;
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
  if (arrival.fetch_list) batch.WantList(*arrival.waits_for);
  batch.parked.emplace_back(
      in.id, ParkedEnvelope{.cursor = in.cursor,
                            .received_at = in.received_at,
                            .since = in.since,
                            .bytes = ToBytes(in.bytes),
                            .waits_for = std::move(arrival.waits_for),
                            .retry_at = arrival.untried ? batch.now + kTrialRetry : kNever});
}

bool IsParked(const Batch& batch, const EnvelopeId& id) {
  const auto is_it = [&](const auto& entry) { return entry.first == id; };
  return batch.state.parked.Find(id) ||
         std::any_of(batch.parked.begin(), batch.parked.end(), is_it);
}

// Exactly once: what was dealt with before is acknowledged again and forgotten; what is dealt with
// now leaves its id and hash in the same transaction as its effects.
absl::Status Receive(Batch& batch, const Incoming& in, ListIsFresh fresh) {
  const crypto::Hash32 hash = crypto::Blake2b256({in.bytes});
  PAWL_ASSIGN(const bool seen_id, batch.tx.dedupe().SeenId(in.id));
  PAWL_ASSIGN(const bool seen, batch.tx.dedupe().SeenHash(hash));
  if (seen_id || seen) {
    Acknowledge(batch, in.cursor);
    return OkStatus();
  }
  PAWL_ASSIGN(Arrival arrival, Open(batch, in.bytes, fresh));
  if (arrival.kind == Arrival::Kind::kParked) {
    Park(batch, in, std::move(arrival));
    return OkStatus();
  }
  if (arrival.kind == Arrival::Kind::kDropped) {
    batch.effects.rejected.push_back({in.id, arrival.code});
  }
  PAWL_TRY(batch.tx.dedupe().Add(in.id, hash, batch.now).status());
  Acknowledge(batch, in.cursor);
  return OkStatus();
}

Incoming AsIncoming(const EnvelopeId& id, const ParkedEnvelope& parked) {
  return {parked.cursor, id, parked.received_at, parked.since, parked.bytes};
}

// Acknowledged unread: nothing of ours can open it, or its sender cannot be known.
absl::Status GiveUp(Batch& batch, const EnvelopeId& id, const ParkedEnvelope& parked) {
  batch.unparked.push_back(id);
  batch.effects.rejected.push_back(
      {id, parked.waits_for ? Code::kDeviceNotListed : Code::kUnknownSession});
  PAWL_TRY(batch.tx.dedupe().Add(id, crypto::Blake2b256({parked.bytes}), batch.now).status());
  Acknowledge(batch, parked.cursor);
  return OkStatus();
}

bool IsOver(const ParkedEnvelope& parked, Timestamp now) {
  const Duration limit = parked.waits_for ? kParkedTime : kQuarantineTime;
  return now - parked.since > limit || parked.since > now;  // our clock was set back
}

bool WasUnparked(const Batch& batch, const EnvelopeId& id) {
  return std::find(batch.unparked.begin(), batch.unparked.end(), id) != batch.unparked.end();
}

}  // namespace

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

absl::Status Unpark(Batch& batch, const identity::Address& account) {
  for (const auto& [id, parked] : batch.state.parked.envelopes) {
    if (parked.waits_for != account || WasUnparked(batch, id)) continue;
    batch.unparked.push_back(id);
    PAWL_TRY(Receive(batch, AsIncoming(id, parked), ListIsFresh::kYes));
  }
  return OkStatus();
}

absl::Status ReviewParked(Batch& batch) {
  const auto& parked = batch.state.parked;
  size_t count = parked.envelopes.size() + batch.parked.size();
  size_t bytes = parked.bytes();
  for (const auto& [id, envelope] : batch.parked) bytes += envelope.bytes.size();
  for (const auto& [id, envelope] : parked.envelopes) {
    if (WasUnparked(batch, id)) {
      --count;
      bytes -= envelope.bytes.size();
      continue;
    }
    const bool too_many = count > kMaxParked || bytes > kMaxParkedBytes;
    if (too_many || IsOver(envelope, batch.now)) {
      PAWL_TRY(GiveUp(batch, id, envelope));
      --count;
      bytes -= envelope.bytes.size();
    } else if (envelope.retry_at <= batch.now || (batch.session_began && !envelope.waits_for)) {
      batch.unparked.push_back(id);
      PAWL_TRY(Receive(batch, AsIncoming(id, envelope), ListIsFresh::kNo));
    }
  }
  return OkStatus();
}

absl::Status Reduce(Batch& batch, const EnvelopeArrived& input) {
  if (!batch.self || IsParked(batch, input.id)) return OkStatus();
  return Receive(batch, {input.cursor, input.id, input.received_at, batch.now, input.bytes},
                 ListIsFresh::kNo);
}

}  // namespace pawl::client
