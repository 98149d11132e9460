#include "client/engine/peek_content.h"

#include <utility>

#include "client/engine/app_content.h"
#include "client/engine/conversation.h"

namespace pawl::client {
namespace {

namespace fb = wire::fb;

bool IsStranger(const Peer& peer) {
  return peer.state == store::ContactState::kNone || peer.state == store::ContactState::kAsking;
}

// Nobody's request twice: who has asked before stands in the app's list already.
void OnRequest(const Peer& peer, const fb::ContactRequest& body, Peeked& out) {
  if (peer.state != store::ContactState::kNone) return;
  out.kind = PeekKind::kRequest;
  if (body.name()) out.name = wire::ToText(*body.name());
}

absl::Status OnMessage(store::Snapshot& snapshot, const Peer& peer, const fb::Content& content,
                       crypto::SecretBytes bytes, Peeked& out) {
  out.message = wire::ToMessageId(*content.id());
  out.sent_at = Timestamp{content.sent_at_ms()};
  const std::string sender = peer.address.ToString();
  PAWL_ASSIGN(const auto there,
              snapshot.tables().messages.FindState({out.conversation, sender, out.message}));
  if (there) {
    out.kind = PeekKind::kKnown;
    return OkStatus();
  }
  out.kind = IsStranger(peer) ? PeekKind::kRequest : PeekKind::kMessage;
  out.content = std::move(bytes);
  return OkStatus();
}

}  // namespace

absl::StatusOr<Peeked> PeekContent(store::Snapshot& snapshot, PeekPeople& people,
                                   const identity::DeviceAddress& from, session::Opened opened) {
  Peeked out;
  out.kind = PeekKind::kNothing;
  out.peer = from.account;
  out.device = from.device;
  // Copies from devices of our own are about what the user did elsewhere.
  if (from.account == people.self().address()) return out;
  PAWL_ASSIGN(const Peer* peer, people.Find(from.account));
  if (peer->blocked()) return out;
  // Authenticate before you parse: these are the sender's bytes, whoever the sender is.
  const auto content = wire::VerifyContent(opened.content.Expose());
  if (!content.ok()) {
    out.kind = PeekKind::kUnreadable;
    out.code = CodeOf(content);
    return out;
  }
  out.conversation = ConversationOf(people.self().address(), from.account);
  if (wire::ToConversationId(*(*content)->conversation()) != out.conversation) return out;
  if (const auto* body = (*content)->body_as_ContactRequest()) OnRequest(*peer, *body, out);
  if (!IsForTheApp(**content)) return out;
  PAWL_TRY(OnMessage(snapshot, *peer, **content, std::move(opened.content), out));
  return out;
}

}  // namespace pawl::client
