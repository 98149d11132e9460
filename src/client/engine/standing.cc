#include "client/engine/standing.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/sim_hooks.h"
#include "client/engine/devices.h"
#include "client/engine/inbox.h"
#include "client/engine/own_prekeys.h"
#include "client/engine/purse.h"
#include "client/engine/repair.h"
#include "client/engine/retransmit.h"
#include "client/engine/self.h"
#include "client/engine/session_rows.h"
#include "client/engine/setup.h"
#include "identity/epoch_record.h"

namespace pawl::client {
namespace {

using store::OpenedState;

// Prekey ids that a lost future may have used up.
constexpr uint32_t kPrekeysBeyond = 1u << 20;

bool IsDiverged(OpenedState standing) {
  return standing == OpenedState::kDiverged || standing == OpenedState::kAnchorMissing;
}

bool IsAtRelay(const Batch& batch) {
  return batch.setup == Setup::kListed || batch.setup == Setup::kReady;
}

absl::Status Become(Batch& batch, OpenedState standing) {
  batch.standing = standing;
  return batch.tx.Mark(standing);
}

absl::Status RecordStanding(Batch& batch, EventKind kind, Code code) {
  Event event;
  event.kind = kind;
  event.code = code;
  return Record(batch, event);
}

// The epoch that the relay has, if this device's key signed it: everything else is the relay's own
// word.
std::optional<identity::EpochRecord> OwnEpoch(const Batch& batch, ByteView record) {
  auto epoch = identity::EpochRecord::Parse(record, batch.self->signing.pub());
  if (!epoch.ok() || epoch->device != batch.self->device.address) return std::nullopt;
  return *std::move(epoch);
}

bool IsAnothers(const Batch& batch, const identity::EpochRecord& epoch, ByteView record) {
  const session::LocalDevice& own = batch.self->device;
  if (epoch.epoch != own.epoch) return epoch.epoch > own.epoch;
  return !std::ranges::equal(record, own.epoch_record);
}

// What the relay has may still arrive, and ends by itself.
absl::Status FailWhatIsQueued(Batch& batch) {
  constexpr size_t kPage = 256;
  for (;;) {
    PAWL_ASSIGN(const auto rows, batch.tx.outbox().Due(kNever, store::OutboxId(), kPage));
    for (const store::OutboxRow& row : rows) PAWL_TRY(FailRow(batch, row, Code::kSuperseded));
    if (rows.size() < kPage) break;
  }
  for (const auto& [to, queue] : batch.state.outbox.queues()) batch.erased_queues.push_back(to);
  batch.new_items.clear();
  return OkStatus();
}

absl::Status Supersede(Batch& batch) {
  PAWL_TRY(Become(batch, OpenedState::kSuperseded));
  PAWL_TRY(FailWhatIsQueued(batch));
  std::vector<identity::DeviceAddress> waiting;
  for (const auto& [to, count] : batch.state.pending.all()) waiting.push_back(to);
  for (const auto& to : waiting) PAWL_TRY(FailWaiting(batch, to, Code::kSuperseded));
  return RecordStanding(batch, EventKind::kSuperseded, Code::kSuperseded);
}

absl::Status RetireEverySession(Batch& batch) {
  for (const auto& [id, entry] : batch.state.sessions.all()) {
    if (!batch.sessions.Find(id) || entry->session.facts().receive_only) continue;
    PAWL_TRY(RetireSession(batch, id));
  }
  return OkStatus();
}

// Some may have been used by a future that is lost; all may be in somebody else's hands.
absl::Status ReplacePrekeys(Batch& batch) {
  PAWL_TRY(batch.tx.prekeys().EraseBeyond(store::PrekeyKind::kBundle, 0));
  PAWL_TRY(batch.tx.prekeys().EraseBeyond(store::PrekeyKind::kOneTime, 0));
  PAWL_TRY(batch.tx.prekeys().ReserveIds(kPrekeysBeyond).status());
  return BeginUploads(batch);
}

absl::Status RaiseEpoch(Batch& batch, DeviceEpoch beyond) {
  Self self = batch.self->Clone();
  const DeviceEpoch epoch(std::max(*self.device.epoch, *beyond) + 1);
  PAWL_ASSIGN(self.device,
              MakeLocalDevice(self.device.address, epoch,
                              crypto::X25519KeyPair::Generate(batch.rng), self.signing, self.list));
  batch.Replace(std::move(self));
  PAWL_TRY(SaveSelf(batch));
  return PutEpochAgain(batch);
}

// Sealed on chains that a lost future has used, too.
absl::Status SealAnew(Batch& batch) {
  for (const auto& [to, queue] : batch.state.outbox.queues()) {
    PAWL_ASSIGN(const auto rows, WindowOf(batch, to));
    for (const store::OutboxRow& row : rows) {
      if (row.state == store::OutboxState::kQueued) PAWL_TRY(Retransmit(batch, to, row));
    }
  }
  return OkStatus();
}

absl::Status Heal(Batch& batch, DeviceEpoch beyond, ByteView note) {
  PAWL_PASSED("recovery.diverged");
  PAWL_TRY(RaiseEpoch(batch, beyond));
  PAWL_TRY(RetireEverySession(batch));
  PAWL_TRY(batch.tx.Absorb(note));
  PAWL_TRY(ReplacePrekeys(batch));
  PAWL_TRY(batch.tx.inbox().SkipAhead());
  PAWL_TRY(Become(batch, OpenedState::kCurrent));
  PAWL_TRY(EmptyPurse(batch));
  batch.erased_content = true;  // the prekeys, the tokens
  PAWL_TRY(RecordStanding(batch, EventKind::kGap, Code::kDiverged));
  PAWL_TRY(SealAnew(batch));
  return RepairAll(batch, Code::kDiverged);
}

}  // namespace

absl::Status ReviewStanding(Batch& batch, const ChannelUp& input) {
  if (!IsAtRelay(batch) || batch.standing == OpenedState::kSuperseded) return OkStatus();
  const auto epoch = OwnEpoch(batch, input.epoch_record);
  if (batch.standing == OpenedState::kCurrent) {
    if (epoch && IsAnothers(batch, *epoch, input.epoch_record)) return Supersede(batch);
    const bool healing = batch.duties[Duty::kPutEpoch].due;
    if (healing || batch.state.store->JudgeNote(input.note) != store::NoteVerdict::kForeign) {
      return OkStatus();
    }
  }
  return Heal(batch, epoch ? epoch->epoch : DeviceEpoch(0), input.note);
}

absl::Status KeepStanding(Batch& batch) {
  if (IsDiverged(batch.standing) && !IsAtRelay(batch)) {
    PAWL_TRY(batch.tx.inbox().SkipAhead());
    return Become(batch, OpenedState::kCurrent);
  }
  const State& state = batch.state;
  const bool due = batch.device_up && batch.setup == Setup::kReady &&
                   batch.standing == OpenedState::kCurrent && !batch.duties[Duty::kPutNote].due &&
                   batch.now >= NextNote(state);
  if (!due) return OkStatus();
  batch.note = state.store->MakeNote(batch.rng);
  batch.noted = state.store->generation();
  batch.duties[Duty::kPutNote].due = batch.note.has_value();
  return OkStatus();
}

Timestamp NextNote(const State& state) {
  if (!state.device_up || state.setup != Setup::kReady || state.standing != OpenedState::kCurrent ||
      state.noted == state.store->generation()) {
    return kNever;
  }
  // One is on its way, or waits until it may be: of the connection before, perhaps.
  if (state.duties[Duty::kPutNote].due) return kNever;
  return state.noted ? state.next_note : kLongAgo;
}

}  // namespace pawl::client
