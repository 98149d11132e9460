#include "client/engine/engine.h"

#include <algorithm>
#include <utility>

#include "base/kill_point.h"
#include "base/sim_hooks.h"
#include "client/engine/anchoring.h"
#include "client/engine/batch.h"
#include "client/engine/codes.h"
#include "client/engine/first_answers.h"
#include "client/engine/inbound.h"
#include "client/engine/inbox.h"
#include "client/engine/pump.h"
#include "client/engine/receipts.h"
#include "client/engine/reducers.h"
#include "client/engine/repair.h"
#include "client/engine/standing.h"
#include "client/engine/state.h"
#include "wire/auth.h"

namespace pawl::client {
namespace {

// After a try to erase traces that found a reader in the way.
constexpr Duration kEraseAgain = Seconds(10);

// The store's own trouble, as opposed to an input that cannot be carried out.
bool IsStoreTrouble(const absl::Status& status) {
  return IsOneOf(CodeOf(status), {Code::kStorage, Code::kDiskFull, Code::kCorrupt, Code::kIo,
                                  Code::kStoreLocked, Code::kClosed, Code::kOutOfMemory});
}

// All that is left to a device whose place another copy of this store has taken.
absl::Status TakeSuperseded(Batch& batch, const Input& input) {
  if (const auto* down = std::get_if<ChannelDown>(&input)) return Reduce(batch, *down);
  const auto* command = std::get_if<Command>(&input);
  if (!command) return OkStatus();
  if (const auto* kept = std::get_if<AnchorKept>(&command->body)) {
    return Reduce(batch, command->request, *kept);
  }
  const auto* ack = std::get_if<AckInbox>(&command->body);
  if (!ack) return Fail(Code::kSuperseded, "another copy of this store went on");
  return Reduce(batch, command->request, *ack);
}

absl::Status Take(Batch& batch, const Input& input) {
  if (batch.standing == store::OpenedState::kSuperseded) return TakeSuperseded(batch, input);
  return std::visit(
      [&](const auto& what) -> absl::Status {
        using T = std::decay_t<decltype(what)>;
        if constexpr (std::is_same_v<T, TimePassed>) {
          return OkStatus();
        } else if constexpr (std::is_same_v<T, Command>) {
          return std::visit([&](const auto& body) { return Reduce(batch, what.request, body); },
                            what.body);
        } else {
          return Reduce(batch, what);
        }
      },
      input);
}

// Which inputs of a Step were found to be impossible, and why.
using RefusedInputs = std::vector<Code>;

absl::Status Refuse(Batch& batch, const Input& input, Code why) {
  if (const auto* command = std::get_if<Command>(&input)) batch.Complete(command->request, why);
  if (const auto* reply = std::get_if<Reply>(&input)) EndCall(batch, *reply);
  return OkStatus();
}

// Lays an error to what the Step was busy with. False: to nothing that could be left out.
bool Blame(const Batch& batch, Code why, Refusals& refused) {
  const AtWork& at_work = batch.at_work;
  if (at_work.envelope) {
    return refused.envelopes.try_emplace(*at_work.envelope, Refusals::Refusal{why, at_work.device})
        .second;
  }
  return at_work.device && refused.devices.insert(*at_work.device).second;
}

// Runs the inputs that are not refused yet. A refusal found on the way is noted, and false says
// that the Step must be done again without it: what it wrote before it failed must not stay.
absl::StatusOr<bool> TakeAll(Batch& batch, std::span<const Input> inputs,
                             RefusedInputs& refused_inputs, Refusals& refused) {
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (refused_inputs[i] != Code::kOk) {
      PAWL_TRY(Refuse(batch, inputs[i], refused_inputs[i]));
      continue;
    }
    absl::Status status = Take(batch, inputs[i]);
    if (status.ok()) continue;
    if (IsStoreTrouble(status)) return status;
    // An envelope may also be one that was parked, and that a reply lets go on.
    if (!Blame(batch, CodeOf(status), refused)) refused_inputs[i] = CodeOf(status);
    return false;
  }
  return true;
}

absl::Status DoMaintenance(Batch& batch) {
  if (batch.standing == store::OpenedState::kSuperseded) return Maintain(batch);
  PAWL_TRY(ReviewParked(batch));
  if (!batch.refused.maintenance) {
    PAWL_TRY(ReviewRepairs(batch));
    PAWL_TRY(KeepStanding(batch));
    return Maintain(batch);
  }
  PostponeMaintenance(batch);
  return OkStatus();
}

absl::Status AnswerAll(Batch& batch) {
  if (batch.standing == store::OpenedState::kSuperseded) return OkStatus();
  PAWL_TRY(ConfirmArrivals(batch));
  PAWL_TRY(AnswerResumes(batch));
  return AnswerHandshakes(batch);
}

// After the inputs. As TakeAll: one peer, or a chore of our own, must not stop everything else.
absl::StatusOr<bool> Finish(Batch& batch, Refusals& refused) {
  batch.at_work = {};
  absl::Status status = DoMaintenance(batch);
  const bool maintained = status.ok();
  if (maintained) status = AnswerAll(batch);
  if (status.ok()) return true;
  if (IsStoreTrouble(status)) return status;
  if (Blame(batch, CodeOf(status), refused)) return false;
  if (maintained || std::exchange(refused.maintenance, true)) return status;
  return false;
}

absl::Status Save(Batch& batch) {
  PAWL_TRY(batch.peers.Save(batch.tx.peers()));
  PAWL_TRY(batch.repairs.Save(batch.tx.repairs()));
  return batch.sessions.Save(batch.tx, batch.now);
}

}  // namespace

