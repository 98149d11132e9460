#ifndef PAWL_RELAY_CORE_CONNECTION_H_
#define PAWL_RELAY_CORE_CONNECTION_H_

#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "crypto/ed25519.h"
#include "identity/address.h"
#include "relay/core/limits.h"
#include "relay/core/peer.h"
#include "relay/core/token_bucket.h"
#include "relay/engine/mail_ops.h"
#include "wire/frame.h"

namespace pawl::relay {

enum class Stage : uint8_t {
  kHello,     // waits for HELLO
  kAuth,      // waits for AUTH
  kChecking,  // the storage is asked for the device
  kReady,
  kClosing,  // nothing it says counts any more
};

// What a device claims to be, until AUTH is checked.
struct Claim {
  identity::DeviceAddress device;
  wire::Nonce32 client_nonce{};
  MailboxCursor resume_after;
  crypto::Ed25519Signature signature{};
};

// How far a device's mail has been pushed down this connection.
struct Delivery {
  MailboxCursor pushed;       // everything up to here went out
  MailboxCursor backlog_end;  // the newest message at READY
  bool empty_said = false;
  bool fetching = false;
  bool wanted = true;  // there may be more in the storage
  uint32_t window = kMaxUnacknowledged;
  absl::flat_hash_map<MailboxCursor, size_t> unacknowledged;
  size_t unacknowledged_bytes = 0;
  std::vector<MailboxCursor> unstored_acks;  // that the storage is asked to take once more
  size_t passed_bytes = 0;                   // ephemeral messages since passed_since
  Timestamp passed_since;
};

// An authenticated device, in mode Device or Peek.
struct DeviceSession {
  identity::DeviceAddress device;
  crypto::Ed25519Public signing_key{};
  engine::MailboxRef mailbox;
  DeviceEpoch epoch;
  MailboxCursor resume_after;
  Delivery delivery;
};

// One connection. Small while it is idle: what only some have stands behind pointers.
struct Connection {
  Connection(ConnectionId connection_id, const PeerInfo& peer_info,
             const wire::Nonce32& relay_nonce, const BucketSpec& frame_spec, Timestamp now)
      : id(connection_id),
        peer(peer_info),
        nonce(relay_nonce),
        opened_at(now),
        frames(frame_spec, now) {}

  const ConnectionId id;
  const PeerInfo peer;
  const wire::Nonce32 nonce;
  const Timestamp opened_at;
  Stage stage = Stage::kHello;
  bool was_ready = false;  // at some time
  wire::fb::Mode mode = wire::fb::Mode::Anonymous;
  std::unique_ptr<Claim> claim;
  std::unique_ptr<DeviceSession> session;

  TokenBucket frames;
  // What came while it is held, oldest first: of the first message, the frames from first_unread
  // on.
  std::deque<Bytes> unread;
  size_t first_unread = 0;
  // Mailboxes to which no SEND that follows goes: it must not overtake what was refused.
  absl::flat_hash_set<BucketKey> stopped;
  size_t unanswered = 0;
  size_t unanswered_bytes = 0;
  bool held_for_answers = false;  // why nothing it says is looked at
  bool held_for_rate = false;
  bool busy = false;  // it does not take what it has been sent

  bool IsHeld() const { return held_for_answers || held_for_rate || busy; }

  std::unique_ptr<wire::FrameWriter> writer;  // only within a step
};

}  // namespace pawl::relay

#endif  // PAWL_RELAY_CORE_CONNECTION_H_
