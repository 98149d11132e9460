#include "client/engine/receipts.h"

#include <algorithm>
#include <span>
#include <string>
#include <utility>

#include "absl/container/btree_set.h"
#include "client/engine/contacts.h"
#include "client/engine/conversation.h"
#include "client/engine/fanout.h"
#include "client/engine/inbox.h"
#include "client/engine/own_devices.h"
#include "client/engine/reducers.h"

namespace pawl::client {
namespace {

constexpr size_t kReceiptPage = 128;
constexpr uint32_t kHeldBack = 1000;  // messages looked at when a peer is accepted

using ByPeer = absl::btree_map<identity::Address, std::vector<MessageId>>;

absl::Status SendReceipts(Batch& batch, const identity::Address& peer,
                          std::span<const MessageId> messages, wire::fb::ReceiptKind kind) {
  const Peer* known = batch.peers.Find(peer);
  if (!known || !known->accepted()) return OkStatus();
  while (!messages.empty()) {
    const size_t count = std::min(messages.size(), wire::kMaxIdsPerContent);
    PAWL_TRY(SendControl(batch, peer, wire::Receipt{kind, messages.first(count)}));
    messages = messages.subspan(count);
  }
  return OkStatus();
}

// Messages of others whose events end with this acknowledgement.
absl::StatusOr<ByPeer> TakenMessages(Batch& batch, InboxSeq up_to) {
  ByPeer taken;
  InboxSeq after;
  for (;;) {
    PAWL_ASSIGN(const auto rows, batch.tx.inbox().Read(after, kReceiptPage));
    for (const store::InboxRow& row : rows) {
      if (row.seq > up_to) return taken;
      after = row.seq;
      if (row.kind != static_cast<uint16_t>(EventKind::kMessage)) continue;
      PAWL_ASSIGN(const Event event, DecodeEvent(row));
      if (!event.outgoing && event.peer) taken[*event.peer].push_back(event.message);
    }
    if (rows.size() < kReceiptPage) return taken;
  }
}

// Whose events the app has not acknowledged yet.
absl::StatusOr<absl::btree_set<MessageId>> Untaken(Batch& batch, const identity::Address& peer) {
  PAWL_ASSIGN(const ByPeer waiting, TakenMessages(batch, InboxSeq(UINT64_MAX)));
  const auto of_peer = waiting.find(peer);
  absl::btree_set<MessageId> untaken;
  if (of_peer != waiting.end()) untaken.insert(of_peer->second.begin(), of_peer->second.end());
  return untaken;
}

// Incoming messages not read yet, from `up_to` back, oldest first.
absl::StatusOr<std::vector<MessageId>> UnreadUpTo(Batch& batch, const ConversationId& conversation,
                                                  store::MessageRowId up_to, uint32_t unread) {
  std::vector<MessageId> found;
  std::optional<store::MessageRowId> before(*up_to + 1);
  while (found.size() < unread) {
    PAWL_ASSIGN(const auto rows, batch.tx.messages().History(conversation, before, kReceiptPage));
    for (const store::MessageRow& row : rows) {
      if (row.state == store::MessageState::kReceived) found.push_back(row.id);
      before = row.row;
    }
    if (rows.size() < kReceiptPage) break;
  }
  std::reverse(found.begin(), found.end());
  return found;
}

}  // namespace

absl::Status ConfirmArrivals(Batch& batch) {
  for (const auto& [device, messages] : batch.to_confirm) {
    const Peer* peer = batch.peers.Find(device.account);
    const bool may_hear = batch.IsOwn(device.account) || (peer && peer->accepted());
    if (!may_hear || batch.refused.devices.contains(device)) continue;
    batch.at_work.device = device;
    const Timestamp not_before = AnswerTime(batch, device.account);
    std::span<const MessageId> rest(messages);
    while (!rest.empty()) {
      const size_t count = std::min(rest.size(), wire::kMaxIdsPerContent);
      PAWL_ASSIGN(const auto content, wire::Build(ControlHeader(batch, device.account),
                                                  wire::Confirmed{rest.first(count)}));
      PAWL_TRY(SendToDevice(batch, device,
                            {.content = content.view(),
                             .conversation = ConversationOf(batch.own_address(), device.account),
                             .not_before = not_before}));
      rest = rest.subspan(count);
    }
  }
  return OkStatus();
}

absl::Status SayWhatWasHeldBack(Batch& batch, const identity::Address& peer,
                                std::optional<DeviceId> device) {
  const identity::DeviceList* list = ListOf(batch, peer);
  const ConversationId conversation = ConversationOf(batch.own_address(), peer);
  PAWL_ASSIGN(const auto rows, batch.tx.messages().History(conversation, std::nullopt, kHeldBack));
  PAWL_ASSIGN(const auto untaken, Untaken(batch, peer));
  std::vector<MessageId> taken;
  std::vector<MessageId> read;
  for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
    if (row->direction != store::Direction::kIncoming) continue;
    if (device && row->sender_device != *device) continue;
    if (list && list->Find(row->sender_device)) {
      batch.to_confirm[{peer, row->sender_device}].push_back(row->id);
    }
    if (row->state == store::MessageState::kRead) {
      read.push_back(row->id);
    } else if (!untaken.contains(row->id)) {
      taken.push_back(row->id);
    }
  }
  if (batch.state.config.delivered_receipts) {
    PAWL_TRY(SendReceipts(batch, peer, taken, wire::fb::ReceiptKind::Delivered));
  }
  return SendReceipts(batch, peer, read, wire::fb::ReceiptKind::Read);
}

