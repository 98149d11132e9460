#ifndef PAWL_RELAY_CORE_BYTE_BUDGET_H_
#define PAWL_RELAY_CORE_BYTE_BUDGET_H_

#include <cstddef>
#include <optional>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "relay/core/peer.h"

namespace pawl::relay {

// Bytes that connections make the relay hold, bounded per peer network and in all. When a bound is
// passed, who holds the most has to go, not who happened to speak last: the connection that holds
// the most, of the peer that holds the most. One thread at a time.
class ByteBudget {
 public:
  struct Limits {
    size_t in_all = 0;
    size_t per_peer = 0;
  };
  explicit ByteBudget(const Limits& limits) : limits_(limits) {}

  void Add(ConnectionId id, const PeerNetwork& peer, size_t bytes);
  // At most what was added.
  void Release(ConnectionId id, size_t bytes);
  void ReleaseAll(ConnectionId id);

  // Whom to give up, after `peer` added something; nothing when all is within bounds. To be asked
  // again after its ReleaseAll.
  std::optional<ConnectionId> Victim(const PeerNetwork& peer) const;

  size_t bytes() const { return bytes_; }
  size_t HeldBy(ConnectionId id) const;

 private:
  struct Peer {
    size_t bytes = 0;
    absl::flat_hash_set<ConnectionId> connections;
  };
  struct Holding {
    PeerNetwork peer{};
    size_t bytes = 0;
  };
  ConnectionId LargestOf(const Peer& peer) const;

  const Limits limits_;
  size_t bytes_ = 0;
  absl::flat_hash_map<ConnectionId, Holding> holdings_;
  absl::flat_hash_map<PeerNetwork, Peer> peers_;
};

}  // namespace pawl::relay

#endif  // PAWL_RELAY_CORE_BYTE_BUDGET_H_
