#include <utility>

#include "base/sim_hooks.h"
#include "client/engine/devices.h"
#include "client/engine/fanout.h"
#include "client/engine/inbound.h"
#include "client/engine/inbox.h"
#include "client/engine/own_prekeys.h"
#include "client/engine/repair.h"
#include "client/engine/session_rows.h"
#include "client/engine/waiting.h"
#include "session/envelope.h"
#include "session/handshake.h"

namespace pawl::client {
namespace {

// Sessions tried before any decapsulation: a header trial and a hash each, together less than one.
constexpr size_t kMaxRepeating = 8;

bool HasRoomForHandshake(ByteView envelope) {
  return envelope.size() > session::MessageOffset(session::WithHandshake::kYes);
}

bool IsTrusted(const Batch& batch, const identity::Address& account) {
  const Peer* peer = batch.peers.Find(account);
  return batch.IsOwn(account) || (peer && peer->accepted());
}

void NoteRepeating(Batch& batch, SessionId id) {
  std::vector<SessionId>& latest = batch.repeating;
  std::erase(latest, id);
  latest.insert(latest.begin(), id);
  if (latest.size() > kMaxRepeating) latest.pop_back();
}

const SessionEntry* FindByHandshake(const Batch& batch, const identity::DeviceAddress& from,
                                    const session::HandshakeId& id) {
  for (const SessionEntry* entry : batch.sessions.With(from)) {
    if (entry->session.facts().role == session::Role::kResponder &&
        entry->session.facts().handshake_id == id) {
      return entry;
    }
  }
  return nullptr;
}

absl::StatusOr<Arrival> OpenRepeated(Batch& batch, SessionId id, ByteView envelope) {
  auto opened = batch.sessions.StageOf(id).OpenRepeated(envelope, batch.now);
  if (!opened.ok()) {
    return Arrival::Unreadable(CodeOf(opened.status()), id);
  }
  NoteRepeating(batch, id);
  batch.handshakes_from.insert(batch.sessions.Find(id)->remote());
  return TakeOpened(batch, id, *opened);
}

// Two messages that repeat a handshake have nothing in common that we could look up, on purpose:
// the relay must not see it either. But who repeats it goes on doing so, and its header key is at
// hand. kUnknownSession when it is none of those.
absl::StatusOr<Arrival> OpenRepeating(Batch& batch, ByteView envelope) {
  const std::vector<SessionId> latest = batch.repeating;
  for (SessionId id : latest) {
    if (!batch.sessions.Find(id)) continue;
    PAWL_ASSIGN(Arrival arrival, OpenRepeated(batch, id, envelope));
    if (arrival.kind == Arrival::Kind::kOpened || arrival.code == Code::kReplayed) return arrival;
  }
  return Arrival::Dropped(Code::kUnknownSession);
}

absl::Status RecordReset(Batch& batch, const identity::DeviceAddress& device, Code code) {
  Event event;
  event.kind = EventKind::kSessionReset;
  event.peer = device.account;
  event.device = device.device;
  event.code = code;
  return Record(batch, event);
}

// The device's key signed two identities for one epoch: a copy of its state is at large, or its key
// is. Nothing of it is taken, and the app hears of this handshake once.
absl::StatusOr<Arrival> RefuseContradiction(Batch& batch, const identity::DeviceAddress& device,
                                            const session::HandshakeBlock& block) {
  PAWL_TRY(RecordReset(batch, device, Code::kIdentityChanged));
  PAWL_TRY(RememberHandshake(batch, block.last_resort_id, block.Id()));
  return Arrival::Dropped(Code::kIdentityChanged);
}

absl::StatusOr<Arrival> Keep(Batch& batch, const session::RemoteDevice& remote,
                             const session::PeekedHandshake& peeked, session::Accepted accepted) {
  PAWL_ASSIGN(const bool current, NoteEpoch(batch, remote, peeked.sender, peeked.block.epoch_record,
                                            peeked.block.suites));
  if (!current) return RefuseContradiction(batch, remote.address, peeked.block);
  const session::HandshakeId handshake = accepted.session.facts().handshake_id;
  PAWL_PASSED("session.accepted");
  if (accepted.displacement == session::Displacement::kSimultaneous) {
    PAWL_PASSED("session.simultaneous");
  }
  if (accepted.displacement == session::Displacement::kResumed) PAWL_PASSED("session.resumed");
  if (accepted.consumed_one_time) PAWL_TRY(ConsumeOneTime(batch, *accepted.consumed_one_time));
  if (accepted.replayable_with) {
    PAWL_TRY(RememberHandshake(batch, *accepted.replayable_with, handshake));
  }
  if (accepted.displacement == session::Displacement::kReset) {
    PAWL_TRY(RecordReset(batch, remote.address, Code::kOk));
  }
  PAWL_ASSIGN(const SessionId id, InsertSession(batch, std::move(accepted.session)));
  batch.session_began = true;
  NoteRepeating(batch, id);
  batch.handshakes_from.insert(remote.address);
  batch.at_work.device = remote.address;
  PAWL_TRY(TakeContent(batch, *batch.sessions.Find(id), accepted.opened));
  // What waited for the peer's prekeys can go on this session.
  PAWL_TRY(ResolveDevice(batch, remote.address));
  if (accepted.displacement == session::Displacement::kReset) {
    PAWL_TRY(OnReset(batch, remote.address));
  }
  return Arrival::Opened();
}

// What we know of a device that says who it is. Of one under another identity: nothing.
struct Known {
  DeviceEpoch least_epoch{1};
  std::vector<const session::Session*> sessions;
};

absl::StatusOr<Known> WhatIsKnownOf(Batch& batch, const identity::DeviceAddress& device) {
  Known known;
  PAWL_ASSIGN(known.least_epoch, LeastEpoch(batch, device));
  for (const SessionEntry* entry : batch.sessions.With(device)) {
    known.sessions.push_back(&entry->session);
  }
  return known;
}

struct Judged {
  std::optional<session::Accepted> accepted;
  Code why = Code::kOk;
};

// Whether it is that device's, and all that follows if it is. Changes nothing.
absl::StatusOr<Judged> Judge(Batch& batch, ByteView envelope,
                             const session::PeekedHandshake& peeked,
                             const session::RemoteDevice& remote, const Known& known) {
  const session::BundleKeys* keys =
      session::FindBySignedPrekey(*batch.bundle_keys, peeked.block.signed_prekey_id);
  if (!keys) return Judged{std::nullopt, Code::kExpired};
  std::optional<session::OneTimeKeys> one_time;
  if (peeked.block.one_time_id) {
    PAWL_ASSIGN(one_time, FindOneTime(batch, *peeked.block.one_time_id));
  }
  auto accepted = session::Accept({.local = batch.self->device,
                                   .remote = remote,
                                   .handshake = peeked,
                                   .envelope = envelope,
                                   .bundle_keys = *keys,
                                   .one_time = one_time ? &*one_time : nullptr,
                                   .sessions = known.sessions,
                                   .least_epoch = known.least_epoch},
                                  batch.now);
  if (!accepted.ok()) return Judged{std::nullopt, CodeOf(accepted.status())};
  return Judged{*std::move(accepted), Code::kOk};
}

absl::StatusOr<Arrival> AcceptFrom(Batch& batch, ByteView envelope,
                                   const session::PeekedHandshake& peeked,
                                   const session::RemoteDevice& remote) {
  PAWL_ASSIGN(const Known known, WhatIsKnownOf(batch, remote.address));
  PAWL_ASSIGN(Judged judged, Judge(batch, envelope, peeked, remote, known));
  if (!judged.accepted) return Arrival::Dropped(judged.why);
  return Keep(batch, remote, peeked, *std::move(judged.accepted));
}

// Authentic under the identity that the app has not accepted: anybody could claim to be, and would
// take the place of who is.
absl::StatusOr<bool> AwaitsDecision(Batch& batch, ByteView envelope,
                                    const session::PeekedHandshake& peeked) {
  const identity::DeviceAddress& from = peeked.sender.device;
  const Peer* peer = batch.peers.Find(from.account);
  const identity::DeviceEntry* entry =
      peer && peer->pending ? peer->pending->Find(from.device) : nullptr;
  if (!entry) return false;
  const session::RemoteDevice remote{.address = from,
                                     .account_key = peer->pending->fields().account_key,
                                     .signing_key = entry->signing_key};
  PAWL_ASSIGN(const Judged judged, Judge(batch, envelope, peeked, remote, Known{}));
  return judged.accepted.has_value();
}

// The sender's list is older than the one the sender itself speaks of, or does not name it.
bool NeedsList(const Batch& batch, const identity::DeviceAddress& from,
               const identity::ListRef& claimed) {
  const identity::DeviceList* list = ListOf(batch, from.account);
  return !list || !list->Find(from.device) || list->ref().version < claimed.version;
}

// The relay hides a change from us: whom we cannot know now we may know later.
bool IsShownAnOlderList(const Batch& batch, const identity::DeviceAddress& from,
                        const identity::ListRef& claimed) {
  const identity::DeviceList* list = ListOf(batch, from.account);
  return list && !list->Find(from.device) && list->ref().version < claimed.version;
}

absl::StatusOr<Arrival> OpenPeeked(Batch& batch, ByteView envelope,
                                   const session::PeekedHandshake& peeked, ListIsFresh fresh) {
  const identity::DeviceAddress& from = peeked.sender.device;
  const session::HandshakeId handshake = peeked.block.Id();
  if (const SessionEntry* known = FindByHandshake(batch, from, handshake)) {
    return OpenRepeated(batch, known->id, envelope);
  }
  PAWL_ASSIGN(const bool replayed, IsReplayed(batch, handshake));
  if (replayed) return Arrival::Dropped(Code::kReplayed);
  const Peer* peer = batch.peers.Find(from.account);
  if (peer && peer->blocked()) return Arrival::Dropped(Code::kBlocked);
  // All senders of one account wait in one line, so that order holds among their envelopes.
  if (fresh == ListIsFresh::kNo && NeedsList(batch, from, peeked.block.list)) {
    return Arrival::UntilListed(from.account);
  }
  Arrival arrival = Arrival::Dropped(Code::kDeviceNotListed);
  if (const auto remote = RemoteOf(batch, from); remote.ok()) {
    PAWL_ASSIGN(arrival, AcceptFrom(batch, envelope, peeked, *remote));
  }
  if (arrival.kind == Arrival::Kind::kOpened) return arrival;
  PAWL_ASSIGN(const bool awaits_decision, AwaitsDecision(batch, envelope, peeked));
  if (awaits_decision) return Arrival::UntilAccepted(from.account);
  const bool later = IsShownAnOlderList(batch, from, peeked.block.list);
  return later ? Arrival::UntilNewerList(from.account) : arrival;
}

}  // namespace

absl::StatusOr<Arrival> OpenHandshake(Batch& batch, ByteView envelope, ListIsFresh fresh) {
  if (!batch.bundle_keys || !HasRoomForHandshake(envelope)) {
    return Arrival::Dropped(Code::kUnknownSession);
  }
  PAWL_ASSIGN(const Arrival repeated, OpenRepeating(batch, envelope));
  if (repeated.code != Code::kUnknownSession) return repeated;
  // For what waited for a list it was paid when it came.
  const size_t cost = fresh == ListIsFresh::kYes ? 0 : kDecapsulation * batch.bundle_keys->size();
  if (!SpendTrials(batch, cost)) return Arrival::Untried();
  const auto peeked =
      session::PeekHandshake(envelope, batch.self->device.address, *batch.bundle_keys);
  if (!peeked.ok()) return Arrival::Dropped(Code::kUnknownSession);
  const identity::DeviceAddress& from = peeked->sender.device;
  const bool free =
      IsTrusted(batch, from.account) || FindByHandshake(batch, from, peeked->block.Id());
  PAWL_ASSIGN(Arrival arrival, OpenPeeked(batch, envelope, *peeked, fresh));
  if (free && arrival.kind == Arrival::Kind::kOpened) GiveBackTrials(batch, cost);
  return arrival;
}

}  // namespace pawl::client
