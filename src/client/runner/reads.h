#ifndef PAWL_CLIENT_RUNNER_READS_H_
#define PAWL_CLIENT_RUNNER_READS_H_

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/status.h"
#include "client/engine/event.h"
#include "identity/device_list.h"
#include "store/reader.h"

namespace pawl::runner {

// Committed state as an app lists it, read on the caller's thread.

struct HistoryMessage {
  int64_t position = 0;  // in the order in which this device saw the conversation
  MessageId id;
  ConversationId conversation;
  std::string sender;
  DeviceId sender_device;
  bool outgoing = false;
  client::MessageState state = client::MessageState::kReceived;
  Code failure = Code::kOk;
  Timestamp sent_at;
  Timestamp received_at;
  crypto::SecretBytes content;  // empty: deleted
};
// Oldest first: the last `limit` before the one at position `before`, or the latest (0).
absl::StatusOr<std::vector<HistoryMessage>> ReadHistory(store::Reader& reader,
                                                        const ConversationId& conversation,
                                                        int64_t before, size_t limit);

struct ListedConversation {
  ConversationId id;
  std::string peer;
  uint32_t unread = 0;
  Timestamp last_activity_at;
};
// The latest active first.
absl::StatusOr<std::vector<ListedConversation>> ReadConversations(store::Reader& reader);

struct ListedContact {
  std::string address;
  std::string name;
  client::ContactState state = client::ContactState::kNone;
  bool verified = false;
  bool identity_changed = false;
};
// By address; those of whom no more is known than their device list are left out.
absl::StatusOr<std::vector<ListedContact>> ReadContacts(store::Reader& reader);

// The key that is accepted, which a safety number shows; another one that waits for the app's word
// is not. kNotFound: no list of theirs was fetched yet.
absl::StatusOr<identity::AccountPublic> ReadAccountKey(store::Reader& reader,
                                                       std::string_view address);

}  // namespace pawl::runner

#endif  // PAWL_CLIENT_RUNNER_READS_H_
