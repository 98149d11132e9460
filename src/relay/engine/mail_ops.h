#ifndef PAWL_RELAY_ENGINE_MAIL_OPS_H_
#define PAWL_RELAY_ENGINE_MAIL_OPS_H_

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/status.h"

namespace pawl::relay::engine {

// Mailboxes. Each operation is followed by its result. Value types only; every result has a `code`,
// kOk when it was done; with any other code nothing was changed. Any operation may end with
// kDiskFull (works again when there is room), kStorage, kIo or kCorrupt.

// A device's mailbox as the engine numbers it: never reused, 0 is none. Attach gives it.
using MailboxRef = StrongAlias<struct MailboxRefTag, int64_t>;

// Opens a mailbox for delivery at this relay process. A distributed engine takes the device's lease
// here, so that the process that held it before is fenced off and wake-ups come here.
struct Attach {
  std::string account;  // name@domain
  DeviceId device;
  Timestamp now;
};
struct Attached {
  Code code = Code::kOk;  // kNotFound
  MailboxRef mailbox;
  MailboxCursor newest;  // of the messages waiting; 0 when there are none
  uint32_t queue = 0;    // messages waiting
  uint32_t one_time_left = 0;
  uint32_t list_version = 0;
  DeviceEpoch epoch;  // 0: none put yet
  Bytes anchor;
  Bytes epoch_record;
};

enum class SendPath : uint8_t {
  kDeliveryKey,  // the sender knows the account's delivery key
  kRequest,      // a stranger
};

// Idempotent by (mailbox, id) until kDedupeAfterAck after its acknowledgement.
struct Append {
  std::string account;
  DeviceId device;
  EnvelopeId id;
  SendPath path = SendPath::kDeliveryKey;
  std::optional<ByteArray<32>> delivery_key;
  bool urgent = true;
  bool ephemeral = false;  // check everything, store nothing
  Timestamp received;
  Timestamp expires;
  Bytes envelope;
  // What one connection sends to one mailbox, in order; 0: not in a line. Where one of a line is
  // refused, those that follow it are too, until one comes that does not follow.
  uint64_t line = 0;
  bool follows = false;
};
struct Appended {
  // kAuthFailed: wrong key or no such account, at equal cost. kNotFound: no such device (with the
  // right key), or on the request path no such account. kQuotaExceeded: the mailbox is full.
  // kWouldBlock: one that it follows was refused.
  Code code = Code::kOk;
  bool duplicate = false;
  MailboxRef mailbox;
  MailboxCursor cursor;  // 0 when ephemeral
  uint32_t list_version = 0;
};

struct FetchMail {
  MailboxRef mailbox;
  MailboxCursor after;
  uint32_t max_messages = 0;
  size_t max_bytes = 0;  // at least one message comes, whatever its size
  Timestamp now;         // expired messages are passed over
};
struct StoredMessage {
  MailboxCursor cursor;
  EnvelopeId id;
  Timestamp received;
  Bytes envelope;
};
struct FetchedMail {
  Code code = Code::kOk;
  std::vector<StoredMessage> messages;  // by rising cursor
  bool more = false;
};

// Deletes. Cursors that are not there, or another mailbox's, are passed over.
struct Acknowledge {
  MailboxRef mailbox;
  std::vector<MailboxCursor> cursors;
  Timestamp now;
};
struct Acknowledged {
  Code code = Code::kOk;
  uint32_t removed = 0;
};

// Removes a bounded amount of what is past its time: messages, dedupe rows, one-time pairs, old
// delivery keys, invitations, blobs.
struct Expire {
  Timestamp now;
  uint32_t limit = 0;          // rows per kind
  uint32_t tokens_before = 0;  // spent tokens of periods before this one are forgotten
};
struct Expired {
  Code code = Code::kOk;
  bool more = false;
};

}  // namespace pawl::relay::engine

#endif  // PAWL_RELAY_ENGINE_MAIL_OPS_H_
