#ifndef PAWL_STORE_CONVERSATIONS_H_
#define PAWL_STORE_CONVERSATIONS_H_

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/status.h"
#include "store/gateway.h"

namespace pawl::store {

struct ConversationRow {
  ConversationId id;
  std::string peer;  // name@domain
  Timestamp created_at;
  Timestamp last_activity_at;
  uint32_t unread = 0;
  uint32_t expires_in_s = 0;  // timer for new messages; 0: never
};

class Conversations : Gateway {
 public:
  using Gateway::Gateway;
  absl::StatusOr<std::optional<ConversationRow>> Find(const ConversationId& id);
  // Most recent activity first; `after` is the last row of the page before, null to start.
  absl::StatusOr<std::vector<ConversationRow>> List(const ConversationRow* after, size_t limit);
  // Inserts or replaces.
  absl::Status Save(const ConversationRow& row);
  // Activity never goes back; unread grows by `unread`. kNotFound.
  absl::Status Touch(const ConversationId& id, Timestamp activity, uint32_t unread);
  absl::Status SetUnread(const ConversationId& id, uint32_t unread);  // kNotFound
  // With its messages.
  absl::Status Erase(const ConversationId& id);
};

}  // namespace pawl::store

#endif  // PAWL_STORE_CONVERSATIONS_H_
