#include "store/pending.h"

#include "store/rows.h"

#define PAWL_PENDING_COLUMNS                                                                     \
  "id, message, conversation, address, device, class, reason, attempts, created_at, not_before," \
  " expires_at, content"

namespace pawl::store {
namespace {

void ReadPending(Columns& in, PendingRow& row) {
  in.ReadAll(row.id, row.message, row.conversation, row.address, row.device);
  in.ReadEnum(row.cls, OutboxClass::kMessage, OutboxClass::kOwnCopy);
  in.ReadEnum(row.reason, PendingReason::kNeedsDirectory, PendingReason::kNeedsAcceptance);
  in.ReadAll(row.attempts, row.created_at, row.not_before, row.expires_at, row.content);
}

}  // namespace

absl::StatusOr<PendingId> Pending::Add(const NewPending& pending) {
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("INSERT INTO pending (message, conversation, address, device, class,"
                              " reason, attempts, created_at, not_before, expires_at, content)"
                              " VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?)"));
  BindValues(change, pending.message, pending.conversation, pending.address, pending.device,
             pending.cls, pending.reason, pending.created_at, pending.not_before,
             pending.expires_at, pending.content);
  PAWL_TRY(batch().Change(change).status());
  return PendingId(batch().LastInsertRowid());
}

absl::StatusOr<std::vector<PendingRow>> Pending::LoadFor(std::string_view address, DeviceId device,
                                                         size_t limit) {
  PAWL_ASSIGN(db::Statement query,
              batch().Prepare("SELECT " PAWL_PENDING_COLUMNS
                              " FROM pending WHERE address = ?1 AND (?2 = 0 OR device = ?2)"
                              " ORDER BY id LIMIT ?3"));
  BindValues(query, address, device, RowLimit(limit));
  return CollectRows<PendingRow>(batch(), query, ReadPending);
}

absl::StatusOr<std::vector<PendingRow>> Pending::LoadMessage(const MessageId& message) {
  PAWL_ASSIGN(db::Statement query, batch().Prepare("SELECT " PAWL_PENDING_COLUMNS
                                                   " FROM pending WHERE message = ? ORDER BY id"));
  BindValues(query, message);
  return CollectRows<PendingRow>(batch(), query, ReadPending);
}

absl::StatusOr<std::vector<PendingRow>> Pending::Due(Timestamp now, PendingId after, size_t limit) {
  PAWL_ASSIGN(db::Statement query,
              batch().Prepare(
                  "SELECT " PAWL_PENDING_COLUMNS
                  " FROM pending WHERE id > ? AND not_before <= coalesce(?, 9223372036854775807)"
                  " ORDER BY id LIMIT ?"));
  BindValues(query, after, now, RowLimit(limit));
  return CollectRows<PendingRow>(batch(), query, ReadPending);
}

absl::StatusOr<Timestamp> Pending::NextDue() {
  PAWL_ASSIGN(db::Statement query,
              batch().Prepare("SELECT min(not_before) FROM pending WHERE not_before IS NOT NULL"));
  return SingleValue<Timestamp>(batch(), query);
}

absl::Status Pending::Retry(PendingId id, PendingReason reason, Timestamp not_before) {
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("UPDATE pending SET attempts = attempts + 1, reason = ?2,"
                              " not_before = ?3 WHERE id = ?1"));
  BindValues(change, id, reason, not_before);
  return batch().ChangeOr(change, Code::kNotFound, "nothing pending of this id");
}

absl::Status Pending::Erase(PendingId id) {
  PAWL_ASSIGN(db::Statement change, batch().Prepare("DELETE FROM pending WHERE id = ?"));
  BindValues(change, id);
  return batch().Change(change).status();
}

absl::StatusOr<std::vector<PendingRow>> Pending::Expired(Timestamp now, size_t limit) {
  PAWL_ASSIGN(db::Statement query,
              batch().Prepare("SELECT " PAWL_PENDING_COLUMNS
                              " FROM pending WHERE expires_at <= ? ORDER BY expires_at LIMIT ?"));
  BindValues(query, now, RowLimit(limit));
  return CollectRows<PendingRow>(batch(), query, ReadPending);
}

}  // namespace pawl::store
