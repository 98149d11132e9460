#include <string>
#include <utility>

#include "client/engine/app_content.h"
#include "client/engine/contacts.h"
#include "client/engine/conversation.h"
#include "client/engine/directory.h"
#include "client/engine/inbound.h"
#include "client/engine/inbox.h"
#include "client/engine/outbound.h"
#include "client/engine/own_devices.h"
#include "client/engine/receipts.h"
#include "client/engine/repair.h"
#include "client/engine/transfers.h"
#include "wire/content.h"

namespace pawl::client {
namespace {

namespace fb = wire::fb;
using identity::DeviceAddress;

absl::Status OnMessage(Batch& batch, const DeviceAddress& from, ByteView bytes,
                       const fb::Content& content) {
  const identity::Address& peer = from.account;
  PAWL_TRY(NoteStranger(batch, peer, ""));
  const ConversationId conversation = ConversationOf(batch.own_address(), peer);
  const MessageId message = wire::ToMessageId(*content.id());
  const auto inserted =
      batch.tx.messages().Insert({.name = {conversation, peer.ToString(), message},
                                  .direction = store::Direction::kIncoming,
                                  .sender_device = from.device,
                                  .sent_at = Timestamp{content.sent_at_ms()},
                                  .received_at = batch.now,
                                  .content = bytes});
  // Ours already, from another session or another device of theirs: confirmed all the same.
  batch.to_confirm[from].push_back(message);
  if (CodeOf(inserted.status()) == Code::kAlreadyExists) return OkStatus();
  PAWL_TRY(inserted.status());
  PAWL_TRY(TouchConversation(batch, conversation, peer, 1));
  PAWL_TRY(ApplyToHistory(batch, peer, peer, content));
  Event event;
  event.kind = EventKind::kMessage;
  event.peer = peer;
  event.device = from.device;
  event.conversation = conversation;
  event.message = message;
  return Record(batch, event);
}

void OnTyping(Batch& batch, const DeviceAddress& from, const fb::Typing& body) {
  const Peer* peer = batch.peers.Find(from.account);
  if (!peer || !peer->accepted()) return;
  Event event;
  event.kind = EventKind::kTyping;
  event.at = batch.now;
  event.peer = from.account;
  event.device = from.device;
  event.active = body.active();
  batch.effects.events.push_back(std::move(event));
}

absl::Status FromPeer(Batch& batch, const DeviceAddress& from, ByteView bytes,
                      const fb::Content& content) {
  const ConversationId expected = ConversationOf(batch.own_address(), from.account);
  if (wire::ToConversationId(*content.conversation()) != expected) return OkStatus();
  if (IsForTheApp(content)) return OnMessage(batch, from, bytes, content);
  if (const auto* b = content.body_as_Confirmed()) return OnConfirmed(batch, from, *b);
  if (const auto* b = content.body_as_Receipt()) return OnReceipt(batch, from, *b);
  if (const auto* b = content.body_as_ContactRequest()) {
    return OnContactRequest(batch, from.account, *b);
  }
  if (const auto* b = content.body_as_ContactAnswer()) {
    return OnContactAnswer(batch, from.account, *b);
  }
  if (const auto* b = content.body_as_DeliveryKey()) return OnDeliveryKey(batch, from.account, *b);
  if (const auto* b = content.body_as_Resume()) return OnResume(batch, from, *b);
  if (const auto* b = content.body_as_Typing()) OnTyping(batch, from, *b);
  return OkStatus();  // syncing is for devices of one account
}

absl::Status FromOwnDevice(Batch& batch, const DeviceAddress& from, const fb::Content& content) {
  if (const auto* b = content.body_as_SyncSent()) return OnSyncSent(batch, from.device, *b);
  if (const auto* b = content.body_as_SyncRead()) return OnSyncRead(batch, *b);
  if (const auto* b = content.body_as_Confirmed()) return OnConfirmed(batch, from, *b);
  if (const auto* b = content.body_as_Resume()) return OnResume(batch, from, *b);
  if (const auto* b = content.body_as_SyncContact()) return OnSyncContact(batch, from.device, *b);
  if (const auto* b = content.body_as_DeliveryKey()) return OnDeliveryKey(batch, from.account, *b);
  return OkStatus();
}

}  // namespace

absl::Status TakeContent(Batch& batch, const session::Session& session,
                         const session::Opened& opened) {
  const DeviceAddress from = session.remote();
  const Peer* peer = batch.peers.Find(from.account);
  if (peer && peer->blocked()) return OkStatus();
  PAWL_TRY(CheckListRefs(batch, from.account, opened.refs));
  const ByteView bytes = opened.content.Expose();
  // Authenticate before you parse: these are the sender's bytes, whoever the sender is.
  const auto content = wire::VerifyContent(bytes);
  if (!content.ok()) return OkStatus();
  if (batch.IsOwn(from.account)) return FromOwnDevice(batch, from, **content);
  return FromPeer(batch, from, bytes, **content);
}

absl::Status ApplyToHistory(Batch& batch, const identity::Address& peer,
                            const identity::Address& sender, const fb::Content& content) {
  const auto* deletion = content.body_as_Delete();
  if (!deletion) return OkStatus();
  const std::string author = sender.ToString();
  const ConversationId conversation = ConversationOf(batch.own_address(), peer);
  const MessageId message = wire::ToMessageId(*deletion->of());
  const absl::Status erased = batch.tx.messages().EraseContent({conversation, author, message});
  if (CodeOf(erased) == Code::kNotFound) return OkStatus();
  batch.erased_content = true;
  PAWL_TRY(erased);
  return batch.IsOwn(sender) ? CancelUpload(batch, conversation, message) : OkStatus();
}

}  // namespace pawl::client
