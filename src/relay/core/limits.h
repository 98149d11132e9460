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
// What came in one message and is not looked at before its connection is read from again: of all
// connections, and of those of one peer. Above it whoever holds the most of it is closed.
constexpr size_t kMaxUnreadBytes = 64 << 20;
constexpr size_t kMaxUnreadBytesPerPeer = 8 << 20;

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
// Ephemeral messages are in no window. A device gets this much of them at a time, the rest is
// dropped, as all of them are while it does not take what it has been sent.
constexpr size_t kMaxPassingBytes = 128 << 10;
constexpr Duration kPassingInterval = Milliseconds(100);
// Acknowledgements that the storage could not take yet, per connection. What is beyond comes again
// on the next one.
constexpr size_t kMaxUnstoredAcks = 4096;

constexpr Duration kMaxMailLife = Days(30);
constexpr Duration kBlobLife = Days(30);   // from its commit
constexpr Duration kUploadLife = Days(3);  // from its begin to its commit; if tokens paid for it,
                                           // from the last time, and kBlobLife from the first

// The expiry job.
constexpr Duration kExpiryInterval = Minutes(1);
constexpr uint32_t kExpiryStretch = 512;  // rows per kind and operation

// How long a client should wait after an error that passes by itself.
constexpr Duration kRetryBusy = Seconds(1);
constexpr Duration kRetryStorage = Seconds(5);
constexpr Duration kRetryDiskFull = Seconds(10);
constexpr Duration kRetryMailboxFull = Seconds(60);
constexpr Duration kRetryUploads = Seconds(10);

// After a shutdown everybody is told another time to come back: at least so long, and spread so
// that about so many come in a second.
constexpr Duration kReconnectAfter = Seconds(1);
constexpr Duration kReconnectSpreadLeast = Seconds(2);
constexpr Duration kReconnectSpreadMost = Minutes(2);
constexpr int64_t kReconnectsPerSecond = 200;

// How often the storage is asked what an administrator removed.
constexpr Duration kRemovalInterval = Seconds(2);

// Token buckets, with the rates of PROTOCOL.md §6. "Peer" is a network (peer.h). Those that are
// named by what a client says, which need not exist, stand behind one of the peer's own.
constexpr size_t kMaxBuckets = 65'536;  // of each kind
constexpr BucketSpec kFrameBucket{4000,
                                  2000};  // frames of one connection; above, it is read more slowly
constexpr BucketSpec kSendPeerBucket{3000, 200};   // SENDs per peer, wherever to
constexpr BucketSpec kSendBucket{600, 20};         // per peer and mailbox, with the delivery key
constexpr BucketSpec kRequestBucket{5, 1.0 / 60};  // per peer and mailbox, from strangers
constexpr BucketSpec kPrekeyPeerBucket{300, 2};    // PREKEY_TAKEs per peer, whosever
constexpr BucketSpec kPrekeyBucket{12, 1.0 / 60};  // per peer and account
constexpr BucketSpec kOneTimeBucket{100, 100.0 / 3600};  // one-time pairs per device, whoever asks
constexpr BucketSpec kLookupBucket{60, 1};               // DIR_GET per peer
constexpr BucketSpec kRegisterBucket{10, 6.0 / 3600};    // per peer
// ...with an invitation, where the relay wants one: as many as were handed out.
constexpr BucketSpec kRegisterInvitedBucket{200, 1};
constexpr BucketSpec kPutBucket{60, 0.2};          // lists, epochs, prekeys, keys, per device
constexpr BucketSpec kBlobBucket{240, 4};          // BLOB_BEGIN, _COMMIT, _DELETE per device
constexpr BucketSpec kBlobPeerBucket{240, 4};      // the same per peer, where nobody's name is said
constexpr BucketSpec kTokenKeysBucket{60, 1};      // TOKEN_KEYS_GET per peer
constexpr BucketSpec kTokenIssueBucket{80, 0.05};  // TOKEN_ISSUE per device
constexpr BucketSpec kConnectBucket{100, 20};      // new connections per peer (admission.h)
// At most so many of one peer, and an eighth of what there is room for, but a few always.
constexpr uint32_t kMaxConnectionsPerPeer = 1024;
constexpr uint32_t kMinConnectionsPerPeer = 32;

}  // namespace pawl::relay

#endif  // PAWL_RELAY_CORE_LIMITS_H_
