#include "store/conversations.h"

#include "store/rows.h"

#define PAWL_CONVERSATION_COLUMNS "id, peer, created_at, last_activity_at, unread, expires_in_s"

namespace pawl::store {
namespace {

void ReadConversation(Columns& in, ConversationRow& row) {
  in.ReadAll(row.id, row.peer, row.created_at, row.last_activity_at, row.unread, row.expires_in_s);
}

}  // namespace

absl::StatusOr<std::optional<ConversationRow>> Conversations::Find(const ConversationId& id) {
  PAWL_ASSIGN(db::Statement query, batch().Prepare("SELECT " PAWL_CONVERSATION_COLUMNS
                                                   " FROM conversation WHERE id = ?"));
  BindValues(query, id);
  return FirstRow<ConversationRow>(batch(), query, ReadConversation);
}

absl::StatusOr<std::vector<ConversationRow>> Conversations::List(const ConversationRow* after,
                                                                 size_t limit) {
  if (after == nullptr) {
    PAWL_ASSIGN(db::Statement query,
                batch().Prepare("SELECT " PAWL_CONVERSATION_COLUMNS
                                " FROM conversation ORDER BY last_activity_at DESC, id DESC"
                                " LIMIT ?"));
    BindValues(query, RowLimit(limit));
    return CollectRows<ConversationRow>(batch(), query, ReadConversation);
  }
  PAWL_ASSIGN(db::Statement query,
              batch().Prepare("SELECT " PAWL_CONVERSATION_COLUMNS
                              " FROM conversation WHERE (last_activity_at, id) < (?, ?)"
                              " ORDER BY last_activity_at DESC, id DESC LIMIT ?"));
  BindValues(query, after->last_activity_at, after->id, RowLimit(limit));
  return CollectRows<ConversationRow>(batch(), query, ReadConversation);
}

absl::Status Conversations::Save(const ConversationRow& row) {
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("INSERT OR REPLACE INTO conversation (" PAWL_CONVERSATION_COLUMNS
                              ") VALUES (?, ?, ?, ?, ?, ?)"));
  BindValues(change, row.id, row.peer, row.created_at, row.last_activity_at, row.unread,
             row.expires_in_s);
  return batch().Change(change).status();
}

absl::Status Conversations::Touch(const ConversationId& id, Timestamp activity, uint32_t unread) {
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("UPDATE conversation SET last_activity_at ="
                              " max(last_activity_at, ?2), unread = min(unread + ?3, 4294967295)"
                              " WHERE id = ?1"));
  BindValues(change, id, activity, unread);
  return batch().ChangeOr(change, Code::kNotFound, "no such conversation");
}

absl::Status Conversations::SetUnread(const ConversationId& id, uint32_t unread) {
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("UPDATE conversation SET unread = ?2 WHERE id = ?1"));
  BindValues(change, id, unread);
  return batch().ChangeOr(change, Code::kNotFound, "no such conversation");
}

absl::Status Conversations::Erase(const ConversationId& id) {
  PAWL_ASSIGN(db::Statement messages,
              batch().Prepare("DELETE FROM message WHERE conversation = ?"));
  BindValues(messages, id);
  PAWL_TRY(batch().Change(messages).status());
  PAWL_ASSIGN(db::Statement row, batch().Prepare("DELETE FROM conversation WHERE id = ?"));
  BindValues(row, id);
  return batch().Change(row).status();
}

}  // namespace pawl::store
