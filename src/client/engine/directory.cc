#include "client/engine/directory.h"

#include <utility>

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

Code CodeOf(ListWarning warning) {
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

absl::Status RecordIdentityChanged(Batch& batch, const identity::Address& account,
                                   const identity::AccountPublic& key) {
  Event event;
  event.kind = EventKind::kIdentityChanged;
  event.peer = account;
  event.code = Code::kIdentityChanged;
  event.key = key;
  return Record(batch, event);
}

absl::Status OnOwnList(Batch& batch, DeviceList received) {
  const identity::Address own = batch.own_address();
  const ListVerdict verdict = identity::Judge(&batch.self->list, received, batch.now);
  switch (verdict) {
    case ListVerdict::kFirst:
    case ListVerdict::kSame:
      return OkStatus();
    case ListVerdict::kNewer:
      return TakeOwnList(batch, std::move(received));
    case ListVerdict::kStale:
      if (received.ref().version > batch.self->list.ref().version) {
        PAWL_TRY(TakeOwnList(batch, std::move(received)));
      }
      return RecordListWarning(batch, own, ListWarning::kStale);
    case ListVerdict::kRolledBack:
      return RecordListWarning(batch, own, ListWarning::kRolledBack);
    case ListVerdict::kForked:
      return RecordListWarning(batch, own, ListWarning::kForked);
    case ListVerdict::kIdentityChanged:
      return RecordIdentityChanged(batch, own, received.fields().account_key);
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
  const ListVerdict verdict = identity::Judge(peer.list ? &*peer.list : nullptr, received, now);
  if (peer.list || !peer.pin) return verdict;
  if (received.fields().account_key != peer.pin->account_key) return ListVerdict::kIdentityChanged;
  const bool older = received.ref().version < peer.pin->least.version;
  return older ? ListVerdict::kRolledBack : verdict;
}

absl::Status OnPeerList(Batch& batch, const identity::Address& account, DeviceList received) {
  Peer& peer = batch.peers.Edit(account, batch.now);
  peer.list_checked_at = batch.now;
  const DeviceList* known = peer.list ? &*peer.list : nullptr;
  switch (JudgeFor(peer, received, batch.now)) {
    case ListVerdict::kFirst:
    case ListVerdict::kNewer:
      return TakePeerList(batch, account, std::move(received));
    case ListVerdict::kSame:
      return OkStatus();
    case ListVerdict::kStale:
      // Nobody may be locked out by a relay that shows an old list, nor by a holder who is away.
      if (!known || received.ref().version > known->ref().version) {
        PAWL_TRY(TakePeerList(batch, account, std::move(received)));
      }
      return RecordListWarning(batch, account, ListWarning::kStale);
    case ListVerdict::kRolledBack:
      return RecordListWarning(batch, account, ListWarning::kRolledBack);
    case ListVerdict::kForked:
      return RecordListWarning(batch, account, ListWarning::kForked);
    case ListVerdict::kIdentityChanged:
      break;
  }
  if (peer.pending && peer.pending->fields().account_key == received.fields().account_key) {
    if (received.ref().version > peer.pending->ref().version) peer.pending = std::move(received);
    return OkStatus();
  }
  const identity::AccountPublic key = received.fields().account_key;
  peer.pending = std::move(received);
  return RecordIdentityChanged(batch, account, key);
}

const identity::ListRef* ClaimOf(const Batch& batch, const identity::Address& account) {
  if (auto it = batch.claims.find(account); it != batch.claims.end()) return &it->second;
  auto it = batch.state.claims.find(account);
  return it == batch.state.claims.end() ? nullptr : &it->second;
}

// A member of the account spoke of a newer list than the relay has just shown.
absl::Status CheckFrozen(Batch& batch, const identity::Address& account) {
  const identity::ListRef* claim = ClaimOf(batch, account);
  const DeviceList* known = ListOf(batch, account);
  if (!claim || !known || claim->version <= known->ref().version) return OkStatus();
  return RecordListWarning(batch, account, ListWarning::kFrozen);
}

// What a message says of one list. Each claim is looked into once.
absl::Status CheckClaim(Batch& batch, const identity::Address& account,
                        const identity::ListRef& claim) {
  const DeviceList* list = ListOf(batch, account);
  const identity::ListRef known = list ? list->ref() : identity::ListRef{};
  if (claim.version < known.version || claim == known) return OkStatus();
  const identity::ListRef* earlier = ClaimOf(batch, account);
  if (earlier && (*earlier == claim || earlier->version > claim.version)) return OkStatus();
  batch.claims[account] = claim;
  if (claim.version == known.version) {
    return RecordListWarning(batch, account, ListWarning::kForked);
  }
  batch.WantList(account);
  return OkStatus();
}

void RetryFetch(Batch& batch, const identity::DeviceAddress& what, Duration retry_after) {
  auto known = batch.state.fetches.find(what);
  const uint32_t attempts = known == batch.state.fetches.end() ? 0 : known->second.attempts;
  batch.fetches.push_back({.what = what,
                           .kind = Batch::FetchChange::Kind::kRetry,
                           .not_before = batch.now + Backoff(attempts, retry_after, batch.rng)});
}

void EndFetch(Batch& batch, const identity::Address& account) {
  batch.fetches.push_back({.what = WholeAccount(account), .kind = Batch::FetchChange::Kind::kDone});
}

}  // namespace

absl::Status RecordListWarning(Batch& batch, const identity::Address& account,
                               ListWarning warning) {
  Event event;
  event.kind = EventKind::kDeviceListWarning;
  event.peer = account;
  event.warning = warning;
  event.code = CodeOf(warning);
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
  PAWL_TRY(CheckClaim(batch, sender, refs.sender));
  return CheckClaim(batch, batch.own_address(), refs.recipient);
}

absl::Status TakePendingIdentity(Batch& batch, const identity::Address& account,
                                 const identity::AccountPublic& key) {
  const Peer* known = batch.peers.Find(account);
  if (!known || !known->pending) return Fail(Code::kNotFound, "no other identity was seen");
  if (known->pending->fields().account_key != key) {
    return Fail(Code::kIdentityChanged, "the identity changed once more");
  }
  Peer& peer = batch.peers.Edit(account, batch.now);
  const std::optional<DeviceList> before = std::move(peer.list);
  peer.list = *std::exchange(peer.pending, std::nullopt);
  peer.pin.reset();
  peer.verified = false;
  peer.delivery_key.reset();
  if (before) PAWL_TRY(DropDevices(batch, account, *before));
  PAWL_TRY(ResolveAccount(batch, account));
  return Unpark(batch, account);
}

}  // namespace pawl::client
