#ifndef PAWL_STORE_READER_H_
#define PAWL_STORE_READER_H_

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/status.h"
#include "store/conversations.h"
#include "store/ids.h"
#include "store/messages.h"
#include "store/peers.h"

namespace pawl::store {

constexpr size_t kMaxPage = 1000;  // rows; larger asks are cut

// Committed state, read-only, on a connection of its own: for history and contacts on the caller's
// thread. Each call sees the last commit. Never waits for the writer. Thread-compatible.
class Reader {
 public:
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  // Newest first; `before` nullopt starts at the newest, else rows with row < before.
  absl::StatusOr<std::vector<MessageRow>> History(const ConversationId& conversation,
                                                  std::optional<MessageRowId> before, size_t limit);
  absl::StatusOr<std::optional<MessageRow>> Message(const MessageName& name);
  // Most recent activity first; page by passing the last row of the page before.
  absl::StatusOr<std::vector<ConversationRow>> Conversations(const ConversationRow* after,
                                                             size_t limit);
  absl::StatusOr<std::optional<ConversationRow>> Conversation(const ConversationId& id);
  // By address, address > after ("" starts).
  absl::StatusOr<std::vector<ContactRow>> Contacts(std::string_view after, size_t limit);
  absl::StatusOr<std::optional<PeerRow>> Peer(std::string_view address);

  struct Impl;

 private:
  friend class Store;
  explicit Reader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace pawl::store

#endif  // PAWL_STORE_READER_H_
