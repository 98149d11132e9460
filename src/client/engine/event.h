#ifndef PAWL_CLIENT_ENGINE_EVENT_H_
#define PAWL_CLIENT_ENGINE_EVENT_H_

#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/status.h"
#include "crypto/secret.h"
#include "identity/address.h"

namespace pawl::client {

// Numbers are stored and cross the C ABI: never reused or renumbered.
enum class EventKind : int32_t {
  // Durable: have an inbox number, come again after a restart until AckInbox.
  kRegistered = 1,         // the account and this device exist at the relay
  kMessage = 2,            // peer, device, message, content
  kReceipt = 3,            // peer, receipt, messages: of ours that reached the peer's app or eyes
  kMessageState = 4,       // message of ours, state, code when failed or held up
  kContactRequest = 5,     // peer (a stranger) wants to talk; data: the name it gives itself, UTF-8
  kContactAnswer = 6,      // peer; code kOk: accepted, kBlocked: declined
  kIdentityChanged = 7,    // peer; data: the new account key; nothing is sent before AcceptIdentity
  kDeviceListWarning = 8,  // peer (or ourselves), warning
  kDeviceAdded = 9,        // peer (or ourselves), device
  kDeviceRemoved = 10,     // peer (or ourselves), device
  kSessionReset = 11,      // peer, device: a new session without knowledge of the confirmed old one
  kAttachmentDone = 12,    // peer, message: uploaded (ours) or on disk, verified (theirs)
  kAttachmentFailed = 13,  // peer, message, code
  kContactChanged = 14,    // peer, contact: another device of ours changed it
  kReadElsewhere = 15,     // peer, messages: read on another device of ours
  kDeviceRemovedSelf = 16,  // this device is no longer in the account's list: it only reads
  // Ephemeral: number 0, lost with the process.
  kConnection = 101,  // connection, code, retry_at
  kProgress = 102,    // message, done, total
  kTyping = 103,      // peer, device, active
  kCompleted = 104,   // request, code, data: the request's result
  kDrained = 105,     // commands are taken again
};
constexpr bool IsDurable(EventKind kind) { return static_cast<int32_t>(kind) < 100; }

// Of a message. In kMessageState events: of one of ours, over all devices of the recipient;
// receipts have events of their own. The rest is what history shows.
enum class MessageState : int32_t {
  kQueued = 1,     // durable here; `code` kOk, or what holds it up (kPeerBundleExpired, …)
  kAtRelay = 2,    // every device of the recipient has it waiting at the relay
  kConfirmed = 3,  // durable on a device of the recipient
  kDelivered = 4,  // history: the recipient's app took it
  kRead = 5,       // history: read by the recipient, or (theirs) by us
  kFailed = 6,     // ended, `code` says why
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

enum class ConnectionState : int32_t { kOffline = 1, kConnecting = 2, kOnline = 3 };

// One thing that happened, flat: which fields mean something stands at the kind. Move-only, since
// it may own plaintext; that is wiped with it. Thread-compatible.
struct Event {
  EventKind kind = EventKind::kCompleted;
  InboxSeq seq;
  Timestamp at;
  Code code = Code::kOk;
  RequestId request;
  std::optional<identity::Address> peer;
  DeviceId device;
  ConversationId conversation;
  MessageId message;
  std::vector<MessageId> messages;
  MessageState state = MessageState::kQueued;
  ReceiptKind receipt = ReceiptKind::kDelivered;
  ListWarning warning = ListWarning::kStale;
  ContactState contact = ContactState::kNone;
  ConnectionState connection = ConnectionState::kOffline;
  bool active = false;
  Timestamp retry_at;
  uint64_t done = 0;
  uint64_t total = 0;
  crypto::SecretBytes content;  // verified content bytes, read through ContentView
  Bytes data;
};

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_EVENT_H_
