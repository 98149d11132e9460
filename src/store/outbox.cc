#include "store/outbox.h"

#include <algorithm>

#include "store/rows.h"

#define PAWL_OUTBOX_COLUMNS                                                               \
  "id, message, conversation, address, device, session, envelope, class, state, request," \
  " attempts, created_at, not_before, expires_at, length(frame)"

namespace pawl::store {
namespace {

void ReadOutbox(Columns& in, OutboxRow& row) {
  in.ReadAll(row.id, row.message, row.conversation, row.address, row.device, row.session,
             row.envelope);
  in.ReadEnum(row.cls, OutboxClass::kMessage, OutboxClass::kOwnCopy);
  in.ReadEnum(row.state, OutboxState::kQueued, OutboxState::kAtRelay);
  in.ReadAll(row.request, row.attempts, row.created_at, row.not_before, row.expires_at,
             row.frame_size);
}

}  // namespace

absl::StatusOr<OutboxId> Outbox::Add(const NewOutbox& envelope) {
  PAWL_ASSIGN(
      db::Statement change,
      batch().Prepare("INSERT INTO outbox (message, conversation, address, device, session,"
                      " envelope, class, state, request, attempts, created_at, not_before,"
                      " expires_at, frame) VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, 0, ?, ?, ?, ?)"
                      " ON CONFLICT (envelope) DO NOTHING"));
  BindValues(change, envelope.message, envelope.conversation, envelope.address, envelope.device,
             envelope.session, envelope.envelope, envelope.cls, envelope.request,
             envelope.created_at, envelope.not_before, envelope.expires_at, envelope.frame);
  PAWL_TRY(batch().ChangeOr(change, Code::kAlreadyExists, "this envelope id was used before"));
  return OutboxId(batch().LastInsertRowid());
}

absl::StatusOr<std::optional<OutboxRow>> Outbox::Find(OutboxId id) {
  PAWL_ASSIGN(db::Statement query,
              batch().Prepare("SELECT " PAWL_OUTBOX_COLUMNS " FROM outbox WHERE id = ?"));
  BindValues(query, id);
  return FirstRow<OutboxRow>(batch(), query, ReadOutbox);
}

absl::StatusOr<std::optional<OutboxRow>> Outbox::FindEnvelope(const EnvelopeId& envelope) {
  PAWL_ASSIGN(db::Statement query,
              batch().Prepare("SELECT " PAWL_OUTBOX_COLUMNS " FROM outbox WHERE envelope = ?"));
  BindValues(query, envelope);
  return FirstRow<OutboxRow>(batch(), query, ReadOutbox);
}

absl::StatusOr<std::vector<OutboxRow>> Outbox::Due(Timestamp now, OutboxId after, size_t limit) {
  PAWL_ASSIGN(db::Statement query, batch().Prepare("SELECT " PAWL_OUTBOX_COLUMNS
                                                   " FROM outbox WHERE state = 1 AND id > ? AND "
                                                   "not_before <= coalesce(?, 9223372036854775807)"
                                                   " ORDER BY id LIMIT ?"));
  BindValues(query, after, now, RowLimit(limit));
  return CollectRows<OutboxRow>(batch(), query, ReadOutbox);
}

absl::StatusOr<Timestamp> Outbox::NextDue() {
  PAWL_ASSIGN(db::Statement query,
              batch().Prepare("SELECT min(not_before) FROM outbox WHERE state = 1"));
  return SingleValue<Timestamp>(batch(), query);
}

absl::Status Outbox::ReadFrame(OutboxId id, Bytes& out) {
  PAWL_ASSIGN(db::Statement query,
              batch().Prepare("SELECT frame FROM outbox WHERE id = ? AND state = 1"));
  BindValues(query, id);
  PAWL_ASSIGN(const bool found, batch().Step(query));
  if (!found) return Fail(Code::kNotFound, "no such envelope in the outbox");
  const ByteView frame = query.Blob(0);
  out.assign(frame.begin(), frame.end());
  return OkStatus();
}

absl::Status Outbox::Retry(OutboxId id, Timestamp not_before) {
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("UPDATE outbox SET attempts = attempts + 1, not_before = ?2"
                              " WHERE id = ?1 AND state = 1"));
  BindValues(change, id, not_before);
  return batch().ChangeOr(change, Code::kNotFound, "no such envelope in the outbox");
}

absl::Status Outbox::MarkAtRelay(OutboxId id) {
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("UPDATE outbox SET state = 2, frame = x'' WHERE id = ?"));
  BindValues(change, id);
  return batch().ChangeOr(change, Code::kNotFound, "no such envelope in the outbox");
}

absl::Status Outbox::Erase(OutboxId id) {
  PAWL_ASSIGN(db::Statement change, batch().Prepare("DELETE FROM outbox WHERE id = ?"));
  BindValues(change, id);
  return batch().Change(change).status();
}

absl::StatusOr<std::vector<OutboxId>> Outbox::EraseConfirmed(const MessageId& message,
                                                             std::string_view address,
                                                             DeviceId device) {
  // Left to itself SQLite takes the index of two columns, and walks all that waits for the device.
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("DELETE FROM outbox INDEXED BY outbox_message WHERE message = ?"
                              " AND address = ? AND device = ? AND class <> 2 RETURNING id"));
  BindValues(change, message, address, device);
  PAWL_ASSIGN(
      std::vector<OutboxId> confirmed,
      CollectRows<OutboxId>(batch(), change, [](Columns& in, OutboxId& id) { in.Read(id); }));
  if (!confirmed.empty()) batch().NoteChanged();
  std::ranges::sort(confirmed);
  return confirmed;
}

absl::StatusOr<OutboxCounts> Outbox::Count(const ConversationId& conversation,
                                           const MessageId& message) {
  PAWL_ASSIGN(db::Statement query,
              batch().Prepare("SELECT count(*) FILTER (WHERE state = 1),"
                              " count(*) FILTER (WHERE state = 2) FROM outbox"
                              " WHERE message = ? AND conversation = ? AND class = 1"));
  BindValues(query, message, conversation);
  PAWL_ASSIGN(const std::optional<OutboxCounts> counts,
              FirstRow<OutboxCounts>(batch(), query, [](Columns& in, OutboxCounts& out) {
                in.ReadAll(out.queued, out.at_relay);
              }));
  return counts.value_or(OutboxCounts{});
}

absl::StatusOr<std::vector<OutboxRow>> Outbox::Expired(Timestamp now, size_t limit) {
  PAWL_ASSIGN(db::Statement query,
              batch().Prepare("SELECT " PAWL_OUTBOX_COLUMNS
                              " FROM outbox WHERE expires_at <= ? ORDER BY expires_at LIMIT ?"));
  BindValues(query, now, RowLimit(limit));
  return CollectRows<OutboxRow>(batch(), query, ReadOutbox);
}

absl::StatusOr<std::vector<OutboxRow>> Outbox::LoadFor(std::string_view address, DeviceId device,
                                                       size_t limit) {
  PAWL_ASSIGN(db::Statement query,
              batch().Prepare("SELECT " PAWL_OUTBOX_COLUMNS
                              " FROM outbox WHERE address = ? AND device = ? ORDER BY id LIMIT ?"));
  BindValues(query, address, device, RowLimit(limit));
  return CollectRows<OutboxRow>(batch(), query, ReadOutbox);
}

}  // namespace pawl::store
