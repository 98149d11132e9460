#ifndef PAWL_RELAY_CORE_STATE_H_
#define PAWL_RELAY_CORE_STATE_H_

#include <deque>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "crypto/voprf.h"
#include "relay/core/byte_budget.h"
#include "relay/core/config.h"
#include "relay/core/connection.h"
#include "relay/core/stats.h"
#include "relay/engine/engine.h"
#include "wire/tokens.h"

namespace pawl::relay {

// Why the storage was asked, which says what its answer means.
enum class Purpose : uint8_t {
  kAuthenticate,
  kAttach,
  kDeliver,
  kAcknowledge,
  kExpire,
  kRemovals,
  kPeek,
  kLookup,
  kRegister,
  kPutList,
  kPutEpoch,
  kPutPrekeys,
  kTakePrekey,
  kPutKey,
  kSend,
  kBlobBegin,
  kBlobAppend,
  kBlobCommit,
  kBlobRead,
  kBlobDelete,
  kTokenSeed,
  kTokenIssue,
};

// An ephemeral message on its way past the storage.
struct Passing {
  EnvelopeId id;
  Timestamp received;
  Bytes envelope;
};

// Blinded elements that are evaluated once they are counted.
struct Issuing {
  uint32_t period = 0;
  wire::TokenKind kind = wire::TokenKind::kSmall;
  Bytes blinded;
};

// One request to the storage that has not completed.
struct Pending {
  ConnectionId connection;  // 0: the relay's own
  Purpose purpose = Purpose::kExpire;
  uint64_t req = 0;      // the client's
  size_t bytes = 0;      // that it holds in memory
  bool counted = false;  // against the connection's limits
  std::unique_ptr<Passing> passing;
  std::unique_ptr<Issuing> issuing;
  std::vector<MailboxCursor> cursors;  // of an ACK
};

// The keys of quota tokens, as far as they were needed.
struct TokenMint {
  static constexpr size_t kMaxKeys = 8;  // two kinds of this period and the one before, and some
  std::shared_ptr<const engine::TokenSeed> seed;
  bool asking = false;
  std::map<std::pair<uint32_t, uint8_t>, crypto::VoprfKey> keys;  // by period and kind
};

// Everything the core knows. Plain data; the reducers change it.
struct State {
  explicit State(Config relay_config)
      : config(std::move(relay_config)),
        buckets(kMaxBuckets),
        unread({kMaxUnreadBytes, kMaxUnreadBytesPerPeer}) {}

  Connection* Find(ConnectionId id) {
    const auto found = connections.find(id);
    return found == connections.end() ? nullptr : found->second.get();
  }

  const Config config;
  BucketTables buckets;
  ByteBudget unread;  // what connections have said and is not looked at yet
  absl::flat_hash_map<ConnectionId, std::unique_ptr<Connection>> connections;
  std::deque<ConnectionId>
      opening;  // by time; those that are READY or gone meanwhile are passed over
  size_t opening_count = 0;
  absl::flat_hash_map<engine::MailboxRef, ConnectionId> attached;  // device connections
  absl::flat_hash_set<ConnectionId> held_for_rate;
  // Deliveries and acknowledgements that wait for the storage to recover.
  absl::flat_hash_set<ConnectionId> stalled;

  absl::flat_hash_map<engine::OpId, Pending> pending;
  size_t pending_bytes = 0;
  uint64_t last_op = 0;
  Timestamp next_expiry;
  bool expiring = false;
  Timestamp next_removals;
  bool asking_removals = false;
  bool shutting_down = false;

  TokenMint tokens;

  std::vector<std::unique_ptr<wire::FrameWriter>> idle_writers;
  Stats stats;
};

}  // namespace pawl::relay

#endif  // PAWL_RELAY_CORE_STATE_H_
