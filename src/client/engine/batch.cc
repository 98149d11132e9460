#include "client/engine/batch.h"

#include <algorithm>
#include <utility>

#include "client/engine/standing.h"

namespace pawl::client {

Batch::Batch(const State& committed, store::Transaction& transaction, Timestamp time, Rng& random)
    : state(committed),
      tx(transaction),
      now(time),
      rng(random),
      setup(committed.setup),
      self(committed.self),
      bundle_keys(committed.bundle_keys),
      peers(committed.peers),
      sessions(committed.sessions),
      repairs(committed.repairs),
      standing(committed.standing),
      duties(committed.duties),
      requests(committed.requests),
      purse(committed.purse),
      device_up(committed.device_up),
      anonymous_up(committed.anonymous_up),
      relay_epoch(committed.relay_epoch),
      one_time_left(committed.one_time_left),
      trial_budget(committed.trial_budget),
      trial_refill(committed.trial_refill),
      repeating(committed.repeating),
      next_maintenance(committed.next_maintenance),
      next_expiry(committed.next_expiry),
      next_top_up(committed.next_top_up),
      transfers_started(committed.transfers_started) {}

int Batch::PendingCount(const identity::DeviceAddress& to) const {
  auto change = pending_changes.find(to);
  return state.pending.Count(to) + (change == pending_changes.end() ? 0 : change->second);
}

void Batch::Complete(RequestId request, Code code, Bytes data, Duration retry_after) {
  if (*request == 0) return;
  Event event;
  event.kind = EventKind::kCompleted;
  event.at = now;
  event.request = request;
  event.code = code;
  event.data = std::move(data);
  if (retry_after > Duration{}) event.retry_at = now + retry_after;
  effects.events.push_back(std::move(event));
}

void Batch::LeaveAnonymousConnection() {
  anonymous_up = false;
  anonymous_lost = true;
  effects.renew_anonymous = true;
}

void Batch::Want(const identity::DeviceAddress& what) {
  fetches.push_back({.what = what, .kind = FetchChange::Kind::kWant});
}

void Batch::HintList(const identity::Address& account) {
  const identity::DeviceAddress what = WholeAccount(account);
  const bool answered = std::ranges::any_of(fetches, [&](const FetchChange& change) {
    return change.what == what && change.kind == FetchChange::Kind::kDone;
  });
  if (state.fetches.contains(what) && !answered) return;
  fetches.push_back({.what = what,
                     .kind = FetchChange::Kind::kWant,
                     .not_before = EditClaims().NextLook(account, now)});
}

namespace {

// What was erased is out of the store's log so long after, at the latest; and not more often.
constexpr Duration kTraceInterval = Minutes(5);

void ApplyFetches(const std::vector<Batch::FetchChange>& changes, Fetches& fetches) {
  using Kind = Batch::FetchChange::Kind;
  for (const auto& change : changes) {
    if (change.kind == Kind::kWant) {
      fetches.try_emplace(change.what, Fetch{.not_before = change.not_before});
    } else if (change.kind == Kind::kDone) {
      fetches.erase(change.what);
    } else if (auto it = fetches.find(change.what); it != fetches.end()) {
      it->second.call = 0;
      it->second.attempts += 1;
      it->second.not_before = change.not_before;
    }
  }
}

void ApplyOutbox(Batch& batch, OutboxIndex& outbox) {
  for (const OutboxAnswer& answer : batch.answers) outbox.Answer(answer);
  for (const auto& to : batch.erased_queues) outbox.Erase(to);
  for (const auto& to : batch.unblocked_queues) outbox.Unblock(to);
  for (const auto& [to, item] : batch.new_rows) outbox.Add(to, item);
}

void ApplyParked(Batch& batch, Parked& parked) {
  for (const EnvelopeId& id : batch.unparked) parked.Erase(id);
  for (auto& [id, envelope] : batch.parked) parked.envelopes.emplace_back(id, std::move(envelope));
  parked.Follow(batch.now);
}

void EndCall(State& state, uint64_t id) {
  auto it = state.calls.find(id);
  if (it == state.calls.end()) return;
  state.call_bytes -= it->second.bytes;
  state.calls.erase(it);
}

void LoseChannel(State& state, bool device_channel) {
  std::vector<uint64_t> lost;
  for (const auto& [id, record] : state.calls) {
    if (record.device_channel == device_channel) lost.push_back(id);
  }
  for (uint64_t id : lost) EndCall(state, id);
  for (auto& [what, fetch] : state.fetches) {
    if (!state.calls.contains(fetch.call)) fetch.call = 0;
  }
  if (device_channel) {
    state.noted.reset();
  } else {
    state.outbox.ForgetCalls();
  }
  for (size_t i = 0; i < kDuties; ++i) {
    if (IsAnonymous(static_cast<Duty>(i)) != device_channel) state.duties.all[i].call = 0;
  }
}

}  // namespace

void ApplyBatch(Batch&& batch, State& state) {
  ApplyOutbox(batch, state.outbox);
  ApplyFetches(batch.fetches, state.fetches);
  ApplyParked(batch, state.parked);
  for (const auto& [to, change] : batch.pending_changes) state.pending.Add(to, change);
  if (batch.claims) state.claims = *std::move(batch.claims);
  for (const auto& [account, at] : batch.said_yes) state.said_yes[account] = at;
  for (const auto& [device, at] : batch.resumed) state.resumed[device] = at;
  if (batch.note) state.note = *std::move(batch.note);
  if (batch.noted) state.noted = batch.noted;
  // A clock that was set back must not put the note off: without it a copy of the store that has
  // its anchor goes unnoticed.
  const Timestamp next_note = batch.now + kNoteInterval;
  state.next_note = batch.noted ? next_note : std::min(state.next_note, next_note);
  for (uint64_t id : batch.ended_calls) EndCall(state, id);
  std::move(batch.sessions).ApplyTo(state.sessions, batch.now);
  std::move(batch.peers).ApplyTo(state.peers);
  std::move(batch.repairs).ApplyTo(state.repairs);
  state.standing = batch.standing;
  state.setup = batch.setup;
  state.self = std::move(batch.self);
  state.bundle_keys = std::move(batch.bundle_keys);
  state.duties = batch.duties;
  state.requests = std::move(batch.requests);
  state.purse = std::move(batch.purse);
  state.relay_epoch = batch.relay_epoch;
  state.one_time_left = batch.one_time_left;
  state.trial_budget = batch.trial_budget;
  state.trial_refill = batch.trial_refill;
  state.repeating = std::move(batch.repeating);
  state.next_maintenance = batch.next_maintenance;
  state.chores_not_before = batch.chores_not_before;
  state.next_expiry = batch.next_expiry;
  state.next_top_up = batch.next_top_up;
  if (batch.erased_content && state.traces_due == kNever) {
    state.traces_due = std::max(batch.now, state.traces_erased_at + kTraceInterval);
  }
  state.transfers_started = batch.transfers_started;
  if (batch.device_lost) LoseChannel(state, true);
  if (batch.anonymous_lost) LoseChannel(state, false);
  state.device_up = batch.device_up;
  state.anonymous_up = batch.anonymous_up;
}

}  // namespace pawl::client
