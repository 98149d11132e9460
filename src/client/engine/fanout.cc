#include "client/engine/fanout.h"

#include <algorithm>
#include <utility>

#include "client/engine/devices.h"
#include "session/convergence.h"

namespace pawl::client {
namespace {

// Rows of waiting content looked at in one go: at most 64 KiB each.
constexpr size_t kFanoutPage = 64;
constexpr size_t kLargestPage = 4096;

Timestamp ExpiryOf(const Batch& batch, const Outgoing& out) {
  return out.expires_at.value_or(batch.now + batch.state.config.envelope_ttl);
}

absl::Status Wait(Batch& batch, const identity::DeviceAddress& to, const Outgoing& out,
                  store::PendingReason reason) {
  const std::string address = to.account.ToString();
  PAWL_TRY(batch.tx.pending()
               .Add({.message = out.message,
                     .conversation = out.conversation,
                     .address = address,
                     .device = to.device,
                     .content = out.content,
                     .cls = out.cls,
                     .reason = reason,
                     .created_at = batch.now,
                     .not_before = out.not_before,
                     .expires_at = ExpiryOf(batch, out)})
               .status());
  ++batch.pending_changes[to];
  batch.Want(to);
  return OkStatus();
}

absl::StatusOr<Bytes> SealOn(Batch& batch, const SessionEntry& entry, ByteView content) {
  const identity::DeviceList* list = ListOf(batch, entry.session.remote().account);
  const session::ListRefs refs{.sender = batch.self->list.ref(),
                               .recipient = list ? list->ref() : identity::ListRef{}};
  auto frame = batch.sessions.StageOf(entry.id).Seal(content, refs, batch.now, batch.rng);
  if (frame.ok()) batch.sessions.Sealed(entry.id);
  return frame;
}

absl::Status Enqueue(Batch& batch, const SessionEntry& entry, const Outgoing& out, Bytes frame) {
  const identity::DeviceAddress& to = entry.session.remote();
  const std::string address = to.account.ToString();
  const EnvelopeId envelope(batch.rng.Array<16>());
  PAWL_ASSIGN(const store::OutboxId row,
              batch.tx.outbox().Add({.message = out.message,
                                     .conversation = out.conversation,
                                     .address = address,
                                     .device = to.device,
                                     .session = entry.id,
                                     .envelope = envelope,
                                     .frame = frame,
                                     .cls = out.cls,
                                     .created_at = batch.now,
                                     .not_before = out.not_before,
                                     .expires_at = ExpiryOf(batch, out)}));
  const OutboxItem item{.id = row,
                        .envelope = envelope,
                        .size = static_cast<uint32_t>(frame.size()),
                        .urgent = out.cls == store::OutboxClass::kMessage,
                        .not_before = out.not_before,
                        .expires_at = ExpiryOf(batch, out)};
  batch.new_items.push_back({to, item, std::move(frame)});
  return OkStatus();
}

// Sealing on it would fail.
bool IsWornOut(const Batch& batch, const SessionEntry& entry) {
  const session::Stage* stage = batch.sessions.FindStage(entry.id);
  return stage ? stage->NeedsFreshSession(batch.now) : entry.session.NeedsFreshSession(batch.now);
}

// The latest of our handshakes that may still be answered.
const SessionEntry* NewestUnanswered(const Batch& batch,
                                     const std::vector<const SessionEntry*>& entries) {
  const SessionEntry* newest = nullptr;
  for (const SessionEntry* entry : entries) {
    if (entry->session.confirmed() || IsWornOut(batch, *entry)) continue;
    if (!newest || entry->id > newest->id) newest = entry;
  }
  return newest;
}

Outgoing AsOutgoing(const store::PendingRow& row) {
  return {.content = row.content.Expose(),
          .conversation = row.conversation,
          .cls = row.cls,
          .message = row.message,
          .not_before = row.not_before,
          .expires_at = row.expires_at};
}

absl::Status Expand(Batch& batch, const identity::Address& account, const store::PendingRow& row,
                    const identity::DeviceList& list) {
  PAWL_TRY(batch.tx.pending().Erase(row.id));
  --batch.pending_changes[WholeAccount(account)];
  for (const identity::DeviceEntry& device : list.fields().devices) {
    const identity::DeviceAddress to{account, device.id};
    if (to != batch.self->device.address) PAWL_TRY(SendToDevice(batch, to, AsOutgoing(row)));
  }
  return OkStatus();
}

}  // namespace

const identity::DeviceList* ListOf(const Batch& batch, const identity::Address& account) {
  if (batch.IsOwn(account)) return &batch.self->list;
  const Peer* peer = batch.peers.Find(account);
  return peer && peer->list ? &*peer->list : nullptr;
}

const SessionEntry* SendableSession(const Batch& batch, const identity::DeviceAddress& to) {
  // Chains of an older copy: a lost future has used them, too.
  if (batch.standing != store::OpenedState::kCurrent) return nullptr;
  auto entries = batch.sessions.With(to);
  std::erase_if(entries, [&](const auto* entry) { return batch.sessions.IsRetired(entry->id); });
  std::vector<const session::Session*> sessions;
  sessions.reserve(entries.size());
  for (const SessionEntry* entry : entries) sessions.push_back(&entry->session);
  const session::Session* chosen = session::SendingSession(sessions);
  const auto at = std::find_if(entries.begin(), entries.end(), [&](const SessionEntry* entry) {
    return &entry->session == chosen;
  });
  if (at == entries.end()) return nullptr;
  if (!IsWornOut(batch, **at)) return *at;
  // A confirmed one is displaced by the session that takes its place; a handshake that nobody
  // answered is not, where both were to displace the same third one.
  return chosen->confirmed() ? nullptr : NewestUnanswered(batch, entries);
}

absl::StatusOr<Bytes> SealOnly(Batch& batch, const identity::DeviceAddress& to, ByteView content) {
  const SessionEntry* entry = SendableSession(batch, to);
  if (!entry) return Fail(Code::kNotFound, "no session");
  return SealOn(batch, *entry, content);
}

absl::Status SendToDevice(Batch& batch, const identity::DeviceAddress& to, const Outgoing& out) {
  if (batch.PendingCount(to) > 0) return Wait(batch, to, out, store::PendingReason::kNeedsBundle);
  const SessionEntry* entry = SendableSession(batch, to);
  if (!entry) return Wait(batch, to, out, store::PendingReason::kNeedsBundle);
  auto frame = SealOn(batch, *entry, out.content);
  // One device's session must not stand in the way of all others.
  if (!frame.ok()) return Wait(batch, to, out, store::PendingReason::kNeedsBundle);
  return Enqueue(batch, *entry, out, *std::move(frame));
}

absl::Status SendToAccount(Batch& batch, const identity::Address& account, const Outgoing& out) {
  const Peer* peer = batch.peers.Find(account);
  const identity::DeviceAddress whole = WholeAccount(account);
  if (peer && peer->pending) {
    return Wait(batch, whole, out, store::PendingReason::kIdentityChanged);
  }
  const identity::DeviceList* list = ListOf(batch, account);
  if (!list || batch.PendingCount(whole) > 0) {
    return Wait(batch, whole, out, store::PendingReason::kNeedsDirectory);
  }
  for (const identity::DeviceEntry& device : list->fields().devices) {
    const identity::DeviceAddress to{account, device.id};
    if (to != batch.self->device.address) PAWL_TRY(SendToDevice(batch, to, out));
  }
  return OkStatus();
}

absl::Status ResolveAccount(Batch& batch, const identity::Address& account) {
  const Peer* peer = batch.peers.Find(account);
  const identity::DeviceList* list = ListOf(batch, account);
  if (!list || (peer && peer->pending)) return OkStatus();
  const std::string address = account.ToString();
  size_t page = kFanoutPage;
  while (batch.PendingCount(WholeAccount(account)) > 0 && page <= kLargestPage) {
    PAWL_ASSIGN(const auto rows, batch.tx.pending().LoadFor(address, DeviceId(0), page));
    bool any = false;
    for (const store::PendingRow& row : rows) {
      if (*row.device != 0) continue;
      PAWL_TRY(Expand(batch, account, row, *list));
      any = true;
    }
    // Rows of single devices may stand before those of the whole account.
    if (!any) page *= 4;
  }
  return OkStatus();
}

absl::Status ResolveDevice(Batch& batch, const identity::DeviceAddress& to) {
  const std::string address = to.account.ToString();
  while (batch.PendingCount(to) > 0) {
    PAWL_ASSIGN(const auto rows, batch.tx.pending().LoadFor(address, to.device, kFanoutPage));
    if (rows.empty()) break;
    for (const store::PendingRow& row : rows) {
      const SessionEntry* entry = SendableSession(batch, to);
      if (!entry) {
        batch.Want(to);
        return OkStatus();
      }
      auto frame = SealOn(batch, *entry, row.content.Expose());
      if (!frame.ok()) {
        PAWL_TRY(FailPendingRow(batch, row, pawl::CodeOf(frame.status())));
        continue;
      }
      PAWL_TRY(Enqueue(batch, *entry, AsOutgoing(row), *std::move(frame)));
      PAWL_TRY(batch.tx.pending().Erase(row.id));
      --batch.pending_changes[to];
    }
  }
  return OkStatus();
}

absl::Status Postpone(Batch& batch, const identity::DeviceAddress& to, store::PendingReason reason,
                      Code code, Timestamp not_before) {
  PAWL_ASSIGN(const auto rows,
              batch.tx.pending().LoadFor(to.account.ToString(), to.device, kFanoutPage));
  for (const store::PendingRow& row : rows) {
    if (row.device != to.device) continue;
    PAWL_TRY(batch.tx.pending().Retry(row.id, reason, not_before));
    if (row.reason == reason || row.cls != store::OutboxClass::kMessage) continue;
    PAWL_TRY(NoteHeldUp(batch, to.account, row.conversation, row.message, code));
  }
  return OkStatus();
}

}  // namespace pawl::client
