#include "client/runner/reads.h"

#include <algorithm>
#include <utility>

namespace pawl::runner {
namespace {

// The store's numbers and the app's are the same.
template <typename To, typename From>
constexpr bool Same(To to, From from) {
  return static_cast<int>(to) == static_cast<int>(from);
}
static_assert(Same(client::MessageState::kQueued, store::MessageState::kQueued));
static_assert(Same(client::MessageState::kAtRelay, store::MessageState::kAtRelay));
static_assert(Same(client::MessageState::kConfirmed, store::MessageState::kConfirmed));
static_assert(Same(client::MessageState::kDelivered, store::MessageState::kDelivered));
static_assert(Same(client::MessageState::kRead, store::MessageState::kRead));
static_assert(Same(client::MessageState::kFailed, store::MessageState::kFailed));
static_assert(Same(client::MessageState::kReceived, store::MessageState::kReceived));
static_assert(Same(client::MessageState::kDeleted, store::MessageState::kDeleted));
static_assert(Same(client::ContactState::kNone, store::ContactState::kNone));
static_assert(Same(client::ContactState::kRequested, store::ContactState::kRequested));
static_assert(Same(client::ContactState::kAsking, store::ContactState::kAsking));
static_assert(Same(client::ContactState::kAccepted, store::ContactState::kAccepted));
static_assert(Same(client::ContactState::kBlocked, store::ContactState::kBlocked));

HistoryMessage FromRow(store::MessageRow row) {
  HistoryMessage message;
  message.position = *row.row;
  message.id = row.id;
  message.conversation = row.conversation;
  message.sender = std::move(row.sender);
  message.sender_device = row.sender_device;
  message.outgoing = row.direction == store::Direction::kOutgoing;
  message.state = static_cast<client::MessageState>(row.state);
  message.failure = row.failure;
  message.sent_at = row.sent_at;
  message.received_at = row.received_at;
  message.content = std::move(row.content);
  return message;
}

}  // namespace

absl::StatusOr<std::vector<HistoryMessage>> ReadHistory(store::Reader& reader,
                                                        const ConversationId& conversation,
                                                        int64_t before, size_t limit) {
  std::optional<store::MessageRowId> from;
  if (before != 0) from = store::MessageRowId(before);
  PAWL_ASSIGN(auto rows, reader.History(conversation, from, limit));
  std::vector<HistoryMessage> messages;
  messages.reserve(rows.size());
  for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
    messages.push_back(FromRow(std::move(*row)));
  }
  return messages;
}

absl::StatusOr<std::vector<ListedConversation>> ReadConversations(store::Reader& reader) {
  std::vector<ListedConversation> listed;
  std::optional<store::ConversationRow> last;
  while (true) {
    PAWL_ASSIGN(auto rows, reader.Conversations(last ? &*last : nullptr, store::kMaxPage));
    for (const store::ConversationRow& row : rows) {
      listed.push_back({row.id, row.peer, row.unread, row.last_activity_at});
    }
    if (rows.size() < store::kMaxPage) return listed;
    last = std::move(rows.back());
  }
}

absl::StatusOr<std::vector<ListedContact>> ReadContacts(store::Reader& reader) {
  std::vector<ListedContact> listed;
  std::string after;
  while (true) {
    PAWL_ASSIGN(auto rows, reader.Contacts(after, store::kMaxPage));
    for (store::ContactRow& row : rows) {
      after = row.address;
      if (row.state == store::ContactState::kNone && !row.identity_changed) continue;
      listed.push_back({std::move(row.address), std::move(row.display_name),
                        static_cast<client::ContactState>(row.state), row.verified,
                        row.identity_changed});
    }
    if (rows.size() < store::kMaxPage) return listed;
  }
}

absl::StatusOr<identity::AccountPublic> ReadAccountKey(store::Reader& reader,
                                                       std::string_view address) {
  PAWL_ASSIGN(const auto peer, reader.Peer(address));
  if (!peer || peer->account_key == identity::AccountPublic{}) {
    return Fail(Code::kNotFound, "the account's key is not known yet");
  }
  return peer->account_key;
}

}  // namespace pawl::runner
