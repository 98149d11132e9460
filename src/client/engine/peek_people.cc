#include "client/engine/peek_people.h"

#include <utility>

namespace pawl::client {
namespace {

using identity::DeviceList;
using identity::ListVerdict;

// Whether a list that was just fetched takes the place of what the store knows.
bool IsBetter(const Peer& peer, const DeviceList& fetched, Timestamp now) {
  if (!peer.list && peer.pin) {
    return fetched.fields().account_key == peer.pin->account_key &&
           fetched.ref().version >= peer.pin->least.version;
  }
  const ListVerdict verdict = identity::Judge(peer.list ? &*peer.list : nullptr, fetched, now);
  const bool stale_first = verdict == ListVerdict::kStale && !peer.list;
  return verdict == ListVerdict::kFirst || verdict == ListVerdict::kNewer || stale_first;
}

}  // namespace

absl::StatusOr<const Peer*> PeekPeople::Find(const identity::Address& account) {
  std::unique_ptr<Peer>& peer = peers_[account];
  if (peer) return peer.get();
  PAWL_ASSIGN(const auto row, snapshot_->tables().peers.Find(account.ToString()));
  Peer read{.address = account};
  if (row) {
    PAWL_ASSIGN(read, DecodePeer(*row));
  }
  for (const DeviceList& fetched : *lists_) {
    if (fetched.fields().address == account && IsBetter(read, fetched, now_)) read.list = fetched;
  }
  peer = std::make_unique<Peer>(std::move(read));
  return peer.get();
}

absl::StatusOr<const DeviceList*> PeekPeople::ListOf(const identity::Address& account) {
  if (account == self_->address()) return &self_->list;
  PAWL_ASSIGN(const Peer* peer, Find(account));
  return peer->list ? &*peer->list : nullptr;
}

absl::StatusOr<session::RemoteDevice> RemoteIn(const DeviceList& list,
                                               const identity::DeviceAddress& device) {
  const identity::DeviceEntry* entry = list.Find(device.device);
  if (!entry) return Fail(Code::kDeviceNotListed, "not in the account's device list");
  return session::RemoteDevice{.address = device,
                               .account_key = list.fields().account_key,
                               .signing_key = entry->signing_key};
}

}  // namespace pawl::client
