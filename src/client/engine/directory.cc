#include "client/engine/directory.h"

#include <utility>

#include "base/sim_hooks.h"
#include "client/engine/backoff.h"
#include "client/engine/devices.h"
#include "client/engine/fanout.h"
#include "client/engine/inbound.h"
#include "client/engine/inbox.h"
#include "client/engine/setup.h"

namespace pawl::client {
namespace {

using identity::DeviceList;
using identity::ListVerdict;

Code WarningCode(ListWarning warning) {
  switch (warning) {
    case ListWarning::kRolledBack:
    case ListWarning::kFrozen:
      return Code::kDeviceListRolledBack;
    case ListWarning::kForked:
      return Code::kDeviceListForked;
    case ListWarning::kStale:
      break;
  }
  return Code::kExpired;
}

absl::Status RecordIdentity(Batch& batch, EventKind kind, const identity::Address& account,
                            const identity::AccountPublic& key) {
  Event event;
  event.kind = kind;
  event.peer = account;
  event.code = kind == EventKind::kIdentityChanged ? Code::kIdentityChanged : Code::kOk;
  event.key = key;
  return Record(batch, event);
}

absl::Status Warn(Batch& batch, const DeviceList& list, ListWarning warning) {
  return RecordListWarning(batch, list.fields().address, warning, list.ref().hash);
}

// Our own name under another account key.
absl::Status OnOwnIdentityChanged(Batch& batch, const DeviceList& received) {
  const identity::Address own = batch.own_address();
  if (!batch.EditClaims().MayTell(own, EventKind::kIdentityChanged, ListWarning::kForked,
                                  received.ref().hash, batch.now)) {
    return OkStatus();
  }
  return RecordIdentity(batch, EventKind::kIdentityChanged, own, received.fields().account_key);
}

absl::Status OnOwnList(Batch& batch, DeviceList received) {
  const ListVerdict verdict = identity::Judge(&batch.self->list, received, batch.now);
  switch (verdict) {
    case ListVerdict::kFirst:
    case ListVerdict::kSame:
      return OkStatus();
    case ListVerdict::kNewer:
      return TakeOwnList(batch, std::move(received));
    case ListVerdict::kStale:
      PAWL_TRY(Warn(batch, received, ListWarning::kStale));
      if (received.ref().version <= batch.self->list.ref().version) return OkStatus();
      return TakeOwnList(batch, std::move(received));
    case ListVerdict::kRolledBack:
      return Warn(batch, received, ListWarning::kRolledBack);
    case ListVerdict::kForked:
      return Warn(batch, received, ListWarning::kForked);
    case ListVerdict::kIdentityChanged:
      return OnOwnIdentityChanged(batch, received);
  }
  return OkStatus();
}

absl::Status TakePeerList(Batch& batch, const identity::Address& account, DeviceList list) {
  Peer& peer = batch.peers.Edit(account, batch.now);
  const std::optional<DeviceList> before = std::exchange(peer.list, std::move(list));
  if (before) PAWL_TRY(FollowDevices(batch, account, *before, *peer.list));
  return OkStatus();
}

ListVerdict JudgeFor(const Peer& peer, const DeviceList& received, Timestamp now) {
  if (PAWL_MUTANT("engine.trust_any_list")) return ListVerdict::kNewer;
  const ListVerdict verdict = identity::Judge(peer.list ? &*peer.list : nullptr, received, now);
  if (peer.list || !peer.pin) return verdict;
  if (received.fields().account_key != peer.pin->account_key) return ListVerdict::kIdentityChanged;
  const bool older = received.ref().version < peer.pin->least.version;
  return older ? ListVerdict::kRolledBack : verdict;
}

// A list under the pinned key: what was shown under another one is over.
absl::Status KeepIdentity(Batch& batch, Peer& peer, const DeviceList& received) {
  if (!peer.pending) return OkStatus();
  peer.pending.reset();
  return RecordIdentity(batch, EventKind::kIdentityKept, peer.address,
                        received.fields().account_key);
}

absl::Status OnOtherIdentity(Batch& batch, Peer& peer, DeviceList received) {
  const identity::AccountPublic key = received.fields().account_key;
  if (batch.Claims().IsTurnedDown(peer.address, key)) return OkStatus();
  if (peer.pending && peer.pending->fields().account_key == key) {
    if (received.ref().version > peer.pending->ref().version) peer.pending = std::move(received);
    return OkStatus();
  }
  peer.pending = std::move(received);
  return RecordIdentity(batch, EventKind::kIdentityChanged, peer.address, key);
}

absl::Status OnPeerList(Batch& batch, const identity::Address& account, DeviceList received) {
  Peer& peer = batch.peers.Edit(account, batch.now);
  peer.list_checked_at = batch.now;
  const DeviceList* known = peer.list ? &*peer.list : nullptr;
  switch (JudgeFor(peer, received, batch.now)) {
    case ListVerdict::kFirst:
    case ListVerdict::kNewer:
      PAWL_TRY(KeepIdentity(batch, peer, received));
      return TakePeerList(batch, account, std::move(received));
    case ListVerdict::kSame:
      return KeepIdentity(batch, peer, received);
    case ListVerdict::kStale:
      PAWL_TRY(Warn(batch, received, ListWarning::kStale));
      // Nobody may be locked out by a relay that shows an old list, nor by a holder who is away.
      if (known && received.ref().version <= known->ref().version) return OkStatus();
      return TakePeerList(batch, account, std::move(received));
    case ListVerdict::kRolledBack:
      return Warn(batch, received, ListWarning::kRolledBack);
    case ListVerdict::kForked:
      return Warn(batch, received, ListWarning::kForked);
    case ListVerdict::kIdentityChanged:
      return OnOtherIdentity(batch, peer, std::move(received));
  }
  return OkStatus();
}

// The account itself spoke of a newer list than the relay has just shown.
absl::Status CheckFrozen(Batch& batch, const identity::Address& account) {
  const identity::ListRef* claim = batch.Claims().Find(account, account);
  const DeviceList* known = ListOf(batch, account);
  if (!claim || !known || claim->version <= known->ref().version) return OkStatus();
  const ByteArray<16> hash = claim->hash;
  return RecordListWarning(batch, account, ListWarning::kFrozen, hash);
}

// What a message says of one list. Each claim is looked into once. Of its own list an account knows
// best; what others say of somebody's list is a reason to look, and nothing more: they may lie.
absl::Status CheckClaim(Batch& batch, const identity::Address& claimant,
                        const identity::Address& account, const identity::ListRef& claim) {
  const DeviceList* list = ListOf(batch, account);
  const identity::ListRef known = list ? list->ref() : identity::ListRef{};
  if (claim.version < known.version || claim == known) return OkStatus();
  const identity::ListRef* earlier = batch.Claims().Find(claimant, account);
  if (earlier && *earlier == claim) return OkStatus();
  batch.EditClaims().Note(claimant, account, claim);
  if (claimant == account && claim.version == known.version) {
    return RecordListWarning(batch, account, ListWarning::kForked, claim.hash);
  }
  batch.HintList(account);
  return OkStatus();
}

void RetryFetch(Batch& batch, const identity::DeviceAddress& what, Duration retry_after) {
  auto known = batch.state.fetches.find(what);
  const uint32_t attempts = known == batch.state.fetches.end() ? 0 : known->second.attempts;
  batch.fetches.push_back({.what = what,
                           .kind = Batch::FetchChange::Kind::kRetry,
                           .not_before = batch.now + Backoff(attempts, retry_after, batch.rng)});
}

absl::StatusOr<Peer*> PeerWithPending(Batch& batch, const identity::Address& account,
                                      const identity::AccountPublic& key) {
  const Peer* known = batch.peers.Find(account);
  if (!known || !known->pending) return Fail(Code::kNotFound, "no other identity was seen");
  if (known->pending->fields().account_key != key) {
    return Fail(Code::kIdentityChanged, "the identity changed once more");
  }
  return &batch.peers.Edit(account, batch.now);
}

void EndFetch(Batch& batch, const identity::Address& account) {
  batch.fetches.push_back({.what = WholeAccount(account), .kind = Batch::FetchChange::Kind::kDone});
}

}  // namespace

absl::Status RecordListWarning(Batch& batch, const identity::Address& account, ListWarning warning,
                               const ByteArray<16>& hash) {
  if (!batch.EditClaims().MayTell(account, EventKind::kDeviceListWarning, warning, hash,
                                  batch.now)) {
    return OkStatus();
  }
  Event event;
  event.kind = EventKind::kDeviceListWarning;
  event.peer = account;
  event.warning = warning;
  event.code = WarningCode(warning);
  return Record(batch, event);
}

absl::Status TakeOwnList(Batch& batch, DeviceList list) {
  const DeviceList before = batch.self->list;
  Self next = batch.self->Clone();
  next.SetList(std::move(list));
  batch.Replace(std::move(next));
  PAWL_TRY(SaveSelf(batch));
  return FollowDevices(batch, batch.own_address(), before, batch.self->list);
}

absl::Status OnDirectoryRecord(Batch& batch, const identity::Address& account, ByteView record) {
  auto received = DeviceList::Parse(record);
  if (!received.ok() || received->fields().address != account) {
    // Not what was asked for. A relay that talks nonsense is asked again, ever less often.
    RetryFetch(batch, WholeAccount(account), Duration{});
    return OkStatus();
  }
  EndFetch(batch, account);
  if (batch.setup == Setup::kImporting) return OnImportedList(batch, *std::move(received));
  if (!batch.self) return OkStatus();
  if (batch.IsOwn(account)) {
    PAWL_TRY(OnOwnList(batch, *std::move(received)));
  } else {
    PAWL_TRY(OnPeerList(batch, account, *std::move(received)));
  }
  PAWL_TRY(CheckFrozen(batch, account));
  PAWL_TRY(ResolveAccount(batch, account));
  return Unpark(batch, account);
}

absl::Status OnDirectoryRefused(Batch& batch, const identity::Address& account,
                                const Refused& refused) {
  if (refused.code != Code::kNotFound) {
    RetryFetch(batch, WholeAccount(account), refused.retry_after);
    return OkStatus();
  }
  EndFetch(batch, account);
  if (batch.setup == Setup::kImporting) return OnImportedListMissing(batch);
  if (!batch.self || batch.IsOwn(account)) return OkStatus();
  PAWL_TRY(FailWaiting(batch, WholeAccount(account), Code::kNotFound));
  return Unpark(batch, account);
}

absl::Status CheckListRefs(Batch& batch, const identity::Address& sender,
                           const session::ListRefs& refs) {
  PAWL_TRY(CheckClaim(batch, sender, sender, refs.sender));
  return CheckClaim(batch, sender, batch.own_address(), refs.recipient);
}

absl::Status TakePendingIdentity(Batch& batch, const identity::Address& account,
                                 const identity::AccountPublic& key) {
  PAWL_ASSIGN(Peer * peer, PeerWithPending(batch, account, key));
  const std::optional<DeviceList> before = std::move(peer->list);
  peer->list = *std::exchange(peer->pending, std::nullopt);
  peer->pin.reset();
  peer->verified = false;
  peer->delivery_key.reset();
  if (before) PAWL_TRY(DropDevices(batch, account, *before));
  PAWL_TRY(ResolveAccount(batch, account));
  return Unpark(batch, account);
}

absl::Status DropPendingIdentity(Batch& batch, const identity::Address& account,
                                 const identity::AccountPublic& key) {
  PAWL_ASSIGN(Peer * peer, PeerWithPending(batch, account, key));
  peer->pending.reset();
  batch.EditClaims().TurnDown(account, key);
  if (!peer->list) batch.WantList(account);
  PAWL_TRY(ResolveAccount(batch, account));
  return Unpark(batch, account);
}

}  // namespace pawl::client
