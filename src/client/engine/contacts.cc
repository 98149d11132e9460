#include "client/engine/contacts.h"

#include <algorithm>
#include <string>

#include "client/engine/conversation.h"
#include "client/engine/devices.h"
#include "client/engine/directory.h"
#include "client/engine/fanout.h"
#include "client/engine/inbox.h"
#include "client/engine/outbound.h"
#include "client/engine/own_devices.h"
#include "client/engine/receipts.h"
#include "client/engine/reducers.h"
#include "client/engine/setup.h"
#include "client/engine/transfers.h"
#include "wire/content.h"

namespace pawl::client {
namespace {

using Contact = store::ContactState;

constexpr Literal kOwnName("own.name");

absl::StatusOr<std::string> OwnName(Batch& batch) {
  PAWL_ASSIGN(const auto name, batch.tx.values().Get(kOwnName));
  return name ? std::string(AsText(name->Expose())) : std::string();
}

// What the path for strangers holds up may go at once.
void LearnKey(Batch& batch, Peer& peer, const flatbuffers::Vector<uint8_t>* key) {
  if (!key || key->size() != DeliveryKey().size()) return;
  std::copy(key->begin(), key->end(), peer.delivery_key.emplace().begin());
  for (const auto& [to, queue] : batch.state.outbox.queues()) {
    if (to.account == peer.address) batch.unblocked_queues.push_back(to);
  }
}

absl::Status RecordContact(Batch& batch, EventKind kind, const Peer& peer) {
  Event event;
  event.kind = kind;
  event.peer = peer.address;
  event.contact = static_cast<ContactState>(peer.state);
  event.text = peer.display_name;
  return Record(batch, event);
}

absl::Status SendRequest(Batch& batch, const identity::Address& peer) {
  PAWL_ASSIGN(const std::string name, OwnName(batch));
  return SendControl(batch, peer, wire::ContactRequest{batch.self->delivery_key, name});
}

absl::Status SendYes(Batch& batch, const identity::Address& peer) {
  return SendControl(
      batch, peer, wire::ContactAnswer{.accepted = true, .delivery_key = batch.self->delivery_key});
}

// To a contact who lost its memory of us. Who asks again and again is answered now and then.
absl::Status SayYesAgain(Batch& batch, const identity::Address& address) {
  constexpr Duration kAgain = Minutes(10);
  const auto said = batch.state.said_yes.find(address);
  const bool lately = said != batch.state.said_yes.end() && said->second <= batch.now &&
                      batch.now - said->second < kAgain;
  if (lately || batch.said_yes.contains(address)) return OkStatus();
  batch.said_yes[address] = batch.now;
  return SendYes(batch, address);
}

// Somebody who is accepted from now on.
absl::Status Welcome(Batch& batch, const identity::Address& address) {
  PAWL_TRY(SendYes(batch, address));
  PAWL_TRY(SayWhatWasHeldBack(batch, address));
  return SyncContact(batch, address);
}

absl::Status Accept(Batch& batch, const identity::Address& address) {
  batch.peers.Edit(address, batch.now).Decide(Contact::kAccepted, batch.now);
  return Welcome(batch, address);
}

absl::Status RequireAccount(const Batch& batch, const identity::Address& peer) {
  if (!batch.self) return Fail(Code::kWrongState, "no account yet");
  if (batch.IsOwn(peer)) return Fail(Code::kInvalidArgument, "that is ourselves");
  return OkStatus();
}

// Whoever was shut out still knows the old key; everybody else learns the new one in-session. The
// relay takes the old one from them for 7 days more.
absl::Status RotateDeliveryKey(Batch& batch) {
  Self self = batch.self->Clone();
  self.delivery_key = batch.rng.Array<32>();
  batch.Replace(std::move(self));
  PAWL_TRY(SaveSelf(batch));
  PAWL_TRY(PutDeliveryKeyAgain(batch));
  return AnnounceDeliveryKey(batch);
}

absl::Status DropOutgoing(Batch& batch, const Peer& peer) {
  PAWL_TRY(CancelUploads(batch, ConversationOf(batch.own_address(), peer.address), Code::kBlocked));
  PAWL_TRY(FailWaiting(batch, WholeAccount(peer.address), Code::kBlocked));
  if (!peer.list) return OkStatus();
  for (const identity::DeviceEntry& device : peer.list->fields().devices) {
    PAWL_TRY(FailQueued(batch, {peer.address, device.id}, Code::kBlocked));
    PAWL_TRY(FailWaiting(batch, {peer.address, device.id}, Code::kBlocked));
  }
  return OkStatus();
}

}  // namespace

absl::Status AnnounceDeliveryKey(Batch& batch) {
  std::vector<identity::Address> contacts;
  for (const identity::Address& address : batch.peers.All()) {
    const Peer* peer = batch.peers.Find(address);
    if (peer->accepted() || peer->state == Contact::kRequested) contacts.push_back(address);
  }
  contacts.push_back(batch.own_address());
  for (const identity::Address& address : contacts) {
    PAWL_TRY(SendControl(batch, address, wire::DeliveryKey{batch.self->delivery_key}));
  }
  return OkStatus();
}

wire::ContentHeader ControlHeader(Batch& batch, const identity::Address& peer) {
  return {.id = MessageId(batch.rng.Array<16>()),
          .sent_at = batch.now,
          .conversation = ConversationOf(batch.own_address(), peer)};
}

absl::Status SendControlContent(Batch& batch, const identity::Address& account,
                                const absl::StatusOr<wire::ContentBytes>& content) {
  PAWL_TRY(content.status());
  return SendToAccount(
      batch, account,
      {.content = content->view(), .conversation = ConversationOf(batch.own_address(), account)});
}

absl::Status IntroduceOurselves(Batch& batch, const identity::Address& address) {
  Peer& peer = batch.peers.Edit(address, batch.now);
  if (peer.state == Contact::kAsking) return Accept(batch, address);
  if (peer.state == Contact::kRequested && !peer.list &&
      batch.PendingCount(WholeAccount(address)) == 0) {
    return SendRequest(batch, address);  // the first one found no such account
  }
  if (peer.state != Contact::kNone) return OkStatus();
  peer.Decide(Contact::kRequested, batch.now);
  PAWL_TRY(SendRequest(batch, address));
  return SyncContact(batch, address);
}

absl::Status NoteStranger(Batch& batch, const identity::Address& address, std::string_view name) {
  Peer& peer = batch.peers.Edit(address, batch.now);
  if (!name.empty()) peer.display_name = name;
  if (peer.state != Contact::kNone) return OkStatus();
  peer.Follow(Contact::kAsking);
  PAWL_TRY(TouchConversation(batch, ConversationOf(batch.own_address(), address), address, 0));
  return RecordContact(batch, EventKind::kContactRequest, peer);
}

absl::Status SayAcceptedAgain(Batch& batch, const identity::DeviceAddress& to) {
  PAWL_ASSIGN(
      const auto content,
      wire::Build(ControlHeader(batch, to.account),
                  wire::ContactAnswer{.accepted = true, .delivery_key = batch.self->delivery_key}));
  return SendToDevice(
      batch, to,
      {.content = content.view(), .conversation = ConversationOf(batch.own_address(), to.account)});
}

absl::Status OnContactRequest(Batch& batch, const identity::Address& address,
                              const wire::fb::ContactRequest& body) {
  Peer& peer = batch.peers.Edit(address, batch.now);
  LearnKey(batch, peer, body.delivery_key());
  PAWL_TRY(NoteStranger(batch, address, body.name() ? wire::ToText(*body.name()) : ""));
  if (peer.state == Contact::kAsking) return OkStatus();
  if (peer.accepted()) return SayYesAgain(batch, address);
  // Both asked: both said yes.
  peer.Follow(Contact::kAccepted);
  PAWL_TRY(Welcome(batch, address));
  return RecordContact(batch, EventKind::kContactAnswer, peer);
}

absl::Status OnContactAnswer(Batch& batch, const identity::Address& address,
                             const wire::fb::ContactAnswer& body) {
  Peer& peer = batch.peers.Edit(address, batch.now);
  if (peer.state != Contact::kRequested && !peer.accepted()) return OkStatus();
  if (body.accepted()) LearnKey(batch, peer, body.delivery_key());
  const Contact next = body.accepted() ? Contact::kAccepted : Contact::kNone;
  if (peer.state == next) return OkStatus();
  peer.Follow(next);
  if (peer.accepted()) {
    PAWL_TRY(SayWhatWasHeldBack(batch, address));
    // Another device of ours did not take the answer if it came before our word that we had asked.
    PAWL_TRY(SyncContact(batch, address));
  }
  return RecordContact(batch, EventKind::kContactAnswer, peer);
}

absl::Status OnDeliveryKey(Batch& batch, const identity::Address& account,
                           const wire::fb::DeliveryKey& body) {
  if (!batch.IsOwn(account)) {
    LearnKey(batch, batch.peers.Edit(account, batch.now), body.key());
    return OkStatus();
  }
  if (body.key()->size() != DeliveryKey().size()) return OkStatus();
  Self self = batch.self->Clone();
  std::copy(body.key()->begin(), body.key()->end(), self.delivery_key.begin());
  batch.Replace(std::move(self));
  return SaveSelf(batch);
}

absl::Status Reduce(Batch& batch, RequestId request, const RequestContact& command) {
  PAWL_TRY(RequireAccount(batch, command.peer));
  const Peer* known = batch.peers.Find(command.peer);
  if (known && known->blocked()) return Fail(Code::kBlocked, "blocked; let them in again first");
  if (known && known->pending) return Fail(Code::kIdentityChanged, "accept the identity first");
  PAWL_TRY(batch.tx.values().Put(kOwnName, AsBytes(command.name)));
  PAWL_TRY(IntroduceOurselves(batch, command.peer));
  batch.Complete(request, Code::kOk);
  return OkStatus();
}

absl::Status Reduce(Batch& batch, RequestId request, const AnswerContact& command) {
  PAWL_TRY(RequireAccount(batch, command.peer));
  const Peer* known = batch.peers.Find(command.peer);
  if (!known || (known->state != Contact::kAsking && !known->blocked())) {
    return Fail(known && known->accepted() ? Code::kWrongState : Code::kNotFound,
                "no request to answer");
  }
  if (command.accept) {
    PAWL_TRY(Accept(batch, command.peer));
  } else {
    // No answer goes to someone not accepted.
    batch.peers.Edit(command.peer, batch.now).Decide(Contact::kNone, batch.now);
    PAWL_TRY(SyncContact(batch, command.peer));
  }
  batch.Complete(request, Code::kOk);
  return OkStatus();
}

absl::Status Reduce(Batch& batch, RequestId request, const BlockContact& command) {
  PAWL_TRY(RequireAccount(batch, command.peer));
  Peer& peer = batch.peers.Edit(command.peer, batch.now);
  if (peer.blocked() != command.blocked) {
    peer.Decide(command.blocked ? Contact::kBlocked : Contact::kNone, batch.now);
    if (command.blocked) {
      PAWL_TRY(DropOutgoing(batch, peer));
      PAWL_TRY(RotateDeliveryKey(batch));
    }
    PAWL_TRY(SyncContact(batch, command.peer));
  }
  batch.Complete(request, Code::kOk);
  return OkStatus();
}

absl::Status Reduce(Batch& batch, RequestId request, const AcceptIdentity& command) {
  PAWL_TRY(RequireAccount(batch, command.peer));
  PAWL_TRY(TakePendingIdentity(batch, command.peer, command.account_key));
  // The new devices know nothing of us.
  const Peer* peer = batch.peers.Find(command.peer);
  if (peer->accepted() || peer->state == Contact::kRequested) {
    PAWL_TRY(SendRequest(batch, command.peer));
  }
  batch.Complete(request, Code::kOk);
  return OkStatus();
}

absl::Status Reduce(Batch& batch, RequestId request, const RejectIdentity& command) {
  PAWL_TRY(RequireAccount(batch, command.peer));
  PAWL_TRY(DropPendingIdentity(batch, command.peer, command.account_key));
  batch.Complete(request, Code::kOk);
  return OkStatus();
}

absl::Status Reduce(Batch& batch, RequestId request, const SetVerified& command) {
  PAWL_TRY(RequireAccount(batch, command.peer));
  const Peer* known = batch.peers.Find(command.peer);
  if (!known || !known->list) return Fail(Code::kNotFound, "their account key is not known");
  if (known->pending) return Fail(Code::kIdentityChanged, "accept the identity first");
  batch.peers.Edit(command.peer, batch.now).verified = command.verified;
  batch.Complete(request, Code::kOk);
  return OkStatus();
}

}  // namespace pawl::client
