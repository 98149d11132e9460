#include "client/engine/engine.h"

#include <algorithm>
#include <utility>

#include "base/kill_point.h"
#include "client/engine/batch.h"
#include "client/engine/codes.h"
#include "client/engine/inbox.h"
#include "client/engine/pump.h"
#include "client/engine/receipts.h"
#include "client/engine/reducers.h"
#include "client/engine/state.h"
#include "wire/auth.h"

namespace pawl::client {
namespace {

// The store's own trouble, as opposed to an input that cannot be carried out.
bool IsStoreTrouble(const absl::Status& status) {
  return IsOneOf(CodeOf(status), {Code::kStorage, Code::kDiskFull, Code::kCorrupt, Code::kIo,
                                  Code::kStoreLocked, Code::kClosed, Code::kOutOfMemory});
}

absl::Status Take(Batch& batch, const Input& input) {
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
using Refusals = std::vector<Code>;

void Refuse(Batch& batch, const Input& input, Code why) {
  if (const auto* command = std::get_if<Command>(&input)) batch.Complete(command->request, why);
}

// Runs the inputs that are not refused yet. A refusal found on the way is noted, and false says
// that the Step must be done again without it: what it wrote before it failed must not stay.
absl::StatusOr<bool> TakeAll(Batch& batch, std::span<const Input> inputs, Refusals& refusals) {
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (refusals[i] != Code::kOk) {
      Refuse(batch, inputs[i], refusals[i]);
      continue;
    }
    absl::Status status = Take(batch, inputs[i]);
    if (status.ok()) continue;
    if (IsStoreTrouble(status)) return status;
    refusals[i] = CodeOf(status);
    return false;
  }
  return true;
}

absl::Status Finish(Batch& batch) {
  PAWL_TRY(Maintain(batch));
  PAWL_TRY(ConfirmArrivals(batch));
  PAWL_TRY(batch.peers.Save(batch.tx.peers()));
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
  Refusals refusals(inputs.size(), Code::kOk);
  for (;;) {
    PAWL_ASSIGN(store::Transaction tx, state_->store->Begin());
    Batch batch(*state_, tx, now, rng);
    PAWL_ASSIGN(const bool complete, TakeAll(batch, inputs, refusals));
    if (!complete) continue;
    PAWL_TRY(Finish(batch));
    PAWL_KILL_POINT("engine.before_commit");
    PAWL_TRY(tx.Commit(now));
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
  // An anchor that cannot be written is tried again at its next deadline.
  if (now >= state_->store->AnchorDeadline()) state_->store->AnchorTick(now).IgnoreError();
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
  return std::min({NextPump(*state_), state_->next_maintenance, state_->next_expiry,
                   state_->store->AnchorDeadline()});
}

std::optional<identity::DeviceAddress> Engine::self() const {
  if (!state_->self || *state_->self->device.address.device == 0) return std::nullopt;
  return state_->self->device.address;
}

absl::StatusOr<crypto::Ed25519Signature> Engine::SignRelayAuth(ByteView challenge) const {
  if (!state_->self) return Fail(Code::kWrongState, "no device yet");
  return state_->self->signing.Sign(wire::kAuthLabel, challenge);
}

}  // namespace pawl::client
