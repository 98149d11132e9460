#ifndef PAWL_RELAY_CORE_PEER_H_
#define PAWL_RELAY_CORE_PEER_H_

#include "base/bytes.h"
#include "base/strong_alias.h"

namespace pawl::relay {

// Chosen by the adapter, never used again.
using ConnectionId = StrongAlias<struct ConnectionIdTag, uint64_t>;

// Whom limits count as one: an IPv4 address (as ::ffff:a.b.c.d) or an IPv6 /64. Used for limits
// alone, never stored.
using PeerNetwork = ByteArray<16>;

struct PeerInfo {
  PeerNetwork network{};
  ByteArray<32> channel_binding{};  // RFC 9266 tls-exporter; zero without TLS
};

}  // namespace pawl::relay

#endif  // PAWL_RELAY_CORE_PEER_H_
