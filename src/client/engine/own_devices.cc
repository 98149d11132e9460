#include "client/engine/own_devices.h"

#include <algorithm>
#include <span>
#include <string>
#include <utility>

#include "client/engine/contacts.h"
#include "client/engine/conversation.h"
#include "client/engine/fanout.h"
#include "client/engine/inbox.h"
#include "client/engine/outbound.h"
#include "client/engine/receipts.h"
#include "client/engine/repair.h"
#include "wire/content.h"

namespace pawl::client {
namespace {

bool IsAlone(const Batch& batch) { return batch.self->list.fields().devices.size() < 2; }

Outgoing AsCopy(Batch& batch, const wire::ContentBytes& content) {
  const identity::Address& own = batch.own_address();
  return {.content = content.view(),
          .conversation = ConversationOf(own, own),
          .cls = store::OutboxClass::kOwnCopy,
          .not_before = OwnCopyTime(batch)};
}

absl::Status SendCopy(Batch& batch, const absl::StatusOr<wire::ContentBytes>& content) {
  PAWL_TRY(content.status());
  return SendToAccount(batch, batch.own_address(), AsCopy(batch, *content));
}

absl::StatusOr<wire::ContentBytes> BuildContact(Batch& batch, const Peer& peer) {
  const std::string address = peer.address.ToString();
  const ByteView key = peer.delivery_key ? ByteView(*peer.delivery_key) : ByteView();
  return wire::Build(ControlHeader(batch, batch.own_address()),
                     wire::SyncContact{.address = address,
                                       .state = static_cast<uint8_t>(peer.state),
                                       .delivery_key = key,
                                       .name = peer.display_name,
                                       .version = peer.state_version});
}

}  // namespace

Timestamp OwnCopyTime(Batch& batch) {
  const Duration longest =
      std::clamp(batch.state.config.own_copy_delay, Milliseconds(0), kMaxOwnCopyDelay);
  const auto bound = static_cast<uint64_t>(longest.ms) + 1;
  return batch.now + Milliseconds(static_cast<int64_t>(batch.rng.Below(bound)));
}

Timestamp AnswerTime(Batch& batch, const identity::Address& account) {
  return batch.IsOwn(account) ? OwnCopyTime(batch) : Timestamp{};
}

absl::Status CopyToOwnDevices(Batch& batch, const identity::Address& to, const MessageId& message,
                              ByteView content) {
  if (IsAlone(batch)) return OkStatus();
  const std::string address = to.ToString();
  PAWL_ASSIGN(const auto copy, wire::Build(ControlHeader(batch, batch.own_address()),
                                           wire::SyncSent{address, content}));
  Outgoing out = AsCopy(batch, copy);
  out.message = message;
  return SendToAccount(batch, batch.own_address(), out);
}

absl::Status SyncContact(Batch& batch, const identity::Address& address) {
  if (IsAlone(batch)) return OkStatus();
  return SendCopy(batch, BuildContact(batch, *batch.peers.Find(address)));
}

absl::Status SyncAllContacts(Batch& batch, const identity::DeviceAddress& to) {
  for (const identity::Address& address : batch.peers.All()) {
    PAWL_ASSIGN(const auto content, BuildContact(batch, *batch.peers.Find(address)));
    PAWL_TRY(SendToDevice(batch, to, AsCopy(batch, content)));
  }
  return OkStatus();
}

absl::Status SyncRead(Batch& batch, const identity::Address& peer,
                      const std::vector<MessageId>& messages) {
  if (IsAlone(batch)) return OkStatus();
  const ConversationId conversation = ConversationOf(batch.own_address(), peer);
  std::span<const MessageId> rest(messages);
  while (!rest.empty()) {
    const size_t count = std::min(rest.size(), wire::kMaxIdsPerContent);
    PAWL_TRY(SendCopy(batch, wire::Build(ControlHeader(batch, batch.own_address()),
                                         wire::SyncRead{conversation, rest.first(count)})));
    rest = rest.subspan(count);
  }
  return OkStatus();
}

absl::Status OnSyncSent(Batch& batch, DeviceId from, const wire::fb::SyncSent& body) {
  const auto to = identity::Address::Parse(wire::ToText(*body.to()));
  if (!to.ok()) return OkStatus();
  const wire::ContentBytes content = wire::CopyContent(wire::ToView(*body.content()));
  const auto parsed = wire::VerifyContent(content.view());
  const ConversationId conversation = ConversationOf(batch.own_address(), *to);
  if (!parsed.ok() || wire::ToConversationId(*(*parsed)->conversation()) != conversation) {
    return OkStatus();
  }
  const MessageId message = wire::ToMessageId(*(*parsed)->id());
  batch.to_confirm[{batch.own_address(), from}].push_back(message);
  const absl::Status inserted =
      InsertOwnMessage(batch, *to, content.view(), **parsed, store::MessageState::kAtRelay, from);
  if (pawl::CodeOf(inserted) == Code::kAlreadyExists) return OkStatus();
  PAWL_TRY(inserted);
  PAWL_TRY(ApplyToHistory(batch, *to, batch.own_address(), **parsed));
  Event event;
  event.kind = EventKind::kMessage;
  event.peer = *to;
  event.device = from;
  event.conversation = conversation;
  event.message = message;
  event.outgoing = true;
  return Record(batch, event);
}

absl::Status OnSyncContact(Batch& batch, DeviceId from, const wire::fb::SyncContact& body) {
  const auto address = identity::Address::Parse(wire::ToText(*body.address()));
  constexpr auto kLast = static_cast<uint8_t>(store::ContactState::kBlocked);
  if (!address.ok() || body.state() > kLast || batch.IsOwn(*address)) return OkStatus();
  Peer& peer = batch.peers.Edit(*address, batch.now);
  const auto state = static_cast<store::ContactState>(body.state());
  const bool news = peer.Adopt(state, body.version());
  if (body.name()) peer.display_name = wire::ToText(*body.name());
  if (const auto* key = body.delivery_key(); key && key->size() == DeliveryKey().size()) {
    std::copy(key->begin(), key->end(), peer.delivery_key.emplace().begin());
  }
  if (!peer.list) batch.WantList(*address);
  if (!news) return OkStatus();
  if (peer.accepted()) {
    PAWL_TRY(SayWhatWasHeldBack(batch, *address));
    PAWL_TRY(RepairWhatWasLost(batch, from, *address));
  }
  Event event;
  event.kind = EventKind::kContactChanged;
  event.peer = *address;
  event.contact = static_cast<ContactState>(state);
  return Record(batch, event);
}

absl::Status OnSyncRead(Batch& batch, const wire::fb::SyncRead& body) {
  const ConversationId conversation = wire::ToConversationId(*body.conversation());
  PAWL_ASSIGN(const auto row, batch.tx.conversations().Find(conversation));
  if (!row) return OkStatus();
  PAWL_ASSIGN(const auto peer, identity::Address::Parse(row->peer));
  std::vector<MessageId> messages;
  for (const wire::fb::Id16* id : *body.messages()) messages.push_back(wire::ToMessageId(*id));
  PAWL_ASSIGN(const auto news, SetRead(batch, peer, messages));
  for (const MessageId& message : news) {
    Event event;
    event.kind = EventKind::kReadElsewhere;
    event.peer = peer;
    event.conversation = conversation;
    event.message = message;
    PAWL_TRY(Record(batch, event));
  }
  return OkStatus();
}

}  // namespace pawl::client
