#include "client/engine/devices.h"

#include <utility>

#include "client/engine/fanout.h"
#include "client/engine/inbox.h"
#include "client/engine/repair.h"

namespace pawl::client {
namespace {

constexpr size_t kDevicePage = 64;

absl::Status RecordDevice(Batch& batch, EventKind kind, const identity::DeviceAddress& device) {
  Event event;
  event.kind = kind;
  event.peer = device.account;
  event.device = device.device;
  return Record(batch, event);
}

absl::Status ForgetDevice(Batch& batch, const identity::DeviceAddress& device) {
  for (const SessionEntry* entry : batch.sessions.With(device)) {
    PAWL_TRY(batch.tx.sessions().Erase(entry->id));
    batch.sessions.Erase(entry->id);
  }
  PAWL_TRY(FailQueued(batch, device, Code::kDeviceNotListed));
  PAWL_TRY(FailWaiting(batch, device, Code::kDeviceNotListed));
  PAWL_TRY(batch.tx.peer_devices().Erase(device.account.ToString(), device.device));
  batch.fetches.push_back({.what = device, .kind = Batch::FetchChange::Kind::kDone});
  PAWL_TRY(AbandonRepair(batch, device));
  return RecordDevice(batch, EventKind::kDeviceRemoved, device);
}

// Where what is left of a message stands.
enum class Whereabouts { kHere, kAtRelay, kNowhere };
absl::StatusOr<Whereabouts> Locate(Batch& batch, const ConversationId& conversation,
                                   const MessageId& message) {
  PAWL_ASSIGN(const auto counts, batch.tx.outbox().Count(conversation, message));
  if (counts.queued > 0) return Whereabouts::kHere;
  // A copy that waits for a device of our own is not the message.
  PAWL_ASSIGN(const auto waiting, batch.tx.pending().LoadMessage(message));
  for (const store::PendingRow& row : waiting) {
    if (row.cls == store::OutboxClass::kMessage) return Whereabouts::kHere;
  }
  return counts.at_relay > 0 ? Whereabouts::kAtRelay : Whereabouts::kNowhere;
}

// One device less that it may reach.
absl::Status FailMessage(Batch& batch, const std::string& address,
                         const ConversationId& conversation, const MessageId& message, Code code) {
  PAWL_ASSIGN(const Whereabouts rest, Locate(batch, conversation, message));
  if (rest == Whereabouts::kHere) return OkStatus();
  PAWL_ASSIGN(const auto peer, identity::Address::Parse(address));
  if (rest == Whereabouts::kNowhere) {
    return Advance(batch, peer, message, store::MessageState::kFailed, code).status();
  }
  return Advance(batch, peer, message, store::MessageState::kAtRelay).status();
}

}  // namespace

absl::Status NoteAtRelay(Batch& batch, const identity::Address& peer,
                         const ConversationId& conversation, const MessageId& message) {
  PAWL_ASSIGN(const Whereabouts rest, Locate(batch, conversation, message));
  if (rest != Whereabouts::kAtRelay) return OkStatus();
  return Advance(batch, peer, message, store::MessageState::kAtRelay).status();
}

absl::Status NoteHeldUp(Batch& batch, const identity::Address& peer,
                        const ConversationId& conversation, const MessageId& message, Code code) {
  const std::string own = batch.own_address().ToString();
  PAWL_ASSIGN(const auto state, batch.tx.messages().FindState({conversation, own, message}));
  if (state != store::MessageState::kQueued) return OkStatus();
  Event event;
  event.kind = EventKind::kMessageState;
  event.peer = peer;
  event.conversation = conversation;
  event.message = message;
  event.state = MessageState::kQueued;
  event.code = code;
  return Record(batch, event);
}

absl::Status FailRow(Batch& batch, const store::OutboxRow& row, Code code) {
  PAWL_TRY(batch.tx.outbox().Erase(row.id));
  if (row.cls != store::OutboxClass::kMessage) return OkStatus();
  return FailMessage(batch, row.address, row.conversation, row.message, code);
}

absl::Status FailPendingRow(Batch& batch, const store::PendingRow& row, Code code) {
  PAWL_TRY(batch.tx.pending().Erase(row.id));
  PAWL_ASSIGN(auto account, identity::Address::Parse(row.address));
  --batch.pending_changes[{std::move(account), row.device}];
  if (row.cls != store::OutboxClass::kMessage) return OkStatus();
  return FailMessage(batch, row.address, row.conversation, row.message, code);
}

absl::Status FailQueued(Batch& batch, const identity::DeviceAddress& to, Code code) {
  const std::string address = to.account.ToString();
  for (;;) {
    PAWL_ASSIGN(const auto rows, batch.tx.outbox().LoadFor(address, to.device, kDevicePage));
    for (const store::OutboxRow& row : rows) PAWL_TRY(FailRow(batch, row, code));
    if (rows.empty()) break;
  }
  batch.erased_queues.push_back(to);
  std::erase_if(batch.new_items, [&](const auto& item) { return item.to == to; });
  return OkStatus();
}

absl::Status FailWaiting(Batch& batch, const identity::DeviceAddress& to, Code code) {
  const std::string address = to.account.ToString();
  size_t page = kDevicePage;
  while (batch.PendingCount(to) > 0) {
    PAWL_ASSIGN(const auto rows, batch.tx.pending().LoadFor(address, to.device, page));
    bool any = false;
    for (const store::PendingRow& row : rows) {
      if (row.device != to.device) continue;
      PAWL_TRY(FailPendingRow(batch, row, code));
      any = true;
    }
    if (!any && rows.size() < page) break;
    if (!any) page *= 4;
  }
  return OkStatus();
}

absl::Status FollowDevices(Batch& batch, const identity::Address& account,
                           const identity::DeviceList& before, const identity::DeviceList& after) {
  for (const identity::DeviceEntry& old : before.fields().devices) {
    const identity::DeviceEntry* now = after.Find(old.id);
    if (now && now->signing_key == old.signing_key) continue;
    PAWL_TRY(ForgetDevice(batch, {account, old.id}));
  }
  for (const identity::DeviceEntry& entry : after.fields().devices) {
    const identity::DeviceEntry* old = before.Find(entry.id);
    if (old && old->signing_key == entry.signing_key) continue;
    PAWL_TRY(RecordDevice(batch, EventKind::kDeviceAdded, {account, entry.id}));
  }
  return OkStatus();
}

absl::Status DropDevices(Batch& batch, const identity::Address& account,
                         const identity::DeviceList& list) {
  for (const identity::DeviceEntry& entry : list.fields().devices) {
    PAWL_TRY(ForgetDevice(batch, {account, entry.id}));
  }
  return OkStatus();
}

absl::StatusOr<session::RemoteDevice> RemoteOf(const Batch& batch,
                                               const identity::DeviceAddress& device) {
  const identity::DeviceList* list = ListOf(batch, device.account);
  if (!list) return Fail(Code::kNotFound, "the account's device list is not known");
  const identity::DeviceEntry* entry = list->Find(device.device);
  if (!entry) return Fail(Code::kDeviceNotListed, "not in the account's device list");
  return session::RemoteDevice{.address = device,
                               .account_key = list->fields().account_key,
                               .signing_key = entry->signing_key};
}

}  // namespace pawl::client