Engine::Engine(std::unique_ptr<State> state) : state_(std::move(state)) {}
Engine::~Engine() = default;

absl::StatusOr<std::unique_ptr<Engine>> Engine::Create(store::Store* store, Config config) {
  PAWL_ASSIGN(auto state, LoadState(store, std::move(config)));
  return std::unique_ptr<Engine>(new Engine(std::move(state)));
}

absl::StatusOr<Effects> Engine::Step(std::span<const Input> inputs, Timestamp now, Rng& rng) {
  RefusedInputs refused_inputs(inputs.size(), Code::kOk);
  Refusals refused;
  for (;;) {
    PAWL_ASSIGN(store::Transaction tx, state_->store->Begin());
    Batch batch(*state_, tx, now, rng);
    batch.refused = refused;
    PAWL_ASSIGN(const bool taken, TakeAll(batch, inputs, refused_inputs, refused));
    if (!taken) continue;
    PAWL_ASSIGN(const bool finished, Finish(batch, refused));
    if (!finished) continue;
    PAWL_TRY(Save(batch));
    PAWL_KILL_POINT("engine.before_commit");
    if (absl::Status committed = tx.Commit(now); !committed.ok()) {
      if (!PAWL_MUTANT("engine.ack_before_commit")) return committed;
      Effects too_early;
      too_early.acks = std::move(batch.effects.acks);
      return too_early;
    }
    PAWL_KILL_POINT("engine.after_commit");
    return Release(std::move(batch));
  }
}

Effects Engine::Release(Batch&& batch) {
  const Timestamp now = batch.now;
  auto fresh = std::move(batch.new_items);
  for (const Batch::NewItem& item : fresh) batch.new_rows.push_back({item.to, item.item});
  auto ephemeral = std::move(batch.ephemeral);
  Effects effects = std::move(batch.effects);
  ApplyBatch(std::move(batch), *state_);
  // The Step is durable and stays so: what cannot be read back now is sent a little later.
  const bool pumped = Pump(*state_, std::move(fresh), std::move(ephemeral), now, effects).ok();
  state_->pump_again = pumped ? kNever : now + Seconds(1);
  RaiseAnchor(*state_, now, effects);
  // A reader may be in the middle of a query.
  if (now >= state_->traces_due) {
    const bool erased = state_->store->EraseTraces().ok();
    state_->traces_due = erased ? kNever : now + kEraseAgain;
    if (erased) state_->traces_erased_at = now;
  }
  if (!effects.acks.empty()) PAWL_KILL_POINT("engine.before_ack");
  if (!effects.calls.empty()) PAWL_KILL_POINT("engine.before_send");
  return effects;
}

absl::StatusOr<std::vector<Event>> Engine::ReadInbox(InboxSeq after, size_t limit) {
  std::vector<Event> events;
  if (!state_->self) return events;
  PAWL_ASSIGN(store::Transaction tx, state_->store->Begin());
  PAWL_ASSIGN(const auto rows, tx.inbox().Read(after, limit));
  events.reserve(rows.size());
  for (const store::InboxRow& row : rows) {
    PAWL_ASSIGN(Event event, ReadEvent(tx, state_->self->address(), row));
    events.push_back(std::move(event));
  }
  return events;
}

Timestamp Engine::NextDeadline() const {
  const Timestamp next = std::min(NextPump(*state_), NextAnchor(*state_));
  if (!state_->self) return next;  // without an account there is nothing to maintain
  if (state_->standing == store::OpenedState::kSuperseded) {
    return std::min(
        {state_->next_expiry, state_->next_maintenance, NextAnchor(*state_), state_->traces_due});
  }
  const Timestamp chores = std::min(NextRepair(*state_), NextNote(*state_));
  return std::min({next, state_->next_maintenance, state_->next_expiry,
                   std::max(chores, state_->chores_not_before)});
}

std::vector<RequestId> Engine::OpenRequestIds() const {
  std::vector<RequestId> open;
  for (RequestId id : {state_->requests.setup, state_->requests.list}) {
    if (*id != 0) open.push_back(id);
  }
  for (const auto& [message, id] : state_->requests.transfers) {
    if (*id != 0) open.push_back(id);
  }
  std::sort(open.begin(), open.end());
  return open;
}

std::optional<identity::DeviceAddress> Engine::self() const {
  // While an account is imported the relay does not know this device yet, nor it its own id.
  if (!state_->self || state_->setup == Setup::kImporting) return std::nullopt;
  return state_->self->device.address;
}

absl::StatusOr<crypto::Ed25519Signature> Engine::SignRelayAuth(ByteView challenge) const {
  if (!state_->self) return Fail(Code::kWrongState, "no device yet");
  return state_->self->signing.Sign(wire::kAuthLabel, challenge);
}

}  // namespace pawl::client
