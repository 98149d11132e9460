#ifndef PAWL_STORE_INBOX_H_
#define PAWL_STORE_INBOX_H_

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/status.h"
#include "crypto/secret.h"
#include "store/gateway.h"

namespace pawl::store {

// One durable event for the app. The store knows neither kinds nor what `extra` means.
struct NewEvent {
  uint16_t kind = 0;
  ConversationId conversation;
  MessageId message;
  std::string_view peer;  // account address; may be empty
  DeviceId device;
  Code code = Code::kOk;
  ByteView extra;
  Timestamp at;
};

struct InboxRow {
  InboxSeq seq;
  uint16_t kind = 0;
  ConversationId conversation;
  MessageId message;
  std::string peer;
  DeviceId device;
  Code code = Code::kOk;
  crypto::SecretBytes extra;
  Timestamp at;
};

// What the app has not acknowledged, in the order it happened. A number is given once: rows are
// erased on acknowledgement and their numbers never come back, also not after a restart.
class Inbox : Gateway {
 public:
  using Gateway::Gateway;
  absl::StatusOr<InboxSeq> Append(const NewEvent& event);
  // seq > after, ascending.
  absl::StatusOr<std::vector<InboxRow>> Read(InboxSeq after, size_t limit);
  // Erases all with seq <= up_to. Idempotent. kInvalidArgument when up_to was never given out.
  absl::Status Ack(InboxSeq up_to);
  // Numbers given from now on are beyond all that another copy of this store can have given.
  absl::Status SkipAhead();
  // The highest number ever given out (0: none).
  absl::StatusOr<InboxSeq> Last();
  absl::StatusOr<uint64_t> Count();
};

}  // namespace pawl::store

#endif  // PAWL_STORE_INBOX_H_
