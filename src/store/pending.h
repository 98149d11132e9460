#ifndef PAWL_STORE_PENDING_H_
#define PAWL_STORE_PENDING_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/status.h"
#include "crypto/secret.h"
#include "store/gateway.h"
#include "store/ids.h"
#include "store/outbox.h"

namespace pawl::store {

// Why content could not be sealed yet.
enum class PendingReason : uint8_t {
  kNeedsDirectory = 1,   // the account's device list
  kNeedsBundle = 2,      // prekeys of the device
  kBundleExpired = 3,    // the device has none that is valid
  kIdentityChanged = 4,  // the app must decide first
  kNeedsAttachment = 5,  // an upload must end before the pointer may go
  kNeedsAcceptance = 6,  // the contact request is not answered
};

// Content that waits for a session. `content` is bound where it lies.
struct NewPending {
  MessageId message;
  ConversationId conversation;
  std::string_view address;  // the recipient's account
  DeviceId device;           // 0: every device of the account
  ByteView content;
  OutboxClass cls = OutboxClass::kMessage;
  PendingReason reason = PendingReason::kNeedsDirectory;
  Timestamp created_at;
  Timestamp not_before;
  Timestamp expires_at = kNever;
};

struct PendingRow {
  PendingId id;
  MessageId message;
  ConversationId conversation;
  std::string address;
  DeviceId device;
  crypto::SecretBytes content;
  OutboxClass cls = OutboxClass::kMessage;
  PendingReason reason = PendingReason::kNeedsDirectory;
  uint32_t attempts = 0;
  Timestamp created_at;
  Timestamp not_before;
  Timestamp expires_at = kNever;
};

class Pending : Gateway {
 public:
  using Gateway::Gateway;
  absl::StatusOr<PendingId> Add(const NewPending& pending);
  // By id, the order they were accepted in; `device` 0 finds rows of every device.
  absl::StatusOr<std::vector<PendingRow>> LoadFor(std::string_view address, DeviceId device,
                                                  size_t limit);
  absl::StatusOr<std::vector<PendingRow>> LoadMessage(const MessageId& message);
  // Rows with not_before <= now and id > after, by id.
  absl::StatusOr<std::vector<PendingRow>> Due(Timestamp now, PendingId after, size_t limit);
  absl::StatusOr<Timestamp> NextDue();  // kNever when nothing waits
  // attempts + 1. kNotFound.
  absl::Status Retry(PendingId id, PendingReason reason, Timestamp not_before);
  absl::Status Erase(PendingId id);
  absl::StatusOr<std::vector<PendingRow>> Expired(Timestamp now, size_t limit);
};

}  // namespace pawl::store

#endif  // PAWL_STORE_PENDING_H_
