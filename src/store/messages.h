#ifndef PAWL_STORE_MESSAGES_H_
#define PAWL_STORE_MESSAGES_H_

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

namespace pawl::store {

enum class Direction : uint8_t { kIncoming = 0, kOutgoing = 1 };

enum class MessageState : uint8_t {
  kQueued = 1,     // outgoing: durable here
  kAtRelay = 2,    // outgoing: the relay has it for every recipient device
  kConfirmed = 3,  // outgoing: durable at a recipient device
  kFailed = 4,     // outgoing, with `failure`
  kDelivered = 5,  // outgoing: receipt
  kRead = 6,       // outgoing: receipt; incoming: the app said so
  kReceived = 7,   // incoming
  kDeleted = 8,    // content erased
};

// A message is named by (conversation, sender, id): the id alone is the sender's choice and may be
// somebody else's.
struct MessageName {
  ConversationId conversation;
  std::string_view sender;  // account address
  MessageId id;
};

// To insert; `content` (the verified FlatBuffers Content) is bound where it lies.
struct NewMessage {
  MessageName name;
  Direction direction = Direction::kIncoming;
  DeviceId sender_device;
  Timestamp sent_at;      // sender's clock
  Timestamp received_at;  // ours; for outgoing ones when it was accepted
  ByteView content;
  MessageState state = MessageState::kReceived;
  Timestamp expires_at = kNever;
};

struct MessageRow {
  MessageRowId row;  // order of the conversation as this device saw it
  ConversationId conversation;
  MessageId id;
  std::string sender;
  DeviceId sender_device;
  Direction direction = Direction::kIncoming;
  Timestamp sent_at;
  Timestamp received_at;
  crypto::SecretBytes content;  // empty when kDeleted
  MessageState state = MessageState::kReceived;
  Code failure = Code::kOk;
  Timestamp expires_at = kNever;
};

class Messages : Gateway {
 public:
  using Gateway::Gateway;
  // kAlreadyExists when the sender used this id in this conversation before.
  absl::StatusOr<MessageRowId> Insert(const NewMessage& message);
  absl::StatusOr<std::optional<MessageRow>> Find(const MessageName& name);
  // Whatever has this id: usually one, more when a sender reused somebody else's; at most 16.
  absl::StatusOr<std::vector<MessageRow>> FindById(const MessageId& id);
  // Newest first; `before` nullopt starts at the newest, else rows with row < before.
  absl::StatusOr<std::vector<MessageRow>> History(const ConversationId& conversation,
                                                  std::optional<MessageRowId> before, size_t limit);
  // The newest message of a sender's device among the latest `look_back` of the conversation.
  absl::StatusOr<std::optional<MessageId>> NewestFrom(const ConversationId& conversation,
                                                      std::string_view sender, DeviceId device,
                                                      size_t look_back);
  absl::StatusOr<std::optional<MessageState>> FindState(const MessageName& name);
  // kNotFound. `failure` is kept with kFailed and else kOk.
  absl::Status SetState(const MessageName& name, MessageState state, Code failure = Code::kOk);
  absl::Status SetContent(const MessageName& name, ByteView content);     // an edit; kNotFound
  absl::Status SetExpiry(const MessageName& name, Timestamp expires_at);  // kNotFound
  // Content gone, row stays as kDeleted. kNotFound.
  absl::Status EraseContent(const MessageName& name);
  // Erases at most `limit` rows with expires_at <= now; returns how many.
  absl::StatusOr<uint32_t> EraseExpired(Timestamp now, size_t limit);
  // The earliest expires_at; kNever when none expires.
  absl::StatusOr<Timestamp> NextExpiry();
};

}  // namespace pawl::store

#endif  // PAWL_STORE_MESSAGES_H_
