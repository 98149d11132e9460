#include "client/engine/repair.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_set.h"
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

// What is sent to it from now on needs a fresh session.
absl::Status Abandon(Batch& batch, const identity::DeviceAddress& device) {
  return RetireSessions(batch, device, DeviceEpoch(UINT32_MAX));
}

absl::Status End(Batch& batch, const identity::DeviceAddress& device, Code code, uint32_t lost) {
  batch.repairs.Erase(device);
  return RecordRepair(batch, EventKind::kRepaired, device, code, lost);
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
  if (WasAnsweredLately(batch, from)) return OkStatus();
  PAWL_ASSIGN(const uint32_t lost, CountLost(batch, from, body.last()));
  PAWL_TRY(RetransmitWindow(batch, from));
  batch.to_resume[from] = lost;
  if (batch.IsOwn(from.account)) return SyncAllContacts(batch, from);
  PAWL_TRY(SayAcceptedAgain(batch, from));
  return SayWhatWasHeldBack(batch, from.account);
}

}  // namespace

Ailment AilmentOf(Code why) {
  if (IsOneOf(why, {Code::kAuthFailed, Code::kMalformed})) return Ailment::kMessage;
  // Another message under a number that is used up: one side goes on from an older state.
  if (IsOneOf(why, {Code::kReplayed, Code::kTooFarAhead})) return Ailment::kSession;
  return Ailment::kNone;
}

absl::Status BeginRepair(Batch& batch, const identity::DeviceAddress& device, Code reason) {
  if (!MayTalk(batch, device.account) || batch.repairs.Find(device)) return OkStatus();
  if (AilmentOf(reason) == Ailment::kSession) PAWL_TRY(Abandon(batch, device));
  PAWL_TRY(RecordRepair(batch, EventKind::kUndecryptable, device, reason));
  return Ask(batch, device, {.reason = reason, .began_at = batch.now});
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
      PAWL_TRY(Ask(batch, device, {.reason = reason, .began_at = batch.now}));
    }
  }
  return OkStatus();
}

void AbandonRepair(Batch& batch, const identity::DeviceAddress& device) {
  if (batch.repairs.Find(device)) batch.repairs.Erase(device);
}

absl::Status OnResume(Batch& batch, const identity::DeviceAddress& from,
                      const wire::fb::Resume& body) {
  if (!MayTalk(batch, from.account)) return OkStatus();
  if (!body.answer()) return Answer(batch, from, body);
  if (!batch.repairs.Find(from)) return OkStatus();  // we did not ask
  PAWL_TRY(RetransmitWindow(batch, from));
  return End(batch, from, Code::kOk, body.lost());
}

absl::Status AnswerResumes(Batch& batch) {
  for (const auto& [device, lost] : batch.to_resume) {
    if (batch.refused.devices.contains(device)) continue;
    batch.at_work.device = device;
    PAWL_TRY(SendResume(batch, device, true, lost));
  }
  return OkStatus();
}

absl::Status ReviewRepairs(Batch& batch) {
  for (const auto& [device, stored] : batch.state.repairs) {
    const Repair* repair = batch.repairs.Find(device);
    if (!repair || repair->not_before > batch.now) continue;
    batch.at_work.device = device;
    if (!MayTalk(batch, device.account) || batch.refused.devices.contains(device)) {
      batch.repairs.Erase(device);
    } else if (batch.now - repair->began_at >= kRepairLifetime) {
      PAWL_TRY(End(batch, device, Code::kExpired, 0));
    } else {
      const Repair again = *repair;
      // A question that still waits here need not be asked again.
      if (batch.PendingCount(device) == 0) PAWL_TRY(Abandon(batch, device));
      PAWL_TRY(Ask(batch, device, again));
    }
  }
  batch.at_work = {};
  return OkStatus();
}

Timestamp NextRepair(const State& state) {
  Timestamp next = kNever;
  for (const auto& [device, repair] : state.repairs) next = std::min(next, repair.not_before);
  return next;
}

}  // namespace pawl::client
