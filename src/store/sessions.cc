#include "store/sessions.h"

#include "store/rows.h"

#define PAWL_SESSION_COLUMNS                                                          \
  "address, device, transcript_hash, initiator, confirmed, created_at, last_used_at," \
  " retired_until, progress, facts"

namespace pawl::store {
namespace {

void ReadSession(Columns& in, SessionRow& row) {
  in.ReadAll(row.id, row.address, row.device, row.transcript_hash, row.initiator, row.confirmed,
             row.created_at, row.last_used_at, row.retired_until, row.progress, row.facts);
}

}  // namespace

absl::StatusOr<std::vector<SessionRow>> Sessions::LoadAll() {
  PAWL_ASSIGN(db::Statement query,
              batch().Prepare("SELECT id, " PAWL_SESSION_COLUMNS " FROM session ORDER BY id"));
  return CollectRows<SessionRow>(batch(), query, ReadSession);
}

absl::StatusOr<std::optional<SessionRow>> Sessions::Find(SessionId id) {
  PAWL_ASSIGN(db::Statement query,
              batch().Prepare("SELECT id, " PAWL_SESSION_COLUMNS " FROM session WHERE id = ?"));
  BindValues(query, id);
  return FirstRow<SessionRow>(batch(), query, ReadSession);
}

absl::StatusOr<std::optional<SessionRow>> Sessions::Next(SessionId after) {
  PAWL_ASSIGN(db::Statement query,
              batch().Prepare("SELECT id, " PAWL_SESSION_COLUMNS
                              " FROM session WHERE id > ? ORDER BY id LIMIT 1"));
  BindValues(query, after);
  return FirstRow<SessionRow>(batch(), query, ReadSession);
}

absl::StatusOr<std::vector<SessionRow>> Sessions::LoadWith(std::string_view address,
                                                           DeviceId device) {
  PAWL_ASSIGN(db::Statement query,
              batch().Prepare("SELECT id, " PAWL_SESSION_COLUMNS
                              " FROM session WHERE address = ? AND device = ? ORDER BY id"));
  BindValues(query, address, device);
  return CollectRows<SessionRow>(batch(), query, ReadSession);
}

absl::StatusOr<SessionId> Sessions::Insert(const SessionRow& row) {
  PAWL_ASSIGN(db::Statement change, batch().Prepare("INSERT INTO session (" PAWL_SESSION_COLUMNS
                                                    ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  BindValues(change, row.address, row.device, row.transcript_hash, row.initiator, row.confirmed,
             row.created_at, row.last_used_at, row.retired_until, row.progress, row.facts);
  PAWL_TRY(batch().Change(change).status());
  return SessionId(batch().LastInsertRowid());
}

absl::Status Sessions::Update(const SessionUpdate& update) {
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("UPDATE session SET progress = ?2, confirmed = ?3, last_used_at = ?4"
                              " WHERE id = ?1"));
  BindValues(change, update.id, update.progress, update.confirmed, update.last_used_at);
  return batch().ChangeOr(change, Code::kNotFound, "no such session");
}

absl::Status Sessions::SetFacts(SessionId id, ByteView facts) {
  PAWL_ASSIGN(db::Statement change, batch().Prepare("UPDATE session SET facts = ?2 WHERE id = ?1"));
  BindValues(change, id, facts);
  return batch().ChangeOr(change, Code::kNotFound, "no such session");
}

absl::Status Sessions::Retire(SessionId id, Timestamp until) {
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("UPDATE session SET retired_until = ?2 WHERE id = ?1"));
  BindValues(change, id, until);
  return batch().ChangeOr(change, Code::kNotFound, "no such session");
}

absl::Status Sessions::Erase(SessionId id) {
  PAWL_ASSIGN(db::Statement change, batch().Prepare("DELETE FROM session WHERE id = ?"));
  BindValues(change, id);
  return batch().Change(change).status();
}

absl::StatusOr<std::vector<SessionId>> Sessions::EraseRetired(Timestamp now) {
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("DELETE FROM session WHERE retired_until <= ? RETURNING id"));
  BindValues(change, now);
  PAWL_ASSIGN(
      std::vector<SessionId> erased,
      CollectRows<SessionId>(batch(), change, [](Columns& in, SessionId& id) { in.Read(id); }));
  if (!erased.empty()) batch().NoteChanged();
  return erased;
}

}  // namespace pawl::store
