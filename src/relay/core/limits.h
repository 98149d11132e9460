#ifndef PAWL_RELAY_CORE_LIMITS_H_
#define PAWL_RELAY_CORE_LIMITS_H_

#include <cstddef>
#include <cstdint>

#include "base/clock.h"
#include "relay/core/token_bucket.h"

namespace pawl::relay {

// Opening a connection.
constexpr Duration kOpeningTimeout = Seconds(5);  // until READY
constexpr size_t kMaxOpening = 2000;              // connections that are not READY yet

// What one connection may have unanswered: above it nothing more is read from it until half is
// answered. A peer can make the relay hold this much, one message, and its output queue (ws
// adapter), and no more.
constexpr size_t kMaxUnansweredRequests = 512;
constexpr size_t kMaxUnansweredBytes = 1 << 20;
// What all connections together may have waiting for the storage. Above it SEND and BLOB_CHUNK are
// told to come back.
constexpr size_t kMaxOutstandingRequests = 20'000;
constexpr size_t kMaxOutstandingBytes = 64 << 20;

// Mailboxes that refused something to a connection: what follows is refused too (PROTOCOL.md,
// SEND).
constexpr size_t kMaxStoppedMailboxes = 256;

// Delivery: what a device has been sent and has not acknowledged.
constexpr uint32_t kMaxUnacknowledged = 256;
constexpr size_t kMaxUnacknowledgedBytes = 1 << 20;
constexpr uint32_t kFetchMessages = 64;  // per read of the storage
constexpr size_t kFetchBytes = 256 << 10;
constexpr uint32_t kMaxPeekMessages = 256;
constexpr size_t kMaxPeekBytes = 1 << 20;

constexpr Duration kMaxMailLife = Days(30);
constexpr Duration kBlobLife = Days(30);

// The expiry job.
constexpr Duration kExpiryInterval = Minutes(1);
constexpr uint32_t kExpiryStretch = 512;  // rows per kind and operation

// How long a client should wait after an error that passes by itself.
constexpr Duration kRetryBusy = Seconds(1);
constexpr Duration kRetryStorage = Seconds(5);
constexpr Duration kRetryDiskFull = Seconds(10);
constexpr Duration kRetryMailboxFull = Seconds(60);
constexpr Duration kReconnectAfterShutdown = Seconds(2);

// Token buckets, with the rates of PROTOCOL.md §6. "Peer" is a network (peer.h).
constexpr size_t kMaxBuckets = 65'536;
constexpr BucketSpec kFrameBucket{4000,
                                  2000};  // frames of one connection; above, it is read more slowly
constexpr BucketSpec kSendBucket{600, 20};         // per peer and mailbox, with the delivery key
constexpr BucketSpec kRequestBucket{5, 1.0 / 60};  // per peer and mailbox, from strangers
constexpr BucketSpec kPrekeyBucket{12, 1.0 / 60};  // per peer and account
constexpr BucketSpec kOneTimeBucket{100, 100.0 / 3600};  // one-time pairs per device, whoever asks
constexpr BucketSpec kLookupBucket{60, 1};               // DIR_GET per peer
constexpr BucketSpec kRegisterBucket{10, 6.0 / 3600};    // per peer
constexpr BucketSpec kPutBucket{60, 0.2};                // lists, epochs, prekeys, keys, per device
constexpr BucketSpec kConnectBucket{100, 20};            // new connections per peer (admission.h)
constexpr uint32_t kMaxConnectionsPerPeer = 1024;

}  // namespace pawl::relay

#endif  // PAWL_RELAY_CORE_LIMITS_H_
