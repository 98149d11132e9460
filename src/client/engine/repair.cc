#include "client/engine/repair.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_set.h"
#include "base/sim_hooks.h"
#include "client/engine/codes.h"
#include "client/engine/contacts.h"
#include "client/engine/conversation.h"
#include "client/engine/fanout.h"
#include "client/engine/inbox.h"
#include "client/engine/own_devices.h"
#include "client/engine/receipts.h"
#include "client/engine/retransmit.h"
#include "client/engine/session_rows.h"

namespace pawl::client {
namespace {

// Rows of history looked at for one answer.
constexpr size_t kLookBack = 1000;

bool MayTalk(const Batch& batch, const identity::Address& account) {
  const Peer* peer = batch.peers.Find(account);
  return batch.IsOwn(account) || (peer && peer->accepted() && !peer->pending);
}

absl::Status RecordRepair(Batch& batch, EventKind kind, const identity::DeviceAddress& device,
                          Code code, uint32_t count = 0) {
  Event event;
  event.kind = kind;
  event.peer = device.account;
  event.device = device.device;
  event.code = code;
  event.count = count;
  return Record(batch, event);
}

// The newest message of that device that is here.
absl::StatusOr<std::optional<MessageId>> NewestFrom(Batch& batch,
                                                    const identity::DeviceAddress& device) {
  const ConversationId conversation = ConversationOf(batch.own_address(), device.account);
  return batch.tx.messages().NewestFrom(conversation, device.account.ToString(), device.device,
                                        kLookBack);
}

absl::Status SendResume(Batch& batch, const identity::DeviceAddress& to, bool answer,
                        uint32_t lost) {
  PAWL_ASSIGN(const auto last, NewestFrom(batch, to));
  PAWL_ASSIGN(const auto content,
              wire::Build(ControlHeader(batch, to.account),
                          wire::Resume{.last = last, .answer = answer, .lost = lost}));
  return SendToDevice(batch, to,
                      {.content = content.view(),
                       .conversation = ConversationOf(batch.own_address(), to.account),
                       .not_before = AnswerTime(batch, to.account)});
}

Duration Patience(uint32_t attempts) {
  constexpr uint32_t kMostDoublings = 8;
  return std::min(kRepairMost,
                  Milliseconds(kRepairInterval.ms << std::min(attempts, kMostDoublings)));
}

absl::Status Ask(Batch& batch, const identity::DeviceAddress& device, Repair repair) {
  repair.not_before = batch.now + Patience(repair.attempts);
  ++repair.attempts;
  batch.repairs.Set(device, repair);
  return SendResume(batch, device, false, 0);
}

bool IsOpen(const Repair* repair) { return repair && repair->reason != Code::kOk; }

// The row stays for as long as the device is not to be asked again.
absl::Status End(Batch& batch, const identity::DeviceAddress& device, Code code, uint32_t lost) {
  const Repair* repair = batch.repairs.Find(device);
  if (!IsOpen(repair)) return OkStatus();
  const Timestamp quiet_until = std::min(repair->not_before, batch.now + kRepairInterval);
  batch.repairs.Set(device, {.began_at = repair->began_at, .not_before = quiet_until});
  return RecordRepair(batch, EventKind::kRepaired, device, code, lost);
}

// What is sent to it from now on needs a fresh session; one that it has not answered yet is that.
absl::Status BeginAnew(Batch& batch, const identity::DeviceAddress& device) {
  const SessionEntry* in_use = SendableSession(batch, device);
  if (!in_use || !in_use->session.confirmed()) return OkStatus();
  return RetireSession(batch, in_use->id);
}

// Messages of ours that the device confirmed after `last`, which is the newest that it has now.
absl::StatusOr<uint32_t> CountLost(Batch& batch, const identity::DeviceAddress& device,
                                   const wire::fb::Id16* last) {
  if (batch.IsOwn(device.account)) return 0;
  PAWL_ASSIGN(const auto window, WindowOf(batch, device));
  absl::btree_set<MessageId> kept;
  for (const store::OutboxRow& row : window) kept.insert(row.message);
  const ConversationId conversation = ConversationOf(batch.own_address(), device.account);
  PAWL_ASSIGN(const auto rows, batch.tx.messages().History(conversation, std::nullopt, kLookBack));
  uint32_t lost = 0;
  for (const store::MessageRow& row : rows) {
    if (last && row.id == wire::ToMessageId(*last)) break;
    const bool ours = row.direction == store::Direction::kOutgoing &&
                      row.sender_device == batch.self->device.address.device;
    const bool reached = row.state == store::MessageState::kConfirmed ||
                         row.state == store::MessageState::kDelivered ||
                         row.state == store::MessageState::kRead;
    if (ours && reached && !kept.contains(row.id)) ++lost;
  }
  return lost;
}

// Who asks again and again is answered now and then.
bool WasAnsweredLately(Batch& batch, const identity::DeviceAddress& device) {
  const auto answered = batch.state.resumed.find(device);
  const bool lately = answered != batch.state.resumed.end() && answered->second <= batch.now &&
                      batch.now - answered->second < kAnswerInterval;
  return lately || !batch.resumed.try_emplace(device, batch.now).second;
}

absl::Status Answer(Batch& batch, const identity::DeviceAddress& from,
                    const wire::fb::Resume& body) {
  if (WasAnsweredLately(batch, from) && !PAWL_MUTANT("engine.retry_loop")) return OkStatus();
  PAWL_PASSED("recovery.resume_answered");
  PAWL_ASSIGN(const uint32_t lost, CountLost(batch, from, body.last()));
  PAWL_TRY(RetransmitWindow(batch, from));
  batch.to_resume[from] = lost;
  if (batch.IsOwn(from.account)) return SyncAllContacts(batch, from);
  PAWL_TRY(SayAcceptedAgain(batch, from));
  return SayWhatWasHeldBack(batch, from.account, from.device);
}

}  // namespace

Ailment AilmentOf(Code why) {
  // kReplayed proves nothing: the body of a message whose key is gone cannot be checked any more.
  if (IsOneOf(why, {Code::kAuthFailed, Code::kMalformed, Code::kReplayed})) {
    return Ailment::kMessage;
  }
  return why == Code::kTooFarAhead ? Ailment::kSession : Ailment::kNone;
}

absl::Status BeginRepair(Batch& batch, SessionId session, Code reason) {
  const identity::DeviceAddress device = batch.sessions.Find(session)->remote();
  if (!MayTalk(batch, device.account)) return OkStatus();
  const Repair* before = batch.repairs.Find(device);
  if (IsOpen(before)) return OkStatus();
  PAWL_TRY(RecordRepair(batch, EventKind::kUndecryptable, device, reason));
  Repair repair{.reason = reason, .began_at = batch.now};
  if (before && before->not_before > batch.now) {
    repair.not_before = before->not_before;
    batch.repairs.Set(device, repair);
    return OkStatus();
  }
  const SessionEntry* in_use = SendableSession(batch, device);
  if (AilmentOf(reason) == Ailment::kSession && in_use && in_use->id == session) {
    PAWL_TRY(RetireSession(batch, session));
  }
  return Ask(batch, device, repair);
}

absl::Status RepairAll(Batch& batch, Code reason) {
  std::vector<identity::Address> accounts = batch.peers.All();
  accounts.push_back(batch.own_address());
  for (const identity::Address& account : accounts) {
    const identity::DeviceList* list = ListOf(batch, account);
    if (!list || !MayTalk(batch, account)) continue;
    for (const identity::DeviceEntry& entry : list->fields().devices) {
      const identity::DeviceAddress device{account, entry.id};
      if (device == batch.self->device.address) continue;
      Repair repair{.reason = reason, .began_at = batch.now};
      if (batch.IsOwn(account)) {
        // Not at once, so that the relay cannot tell by the clock whose devices they are.
        repair.not_before = OwnCopyTime(batch);
        batch.repairs.Set(device, repair);
      } else {
        PAWL_TRY(Ask(batch, device, repair));
      }
    }
  }
  return OkStatus();
}

absl::Status RepairWhatWasLost(Batch& batch, DeviceId asked, const identity::Address& account) {
  const Repair* lost = batch.repairs.Find({batch.own_address(), asked});
  const identity::DeviceList* list = ListOf(batch, account);
  if (!IsOpen(lost) || lost->reason != Code::kDiverged || !list) return OkStatus();
  if (!MayTalk(batch, account)) return OkStatus();
  for (const identity::DeviceEntry& entry : list->fields().devices) {
    const identity::DeviceAddress device{account, entry.id};
    if (IsOpen(batch.repairs.Find(device))) continue;
    PAWL_TRY(Ask(batch, device, {.reason = Code::kDiverged, .began_at = batch.now}));
  }
  return OkStatus();
}

absl::Status AbandonRepair(Batch& batch, const identity::DeviceAddress& device) {
  PAWL_TRY(End(batch, device, Code::kDeviceNotListed, 0));
  if (batch.repairs.Find(device)) batch.repairs.Erase(device);
  return OkStatus();
}

absl::Status OnResume(Batch& batch, const identity::DeviceAddress& from,
                      const wire::fb::Resume& body) {
  if (!MayTalk(batch, from.account)) return OkStatus();
  if (!body.answer() || PAWL_MUTANT("engine.retry_loop")) return Answer(batch, from, body);
  if (!IsOpen(batch.repairs.Find(from))) return OkStatus();  // we did not ask
  PAWL_TRY(RetransmitWindow(batch, from));
  return End(batch, from, Code::kOk, body.lost());
}

absl::Status OnReset(Batch& batch, const identity::DeviceAddress& device) {
  if (!MayTalk(batch, device.account) || WasAnsweredLately(batch, device)) return OkStatus();
  return RetransmitWindow(batch, device);
}

absl::Status AnswerResumes(Batch& batch) {
  for (const auto& [device, lost] : batch.to_resume) {
    if (batch.refused.devices.contains(device)) continue;
    batch.at_work.device = device;
    PAWL_TRY(SendResume(batch, device, true, lost));
  }
  return OkStatus();
}

namespace {

absl::Status Review(Batch& batch, const identity::DeviceAddress& device, Repair repair) {
  if (!IsOpen(&repair)) {
    batch.repairs.Erase(device);
    return OkStatus();
  }
  if (!MayTalk(batch, device.account) || batch.refused.devices.contains(device)) {
    PAWL_TRY(End(batch, device, Code::kCancelled, 0));
    batch.repairs.Erase(device);
    return OkStatus();
  }
  if (batch.now - repair.began_at >= kRepairLifetime) return End(batch, device, Code::kExpired, 0);
  // A question that still waits here need not be asked again.
  if (batch.PendingCount(device) > 0) {
    repair.not_before = batch.now + Patience(repair.attempts);
    batch.repairs.Set(device, repair);
    return OkStatus();
  }
  if (repair.attempts > 0) PAWL_TRY(BeginAnew(batch, device));
  return Ask(batch, device, repair);
}

}  // namespace

absl::Status ReviewRepairs(Batch& batch) {
  if (batch.standing != store::OpenedState::kCurrent) return OkStatus();
  for (const auto& [device, stored] : batch.state.repairs) {
    const Repair* repair = batch.repairs.Find(device);
    if (!repair || repair->not_before > batch.now) continue;
    batch.at_work.device = device;
    PAWL_TRY(Review(batch, device, *repair));
  }
  batch.at_work = {};
  return OkStatus();
}

Timestamp NextRepair(const State& state) {
  Timestamp next = kNever;
  if (state.standing != store::OpenedState::kCurrent) return next;
  for (const auto& [device, repair] : state.repairs) next = std::min(next, repair.not_before);
  return next;
}

}  // namespace pawl::client
