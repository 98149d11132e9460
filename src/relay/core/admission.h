#ifndef PAWL_RELAY_CORE_ADMISSION_H_
#define PAWL_RELAY_CORE_ADMISSION_H_

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "relay/core/limits.h"
#include "relay/core/peer.h"

namespace pawl::relay {

// Who may connect at all, decided before TLS costs anything: at most so many connections together
// and per peer, and so many new ones per second and peer. One thread at a time.
class Admission {
 public:
  struct Limits {
    uint32_t connections = 0;
    uint32_t per_peer = kMaxConnectionsPerPeer;
    // The share of one peer, so that it takes several to fill the relay.
    static uint32_t ShareOf(uint32_t connections) {
      return std::clamp(connections / 8, kMinConnectionsPerPeer, kMaxConnectionsPerPeer);
    }
    double rate_scale = 1;
  };
  explicit Admission(const Limits& limits) : limits_(limits), buckets_(kMaxBuckets) {}

  // True: the socket counts until Release.
  bool Admit(const PeerNetwork& peer, Timestamp now);
  void Release(const PeerNetwork& peer);
  uint32_t open() const { return open_; }

 private:
  const Limits limits_;
  BucketTable buckets_;
  absl::flat_hash_map<PeerNetwork, uint32_t> per_peer_;
  uint32_t open_ = 0;
};

}  // namespace pawl::relay

#endif  // PAWL_RELAY_CORE_ADMISSION_H_
