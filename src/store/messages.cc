#include "store/messages.h"

#include "store/rows.h"

#define PAWL_MESSAGE_COLUMNS                                                         \
  "conversation, id, sender, sender_device, direction, sent_at, received_at, state," \
  " failure, expires_at, content"
#define PAWL_WHERE_NAME " WHERE id = ?1 AND conversation = ?2 AND sender = ?3"

namespace pawl::store {
namespace {

constexpr size_t kMaxSameMessageId = 16;

void ReadMessage(Columns& in, MessageRow& row) {
  in.ReadAll(row.row, row.conversation, row.id, row.sender, row.sender_device);
  in.ReadEnum(row.direction, Direction::kIncoming, Direction::kOutgoing);
  in.ReadAll(row.sent_at, row.received_at);
  in.ReadEnum(row.state, MessageState::kQueued, MessageState::kDeleted);
  in.ReadAll(row.failure, row.expires_at, row.content);
}

template <typename... T>
void BindName(db::Statement& statement, const MessageName& name, const T&... more) {
  BindValues(statement, name.id, name.conversation, name.sender, more...);
}

}  // namespace

absl::StatusOr<MessageRowId> Messages::Insert(const NewMessage& message) {
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("INSERT INTO message (" PAWL_MESSAGE_COLUMNS
                              ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                              " ON CONFLICT (id, conversation, sender) DO NOTHING"));
  BindValues(change, message.name.conversation, message.name.id, message.name.sender,
             message.sender_device, message.direction, message.sent_at, message.received_at,
             message.state, Code::kOk, message.expires_at, message.content);
  PAWL_TRY(batch().ChangeOr(change, Code::kAlreadyExists, "this message is there already"));
  return MessageRowId(batch().LastInsertRowid());
}

absl::StatusOr<std::optional<MessageRow>> Messages::Find(const MessageName& name) {
  PAWL_ASSIGN(db::Statement query,
              batch().Prepare("SELECT row, " PAWL_MESSAGE_COLUMNS " FROM message" PAWL_WHERE_NAME));
  BindName(query, name);
  return FirstRow<MessageRow>(batch(), query, ReadMessage);
}

absl::StatusOr<std::vector<MessageRow>> Messages::FindById(const MessageId& id) {
  PAWL_ASSIGN(db::Statement query,
              batch().Prepare("SELECT row, " PAWL_MESSAGE_COLUMNS
                              " FROM message WHERE id = ? ORDER BY row LIMIT ?"));
  BindValues(query, id, RowLimit(kMaxSameMessageId));
  return CollectRows<MessageRow>(batch(), query, ReadMessage);
}

absl::StatusOr<std::vector<MessageRow>> Messages::History(const ConversationId& conversation,
                                                          std::optional<MessageRowId> before,
                                                          size_t limit) {
  PAWL_ASSIGN(db::Statement query,
              batch().Prepare("SELECT row, " PAWL_MESSAGE_COLUMNS
                              " FROM message WHERE conversation = ? AND row < ?"
                              " ORDER BY row DESC LIMIT ?"));
  BindValues(query, conversation, before.value_or(MessageRowId(INT64_MAX)), RowLimit(limit));
  return CollectRows<MessageRow>(batch(), query, ReadMessage);
}

absl::StatusOr<std::optional<MessageId>> Messages::NewestFrom(const ConversationId& conversation,
                                                              std::string_view sender,
                                                              DeviceId device, size_t look_back) {
  PAWL_ASSIGN(db::Statement query,
              batch().Prepare("SELECT id FROM (SELECT row, id, sender, sender_device FROM message"
                              " WHERE conversation = ?1 ORDER BY row DESC LIMIT ?4)"
                              " WHERE sender = ?2 AND sender_device = ?3"
                              " ORDER BY row DESC LIMIT 1"));
  BindValues(query, conversation, sender, device, RowLimit(look_back));
  return FirstRow<MessageId>(batch(), query, [](Columns& in, MessageId& id) { in.Read(id); });
}

absl::StatusOr<std::optional<MessageState>> Messages::FindState(const MessageName& name) {
  PAWL_ASSIGN(db::Statement query, batch().Prepare("SELECT state FROM message" PAWL_WHERE_NAME));
  BindName(query, name);
  return FirstRow<MessageState>(batch(), query, [](Columns& in, MessageState& state) {
    in.ReadEnum(state, MessageState::kQueued, MessageState::kDeleted);
  });
}

absl::Status Messages::SetState(const MessageName& name, MessageState state, Code failure) {
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("UPDATE message SET state = ?4, failure = ?5" PAWL_WHERE_NAME));
  BindName(change, name, state, state == MessageState::kFailed ? failure : Code::kOk);
  return batch().ChangeOr(change, Code::kNotFound, "no such message");
}

absl::Status Messages::SetContent(const MessageName& name, ByteView content) {
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("UPDATE message SET content = ?4" PAWL_WHERE_NAME));
  BindName(change, name, content);
  return batch().ChangeOr(change, Code::kNotFound, "no such message");
}

absl::Status Messages::SetExpiry(const MessageName& name, Timestamp expires_at) {
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("UPDATE message SET expires_at = ?4" PAWL_WHERE_NAME));
  BindName(change, name, expires_at);
  return batch().ChangeOr(change, Code::kNotFound, "no such message");
}

absl::Status Messages::EraseContent(const MessageName& name) {
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("UPDATE message SET state = ?4, content = x''" PAWL_WHERE_NAME));
  BindName(change, name, MessageState::kDeleted);
  return batch().ChangeOr(change, Code::kNotFound, "no such message");
}

absl::StatusOr<uint32_t> Messages::EraseExpired(Timestamp now, size_t limit) {
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("DELETE FROM message WHERE row IN"
                              " (SELECT row FROM message WHERE expires_at <= ?"
                              " ORDER BY expires_at LIMIT ?)"));
  BindValues(change, now, RowLimit(limit));
  PAWL_ASSIGN(const int64_t erased, batch().Change(change));
  return static_cast<uint32_t>(erased);
}

absl::StatusOr<Timestamp> Messages::NextExpiry() {
  PAWL_ASSIGN(db::Statement query, batch().Prepare("SELECT min(expires_at) FROM message"
                                                   " WHERE expires_at IS NOT NULL"));
  return SingleValue<Timestamp>(batch(), query);
}

}  // namespace pawl::store