absl::Status OnConfirmed(Batch& batch, const identity::DeviceAddress& from,
                         const wire::fb::Confirmed& body) {
  const std::string address = from.account.ToString();
  for (const wire::fb::Id16* id : *body.messages()) {
    const MessageId message = wire::ToMessageId(*id);
    // Only a device that was sent it can have it.
    PAWL_ASSIGN(const auto confirmed,
                batch.tx.outbox().EraseConfirmed(message, address, from.device));
    if (confirmed.empty()) continue;
    // The relay's own word on it may still be on its way, or be lost: nothing is to be sent again.
    for (store::OutboxId row : confirmed) {
      batch.answers.push_back({.to = from, .id = row, .taken = true});
    }
    PAWL_TRY(Advance(batch, from.account, message, store::MessageState::kConfirmed).status());
  }
  return OkStatus();
}

absl::Status OnReceipt(Batch& batch, const identity::DeviceAddress& from,
                       const wire::fb::Receipt& body) {
  const bool read = body.kind() == wire::fb::ReceiptKind::Read;
  const auto state = read ? store::MessageState::kRead : store::MessageState::kDelivered;
  const ConversationId conversation = ConversationOf(batch.own_address(), from.account);
  for (const wire::fb::Id16* id : *body.messages()) {
    const MessageId message = wire::ToMessageId(*id);
    PAWL_ASSIGN(const bool news, Advance(batch, from.account, message, state));
    if (!news) continue;
    Event event;
    event.kind = EventKind::kReceipt;
    event.peer = from.account;
    event.device = from.device;
    event.conversation = conversation;
    event.message = message;
    event.receipt = read ? ReceiptKind::kRead : ReceiptKind::kDelivered;
    PAWL_TRY(Record(batch, event));
  }
  return OkStatus();
}

absl::StatusOr<std::vector<MessageId>> SetRead(Batch& batch, const identity::Address& peer,
                                               const std::vector<MessageId>& messages) {
  const ConversationId conversation = ConversationOf(batch.own_address(), peer);
  const std::string sender = peer.ToString();
  std::vector<MessageId> news;
  for (const MessageId& message : messages) {
    const store::MessageName name{conversation, sender, message};
    PAWL_ASSIGN(const auto row, batch.tx.messages().Find(name));
    if (!row || row->state != store::MessageState::kReceived) continue;
    PAWL_TRY(batch.tx.messages().SetState(name, store::MessageState::kRead));
    const auto content = wire::VerifyContent(row->content.Expose());
    if (content.ok() && (*content)->expires_in_s() != 0) {
      const Timestamp expires_at = batch.now + Seconds((*content)->expires_in_s());
      batch.next_expiry = std::min(batch.next_expiry, expires_at);
      PAWL_TRY(batch.tx.messages().SetExpiry(name, expires_at));
    }
    news.push_back(message);
  }
  if (news.empty()) return news;
  PAWL_ASSIGN(const auto row, batch.tx.conversations().Find(conversation));
  if (row) {
    const auto seen = static_cast<uint32_t>(news.size());
    PAWL_TRY(batch.tx.conversations().SetUnread(conversation,
                                                row->unread > seen ? row->unread - seen : 0));
  }
  return news;
}

absl::Status Reduce(Batch& batch, RequestId request, const AckInbox& command) {
  if (!batch.self) return Fail(Code::kWrongState, "no account yet");
  const bool silent = batch.standing == store::OpenedState::kSuperseded;
  if (batch.state.config.delivered_receipts && !silent) {
    PAWL_ASSIGN(const ByPeer taken, TakenMessages(batch, command.up_to));
    for (const auto& [peer, messages] : taken) {
      PAWL_TRY(SendReceipts(batch, peer, messages, wire::fb::ReceiptKind::Delivered));
    }
  }
  PAWL_TRY(batch.tx.inbox().Ack(command.up_to));
  batch.Complete(request, Code::kOk);
  return OkStatus();
}

absl::Status Reduce(Batch& batch, RequestId request, const MarkRead& command) {
  if (!batch.self) return Fail(Code::kWrongState, "no account yet");
  const ConversationId conversation = ConversationOf(batch.own_address(), command.peer);
  PAWL_ASSIGN(const auto row,
              batch.tx.messages().Find({conversation, command.peer.ToString(), command.up_to}));
  if (!row) return Fail(Code::kNotFound, "no such message");
  PAWL_ASSIGN(const auto info, batch.tx.conversations().Find(conversation));
  PAWL_ASSIGN(const auto unread,
              UnreadUpTo(batch, conversation, row->row, info ? info->unread : 0));
  PAWL_ASSIGN(const auto news, SetRead(batch, command.peer, unread));
  if (!news.empty()) {
    PAWL_TRY(SendReceipts(batch, command.peer, news, wire::fb::ReceiptKind::Read));
    PAWL_TRY(SyncRead(batch, command.peer, news));
  }
  batch.Complete(request, Code::kOk);
  return OkStatus();
}

}  // namespace pawl::client
