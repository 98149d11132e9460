#include "relay/core/byte_budget.h"

#include <algorithm>

namespace pawl::relay {

void ByteBudget::Add(ConnectionId id, const PeerNetwork& peer, size_t bytes) {
  if (bytes == 0) return;
  Holding& holding = holdings_[id];
  holding.peer = peer;
  holding.bytes += bytes;
  Peer& whole = peers_[peer];
  whole.bytes += bytes;
  whole.connections.insert(id);
  bytes_ += bytes;
}

void ByteBudget::Release(ConnectionId id, size_t bytes) {
  const auto found = holdings_.find(id);
  if (found == holdings_.end()) return;
  const size_t given_back = std::min(bytes, found->second.bytes);
  const auto peer = peers_.find(found->second.peer);
  found->second.bytes -= given_back;
  peer->second.bytes -= given_back;
  bytes_ -= given_back;
  if (found->second.bytes > 0) return;
  peer->second.connections.erase(id);
  if (peer->second.connections.empty()) peers_.erase(peer);
  holdings_.erase(found);
}

void ByteBudget::ReleaseAll(ConnectionId id) { Release(id, HeldBy(id)); }

size_t ByteBudget::HeldBy(ConnectionId id) const {
  const auto found = holdings_.find(id);
  return found == holdings_.end() ? 0 : found->second.bytes;
}

ConnectionId ByteBudget::LargestOf(const Peer& peer) const {
  return *std::max_element(
      peer.connections.begin(), peer.connections.end(),
      [this](ConnectionId a, ConnectionId b) { return HeldBy(a) < HeldBy(b); });
}

std::optional<ConnectionId> ByteBudget::Victim(const PeerNetwork& peer) const {
  const auto own = peers_.find(peer);
  if (own != peers_.end() && own->second.bytes > limits_.per_peer) return LargestOf(own->second);
  if (bytes_ <= limits_.in_all) return std::nullopt;
  const auto heaviest = std::max_element(
      peers_.begin(), peers_.end(),
      [](const auto& a, const auto& b) { return a.second.bytes < b.second.bytes; });
  return LargestOf(heaviest->second);
}

}  // namespace pawl::relay
