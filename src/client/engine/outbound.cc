#include "client/engine/outbound.h"

#include <algorithm>
#include <utility>

#include "client/engine/contacts.h"
#include "client/engine/conversation.h"
#include "client/engine/fanout.h"
#include "client/engine/inbox.h"
#include "client/engine/own_devices.h"
#include "client/engine/reducers.h"
#include "session/envelope.h"
#include "wire/content.h"

namespace pawl::client {
namespace {

// Rows in the outbox: beyond it new messages are refused, so that a recipient who never comes back
// cannot fill the disk.
constexpr size_t kMaxQueued = 50'000;

// What fits whatever the suite and with the handshake beside it, less the wrapping of the copy for
// own devices.
size_t MaxContent() {
  constexpr size_t kCopyOverhead = 512;
  return std::min(session::MaxContentSize(crypto::Suite::kAegis256, session::WithHandshake::kYes),
                  session::MaxContentSize(crypto::Suite::kXChaCha20Poly1305,
                                          session::WithHandshake::kYes)) -
         kCopyOverhead;
}

}  // namespace

absl::Status CheckRecipient(const Batch& batch, const identity::Address& to) {
  if (!batch.self || batch.setup == Setup::kNone || batch.setup == Setup::kImporting) {
    return Fail(Code::kWrongState, "no account yet");
  }
  const Peer* peer = batch.peers.Find(to);
  if (peer && peer->blocked()) return Fail(Code::kBlocked, "the recipient is blocked");
  if (peer && peer->pending) return Fail(Code::kIdentityChanged, "accept the identity first");
  if (batch.state.outbox.size() + batch.new_items.size() > kMaxQueued) {
    return Fail(Code::kQuotaExceeded, "too many messages wait");
  }
  return OkStatus();
}

absl::Status TouchConversation(Batch& batch, const ConversationId& conversation,
                               const identity::Address& peer, uint32_t unread) {
  PAWL_ASSIGN(const auto known, batch.tx.conversations().Find(conversation));
  if (known) return batch.tx.conversations().Touch(conversation, batch.now, unread);
  store::ConversationRow row;
  row.id = conversation;
  row.peer = peer.ToString();
  row.created_at = row.last_activity_at = batch.now;
  row.unread = unread;
  return batch.tx.conversations().Save(row);
}

absl::Status InsertOwnMessage(Batch& batch, const identity::Address& to, ByteView content,
                              const wire::fb::Content& parsed, store::MessageState state,
                              DeviceId from) {
  const ConversationId conversation = ConversationOf(batch.own_address(), to);
  const uint32_t timer = parsed.expires_in_s();
  const Timestamp expires_at = timer == 0 ? kNever : batch.now + Seconds(timer);
  batch.next_expiry = std::min(batch.next_expiry, expires_at);
  PAWL_TRY(batch.tx.messages()
               .Insert({.name = {conversation, batch.own_address().ToString(),
                                 wire::ToMessageId(*parsed.id())},
                        .direction = store::Direction::kOutgoing,
                        .sender_device = from,
                        .sent_at = Timestamp{parsed.sent_at_ms()},
                        .received_at = batch.now,
                        .content = content,
                        .state = state,
                        .expires_at = expires_at})
               .status());
  return TouchConversation(batch, conversation, to, 0);
}

absl::Status RecordQueued(Batch& batch, const identity::Address& to, const MessageId& message,
                          store::MessageState state) {
  Event event;
  event.kind = EventKind::kMessageState;
  event.peer = to;
  event.conversation = ConversationOf(batch.own_address(), to);
  event.message = message;
  event.state = static_cast<MessageState>(state);
  return Record(batch, event);
}

absl::Status DispatchMessage(Batch& batch, const identity::Address& to, const MessageId& message,
                             ByteView content) {
  const ConversationId conversation = ConversationOf(batch.own_address(), to);
  if (!batch.IsOwn(to)) {
    PAWL_TRY(IntroduceOurselves(batch, to));
    PAWL_TRY(SendToAccount(batch, to,
                           {.content = content,
                            .conversation = conversation,
                            .cls = store::OutboxClass::kMessage,
                            .message = message}));
  }
  return CopyToOwnDevices(batch, to, message, content);
}

absl::Status Reduce(Batch& batch, RequestId request, const SendMessage& command) {
  PAWL_TRY(CheckRecipient(batch, command.to));
  const ByteView content = command.content.view();
  if (content.size() > MaxContent()) return Fail(Code::kTooLarge, "send it as an attachment");
  PAWL_ASSIGN(const auto parsed, wire::VerifyContent(content));
  const bool note = batch.IsOwn(command.to);
  const auto state = note ? store::MessageState::kConfirmed : store::MessageState::kQueued;
  if (wire::ToMessageId(*parsed->id()) != command.id ||
      wire::ToConversationId(*parsed->conversation()) !=
          ConversationOf(batch.own_address(), command.to)) {
    return Fail(Code::kInvalidArgument, "content of another message or conversation");
  }
  PAWL_TRY(InsertOwnMessage(batch, command.to, content, *parsed, state,
                            batch.self->device.address.device));
  PAWL_TRY(ApplyToHistory(batch, command.to, batch.own_address(), *parsed));
  PAWL_TRY(RecordQueued(batch, command.to, command.id, state));
  PAWL_TRY(DispatchMessage(batch, command.to, command.id, content));
  batch.Complete(request, Code::kOk);
  return OkStatus();
}

absl::Status Reduce(Batch& batch, RequestId request, const SendTyping& command) {
  const Peer* peer = batch.peers.Find(command.peer);
  batch.Complete(request, Code::kOk);
  // Who is offline, a stranger or not reachable by its key hears nothing: it is worth nothing
  // later.
  if (!batch.anonymous_up || !peer || !peer->accepted() || !peer->list || !peer->delivery_key) {
    return OkStatus();
  }
  PAWL_ASSIGN(const auto content,
              wire::Build(ControlHeader(batch, command.peer), wire::Typing{command.active}));
  for (const identity::DeviceEntry& device : peer->list->fields().devices) {
    const identity::DeviceAddress to{command.peer, device.id};
    if (batch.PendingCount(to) > 0) continue;
    auto frame = SealOnly(batch, to, content.view());
    if (!frame.ok()) continue;
    batch.ephemeral.push_back({{.to = to,
                                .id = EnvelopeId(batch.rng.Array<16>()),
                                .envelope = *std::move(frame),
                                .ttl = Minutes(1),
                                .urgent = false,
                                .ephemeral = true,
                                .delivery_key = peer->delivery_key}});
  }
  return OkStatus();
}

}  // namespace pawl::client
