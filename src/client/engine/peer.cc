#include "client/engine/peer.h"

#include <algorithm>
#include <utility>

#include "client/engine/codes.h"
#include "wire/content.h"

namespace pawl::client {

void Peer::Decide(store::ContactState to, Timestamp now) {
  Follow(to);
  const auto time = static_cast<uint64_t>(std::max<int64_t>(now.ms, 0));
  state_version = std::max(state_version, std::min(time, wire::kMaxSyncVersion));
}

void Peer::Follow(store::ContactState to) {
  state = to;
  state_version = std::min(state_version + 1, wire::kMaxSyncVersion);
}

bool Peer::Adopt(store::ContactState said, uint64_t version) {
  // Of what was said at once, what goes further: nobody is let in by chance.
  if (version < state_version || (version == state_version && said <= state)) return false;
  state_version = version;
  return std::exchange(state, said) != said;
}

store::PeerRow EncodePeer(const Peer& peer) {
  store::PeerRow row;
  row.address = peer.address.ToString();
  if (peer.list) {
    row.account_key = peer.list->fields().account_key;
    row.device_list = peer.list->record();
    row.list_version = peer.list->ref().version;
    row.list_hash = peer.list->ref().hash;
  } else if (peer.pin) {
    row.account_key = peer.pin->account_key;
    row.list_version = peer.pin->least.version;
    row.list_hash = peer.pin->least.hash;
  }
  row.list_checked_at = peer.list_checked_at;
  row.state = peer.state;
  row.state_version = peer.state_version;
  if (peer.delivery_key) row.delivery_key = crypto::SecretBytes::From(*peer.delivery_key);
  row.display_name = peer.display_name;
  row.verified = peer.verified;
  if (peer.pending) {
    row.pending_key = peer.pending->fields().account_key;
    row.pending_list = peer.pending->record();
  }
  row.created_at = peer.created_at;
  return row;
}

absl::StatusOr<Peer> DecodePeer(const store::PeerRow& row) {
  PAWL_ASSIGN(auto address, FromStore(identity::Address::Parse(row.address)));
  Peer peer{.address = std::move(address),
            .list_checked_at = row.list_checked_at,
            .state = row.state,
            .state_version = row.state_version,
            .display_name = row.display_name,
            .verified = row.verified,
            .created_at = row.created_at};
  if (!row.device_list.empty()) {
    PAWL_ASSIGN(peer.list, FromStore(identity::DeviceList::Parse(row.device_list)));
  } else if (row.account_key != identity::AccountPublic{}) {
    peer.pin = {row.account_key, {row.list_version, row.list_hash}};
  }
  if (row.pending_key) {
    PAWL_ASSIGN(peer.pending, FromStore(identity::DeviceList::Parse(row.pending_list)));
  }
  if (!row.delivery_key.empty()) {
    const ByteView key = row.delivery_key.Expose();
    if (key.size() != DeliveryKey().size()) return Fail(Code::kCorrupt, "delivery key size");
    std::copy(key.begin(), key.end(), peer.delivery_key.emplace().begin());
  }
  return peer;
}

const Peer* PeerEdits::Find(const identity::Address& address) const {
  if (auto it = changed_.find(address); it != changed_.end()) return it->second.get();
  if (auto it = base_->find(address); it != base_->end()) return it->second.get();
  return nullptr;
}

std::vector<identity::Address> PeerEdits::All() const {
  std::vector<identity::Address> all;
  for (const auto& [address, peer] : *base_) all.push_back(address);
  for (const auto& [address, peer] : changed_) {
    if (!base_->contains(address)) all.push_back(address);
  }
  std::sort(all.begin(), all.end());
  return all;
}

Peer& PeerEdits::Edit(const identity::Address& address, Timestamp now) {
  auto [it, fresh] = changed_.try_emplace(address);
  if (fresh) {
    auto known = base_->find(address);
    it->second = known != base_->end()
                     ? std::make_shared<Peer>(*known->second)
                     : std::make_shared<Peer>(Peer{.address = address, .created_at = now});
  }
  return *it->second;
}

absl::Status PeerEdits::Save(store::Peers& peers) const {
  for (const auto& [address, peer] : changed_) PAWL_TRY(peers.Save(EncodePeer(*peer)));
  return OkStatus();
}

void PeerEdits::ApplyTo(PeerTable& table) && {
  for (auto& [address, peer] : changed_) table[address] = std::move(peer);
}

}  // namespace pawl::client
