#include <utility>

#include "client/engine/devices.h"
#include "client/engine/fanout.h"
#include "client/engine/inbound.h"
#include "client/engine/inbox.h"
#include "client/engine/own_prekeys.h"
#include "client/engine/session_rows.h"
#include "session/handshake.h"

namespace pawl::client {
namespace {

// About what one X-Wing decapsulation costs, in trial units.
constexpr size_t kDecapsulation = 5;

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

absl::StatusOr<Arrival> OpenRepeated(Batch& batch, const SessionEntry& entry, ByteView envelope) {
  auto opened = batch.sessions.StageOf(entry.id).OpenRepeated(envelope, batch.now);
  if (!opened.ok()) return Arrival::Dropped(CodeOf(opened.status()));
  batch.sessions.Opened(entry.id);
  PAWL_TRY(TakeContent(batch, entry.session, *opened));
  return Arrival::Opened();
}

absl::Status RecordReset(Batch& batch, const identity::DeviceAddress& device) {
  Event event;
  event.kind = EventKind::kSessionReset;
  event.peer = device.account;
  event.device = device.device;
  return Record(batch, event);
}

absl::Status Keep(Batch& batch, const session::RemoteDevice& remote,
                  const session::PeekedHandshake& peeked, session::Accepted accepted) {
  const session::HandshakeId handshake = accepted.session.facts().handshake_id;
  if (accepted.consumed_one_time) PAWL_TRY(ConsumeOneTime(batch, *accepted.consumed_one_time));
  if (accepted.replayable_with) {
    PAWL_TRY(RememberHandshake(batch, *accepted.replayable_with, handshake));
  }
  PAWL_TRY(NoteEpoch(batch, remote, peeked.sender, peeked.block.epoch_record, peeked.block.suites)
               .status());
  if (accepted.displacement == session::Displacement::kReset) {
    PAWL_TRY(RecordReset(batch, remote.address));
  }
  PAWL_ASSIGN(const SessionId id, InsertSession(batch, std::move(accepted.session)));
  batch.session_began = true;
  PAWL_TRY(TakeContent(batch, *batch.sessions.Find(id), accepted.opened));
  // What waited for the peer's prekeys can go on this session.
  return ResolveDevice(batch, remote.address);
}

absl::StatusOr<Arrival> Accept(Batch& batch, ByteView envelope,
                               const session::PeekedHandshake& peeked,
                               const session::RemoteDevice& remote) {
  const session::BundleKeys* keys =
      session::FindBySignedPrekey(*batch.bundle_keys, peeked.block.signed_prekey_id);
  if (!keys) return Arrival::Dropped(Code::kExpired);
  std::optional<session::OneTimeKeys> one_time;
  if (peeked.block.one_time_id) {
    PAWL_ASSIGN(one_time, FindOneTime(batch, *peeked.block.one_time_id));
  }
  PAWL_ASSIGN(const DeviceEpoch least_epoch, LeastEpoch(batch, remote.address));
  std::vector<const session::Session*> sessions;
  for (const SessionEntry* entry : batch.sessions.With(remote.address)) {
    sessions.push_back(&entry->session);
  }
  auto accepted = session::Accept({.local = batch.self->device,
                                   .remote = remote,
                                   .handshake = peeked,
                                   .envelope = envelope,
                                   .bundle_keys = *keys,
                                   .one_time = one_time ? &*one_time : nullptr,
                                   .sessions = sessions,
                                   .least_epoch = least_epoch},
                                  batch.now);
  if (!accepted.ok()) return Arrival::Dropped(CodeOf(accepted.status()));
  PAWL_TRY(Keep(batch, remote, peeked, *std::move(accepted)));
  return Arrival::Opened();
}

// The sender's list is older than the one the sender itself speaks of, or does not name it.
bool NeedsList(const Batch& batch, const identity::DeviceAddress& from,
               const identity::ListRef& claimed) {
  const identity::DeviceList* list = ListOf(batch, from.account);
  return !list || !list->Find(from.device) || list->ref().version < claimed.version;
}

bool AwaitsDecision(const Batch& batch, const identity::DeviceAddress& from) {
  const Peer* peer = batch.peers.Find(from.account);
  return peer && peer->pending && peer->pending->Find(from.device);
}

}  // namespace

absl::StatusOr<Arrival> OpenHandshake(Batch& batch, ByteView envelope, ListIsFresh fresh) {
  if (!batch.bundle_keys) return Arrival::Dropped(Code::kUnknownSession);
  if (!SpendTrials(batch, kDecapsulation * batch.bundle_keys->size())) {
    return Arrival::Untried();
  }
  const auto peeked =
      session::PeekHandshake(envelope, batch.self->device.address, *batch.bundle_keys);
  if (!peeked.ok()) return Arrival::Dropped(Code::kUnknownSession);
  const identity::DeviceAddress from = peeked->sender.device;
  const session::HandshakeId handshake = peeked->block.Id();
  if (const SessionEntry* known = FindByHandshake(batch, from, handshake)) {
    return OpenRepeated(batch, *known, envelope);
  }
  PAWL_ASSIGN(const bool replayed, IsReplayed(batch, handshake));
  if (replayed) return Arrival::Dropped(Code::kReplayed);
  const Peer* peer = batch.peers.Find(from.account);
  if (peer && peer->blocked()) return Arrival::Dropped(Code::kBlocked);
  // All senders of one account wait in one line, so that order holds among their envelopes.
  if (fresh == ListIsFresh::kNo && NeedsList(batch, from, peeked->block.list)) {
    return Arrival::UntilListed(from.account);
  }
  const auto remote = RemoteOf(batch, from);
  if (!remote.ok()) {
    return AwaitsDecision(batch, from) ? Arrival::UntilAccepted(from.account)
                                       : Arrival::Dropped(Code::kDeviceNotListed);
  }
  PAWL_ASSIGN(Arrival arrival, Accept(batch, envelope, *peeked, *remote));
  if (arrival.code == Code::kAuthFailed && AwaitsDecision(batch, from)) {
    return Arrival::UntilAccepted(from.account);
  }
  return arrival;
}

}  // namespace pawl::client
