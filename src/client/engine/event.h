#ifndef PAWL_CLIENT_ENGINE_EVENT_H_
#define PAWL_CLIENT_ENGINE_EVENT_H_

#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/status.h"
#include "crypto/ed25519.h"
#include "crypto/secret.h"
#include "identity/address.h"
#include "store/ids.h"

namespace pawl::client {

// Numbers are stored and are the C ABI's (pawl_event_type): never reused or renumbered.
enum class EventKind : int32_t {
  // Durable: have an inbox number, come again after a restart until AckInbox.
  kMessage = 1,  // peer, device, message, content; outgoing when another device of ours sent it
  kMessageState = 2,       // peer, message of ours, state, code when failed or held up
  kReceipt = 3,            // peer, device, message of ours, receipt
  kContactRequest = 4,     // peer (a stranger) wants to talk; text: the name it gives itself
  kContactAnswer = 5,      // peer, contact
  kIdentityChanged = 6,    // peer; key: the new account key; nothing is sent before AcceptIdentity
  kDeviceListWarning = 7,  // peer (or ourselves), warning, code
  kDeviceAdded = 8,        // peer (or ourselves), device
  kDeviceRemoved = 9,   // peer (or ourselves), device; this very device: it only reads from now on
  kDeviceRekeyed = 10,  // peer (or ourselves), device: same device, higher epoch
  // peer, device: a new session without knowledge of the confirmed old one; kIdentityChanged: it
  // was refused, for showing another identity for the same epoch.
  kSessionReset = 11,
  // code: mail that this copy of the store cannot have back, or that ended unread; peer, device:
  // its sender, where known.
  kGap = 12,
  kRegistered = 13,      // peer: ourselves; the account and this device exist at the relay
  kAttachment = 14,      // peer, message, code; text: a download's path
  kReadElsewhere = 15,   // peer, message: read on another device of ours
  kContactChanged = 16,  // peer, contact: another device of ours changed it
  kIdentityKept = 17,    // peer; key: the known one stands again, what another said is over
  // peer, device, code: mail of that device cannot be read, for now; it was asked to send it again.
  // kRepaired ends it.
  kUndecryptable = 18,
  // peer, device; code kOk: what it still had came again, before this; kExpired: it never answered.
  // count: of its last 1,000, what nobody can give back; 0 from devices of our own: not counted.
  kRepaired = 19,
  // code kSuperseded: another copy of this store went on as this device; this one only reads.
  kSuperseded = 20,
  // Ephemeral: number 0, lost with the process.
  kConnection = 100,  // connection, code, retry_at
  kProgress = 101,    // message, done, total
  kTyping = 102,      // peer, device, active
  kCompleted = 103,   // request, code, retry_at, data: the request's result
  kDrained = 104,     // the runner's own: commands are taken again
  kStore = 105,       // the runner's own: the store cannot be written, or can again
  kAnchor = 106,      // generation: to be kept by the host, which says AnchorKept
};
constexpr bool IsDurable(EventKind kind) { return static_cast<int32_t>(kind) < 100; }

// Of a message. In kMessageState events: of one of ours, over all devices of the recipient;
// receipts have events of their own. The rest is what history shows.
enum class MessageState : int32_t {
  kQueued = 1,     // durable here; `code` kOk, or what holds it up (kPeerBundleExpired, …)
  kAtRelay = 2,    // every device of the recipient has it waiting at the relay
  kConfirmed = 3,  // durable on a device of the recipient
  kFailed = 4,     // ended, `code` says why
  kDelivered = 5,  // history: the recipient's app took it
  kRead = 6,       // history: read by the recipient, or (theirs) by us
  kReceived = 7,   // history: theirs
  kDeleted = 8,    // history: content erased
};

enum class ReceiptKind : int32_t { kDelivered = 1, kRead = 2 };

enum class ListWarning : int32_t {
  kRolledBack = 1,  // the relay showed a list older than one seen before
  kForked = 2,      // two lists of one version, or one that does not chain
  kStale = 3,       // not re-signed for longer than identity::kDeviceListMaxAge + tolerance
  kFrozen = 4,      // a peer knows a newer list than the relay shows us
};

enum class ContactState : int32_t {
  kNone = 0,       // nothing said yet
  kRequested = 1,  // we asked, no answer yet
  kAsking = 2,     // they asked, we have not answered
  kAccepted = 3,
  kBlocked = 4,
};

enum class ConnectionState : int32_t {
  kOffline = 0,
  kConnecting = 1,
  kCatchingUp = 2,  // connected; what waited at the relay is being fetched
  kOnline = 3,
  kWaiting = 4,  // lost; tried again at retry_at
  kStopped = 5,  // given up until told otherwise: `code` says why
};

// One thing that happened, flat: which fields mean something stands at the kind. Move-only, since
// it may own plaintext; that is wiped with it. Thread-compatible.
struct Event {
  EventKind kind = EventKind::kCompleted;
  InboxSeq seq{};
  Timestamp at{};
  Code code = Code::kOk;
  RequestId request{};
  std::optional<identity::Address> peer{};
  DeviceId device{};
  ConversationId conversation{};
  MessageId message{};
  MessageState state = MessageState::kQueued;
  ReceiptKind receipt = ReceiptKind::kDelivered;
  ListWarning warning = ListWarning::kStale;
  ContactState contact = ContactState::kNone;
  ConnectionState connection = ConnectionState::kOffline;
  bool active = false;    // kTyping
  bool outgoing = false;  // kMessage
  Timestamp retry_at{};
  uint64_t done = 0;
  uint64_t total = 0;
  crypto::SecretBytes content{};  // verified content bytes, read through ContentView
  Timestamp sent_at{};            // kMessage: by the sender's clock
  std::string text{};
  crypto::Ed25519Public key{};
  Bytes data{};
  uint32_t count = 0;              // kRepaired
  store::Generation generation{};  // kAnchor
};

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_EVENT_H_
