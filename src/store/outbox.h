#ifndef PAWL_STORE_OUTBOX_H_
#define PAWL_STORE_OUTBOX_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/status.h"
#include "store/gateway.h"
#include "store/ids.h"

namespace pawl::store {

enum class OutboxClass : uint8_t {
  kMessage = 1,  // the app sees what becomes of it
  kControl = 2,  // receipts, confirmations, keys
  kOwnCopy = 3,  // for our own other devices
};

enum class OutboxState : uint8_t {
  kQueued = 1,   // to be sent (again) from not_before on
  kAtRelay = 2,  // the relay has it, the frame is erased; waits for the device's confirmation
};

// One sealed envelope for one device. `frame` is bound where it lies, sent as it is, and never
// sealed again: a resend is the same bytes under the same envelope id.
struct NewOutbox {
  MessageId message;
  ConversationId conversation;
  std::string_view address;  // the recipient's account
  DeviceId device;
  SessionId session;
  EnvelopeId envelope;
  ByteView frame;
  OutboxClass cls = OutboxClass::kMessage;
  bool request = false;  // the strangers' path
  Timestamp created_at;
  Timestamp not_before;
  Timestamp expires_at = kNever;
};

struct OutboxRow {
  OutboxId id;
  MessageId message;
  ConversationId conversation;
  std::string address;
  DeviceId device;
  SessionId session;
  EnvelopeId envelope;
  uint64_t frame_size = 0;
  OutboxClass cls = OutboxClass::kMessage;
  OutboxState state = OutboxState::kQueued;
  bool request = false;
  uint32_t attempts = 0;
  Timestamp created_at;
  Timestamp not_before;
  Timestamp expires_at = kNever;
};

// How many rows of one message stand in which state.
struct OutboxCounts {
  uint32_t queued = 0;
  uint32_t at_relay = 0;
};

class Outbox : Gateway {
 public:
  using Gateway::Gateway;
  absl::StatusOr<OutboxId> Add(const NewOutbox& envelope);
  absl::StatusOr<std::optional<OutboxRow>> Find(OutboxId id);
  absl::StatusOr<std::optional<OutboxRow>> FindEnvelope(const EnvelopeId& envelope);
  // Queued rows with not_before <= now and id > after, by id: the order they were sealed in, which
  // is the order each recipient must get them in.
  absl::StatusOr<std::vector<OutboxRow>> Due(Timestamp now, OutboxId after, size_t limit);
  // The earliest not_before of queued rows; kNever when none is queued.
  absl::StatusOr<Timestamp> NextDue();
  // Replaces `out`'s content by the sealed envelope, one copy, reusing its memory. kNotFound, also
  // once the frame is erased.
  absl::Status ReadFrame(OutboxId id, Bytes& out);
  // attempts + 1, due again at `not_before`. kNotFound.
  absl::Status Retry(OutboxId id, Timestamp not_before);
  // kNotFound. The frame is erased.
  absl::Status MarkAtRelay(OutboxId id);
  absl::Status Erase(OutboxId id);
  // The rows of a message for one device, confirmed by it: erased, whether or not the relay has
  // said that it took them. Returns which they were; none: the device was not sent it.
  absl::StatusOr<std::vector<OutboxId>> EraseConfirmed(const MessageId& message,
                                                       std::string_view address, DeviceId device);
  absl::StatusOr<OutboxCounts> Count(const ConversationId& conversation, const MessageId& message);
  // Rows with expires_at <= now, any state; the engine says what becomes of their messages and
  // erases them.
  absl::StatusOr<std::vector<OutboxRow>> Expired(Timestamp now, size_t limit);
  // Rows for a device that is gone from its list.
  absl::StatusOr<std::vector<OutboxRow>> LoadFor(std::string_view address, DeviceId device,
                                                 size_t limit);
};

}  // namespace pawl::store

#endif  // PAWL_STORE_OUTBOX_H_
