#ifndef PAWL_CLIENT_ENGINE_PEER_H_
#define PAWL_CLIENT_ENGINE_PEER_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "base/clock.h"
#include "base/status.h"
#include "client/engine/relay_call.h"
#include "identity/address.h"
#include "identity/device_list.h"
#include "store/peers.h"

namespace pawl::client {

// Another account, decoded. What stands in `list` was verified, and its key is the pinned one.
struct Peer {
  identity::Address address;
  std::optional<identity::DeviceList> list{};  // none: never fetched
  // What another device of ours, or the backup, says while no list has been fetched here: the first
  // one must be under this key and at least this new.
  struct Pin {
    identity::AccountPublic account_key{};
    identity::ListRef least{};
  };
  std::optional<Pin> pin{};
  Timestamp list_checked_at{};
  store::ContactState state = store::ContactState::kNone;
  // Orders the states that devices of this account give this contact: the highest one holds.
  uint64_t state_version = 0;
  std::optional<DeliveryKey> delivery_key{};
  std::string display_name{};
  bool verified = false;
  // A list under another account key, waiting for AcceptIdentity: nothing is sent meanwhile.
  std::optional<identity::DeviceList> pending{};
  Timestamp created_at{};

  // The user's decision: holds over all that was decided before it, on whichever device.
  void Decide(store::ContactState to, Timestamp now);
  // What mail brought about: holds over no decision that this device has not heard of yet.
  void Follow(store::ContactState to);
  // What another device of this account says. Whether the state is another one now.
  bool Adopt(store::ContactState said, uint64_t version);

  bool accepted() const { return state == store::ContactState::kAccepted; }
  bool blocked() const { return state == store::ContactState::kBlocked; }
  identity::ListRef list_ref() const { return list ? list->ref() : identity::ListRef{}; }
};

store::PeerRow EncodePeer(const Peer& peer);
// kCorrupt when the row is not what EncodePeer made.
absl::StatusOr<Peer> DecodePeer(const store::PeerRow& row);

// Everybody this account has to do with, as last committed.
using PeerTable = absl::flat_hash_map<identity::Address, std::shared_ptr<const Peer>>;

// Peers as one Step sees them: the table, and the copies that it changed.
class PeerEdits {
 public:
  explicit PeerEdits(const PeerTable& base) : base_(&base) {}

  const Peer* Find(const identity::Address& address) const;
  // Everybody, in order.
  std::vector<identity::Address> All() const;
  // To change; made when there is none. Stable until the Step ends.
  Peer& Edit(const identity::Address& address, Timestamp now);
  // Into the transaction; once, before the commit.
  absl::Status Save(store::Peers& peers) const;
  // After the commit.
  void ApplyTo(PeerTable& table) &&;

 private:
  const PeerTable* base_;
  absl::flat_hash_map<identity::Address, std::shared_ptr<Peer>> changed_;
};

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_PEER_H_
