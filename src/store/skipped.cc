#include "store/skipped.h"

#include "store/rows.h"

namespace pawl::store {

absl::StatusOr<std::vector<SkippedRow>> Skipped::LoadOf(SessionId session) {
  PAWL_ASSIGN(db::Statement query,
              batch().Prepare("SELECT session, tag, expires_at, key FROM skipped"
                              " WHERE session = ?"));
  BindValues(query, session);
  return CollectRows<SkippedRow>(batch(), query, [](Columns& in, SkippedRow& row) {
    in.ReadAll(row.session, row.tag, row.expires_at, row.key);
  });
}

absl::StatusOr<std::vector<SkippedName>> Skipped::Names(const SkippedName& after, size_t limit) {
  PAWL_ASSIGN(db::Statement query,
              batch().Prepare("SELECT session, tag FROM skipped WHERE (session, tag) > (?, ?)"
                              " ORDER BY session, tag LIMIT ?"));
  BindValues(query, after.session, after.tag, RowLimit(limit));
  return CollectRows<SkippedName>(
      batch(), query, [](Columns& in, SkippedName& name) { in.ReadAll(name.session, name.tag); });
}

absl::Status Skipped::Add(SessionId session, const ByteArray<16>& tag, ByteView key,
                          Timestamp expires_at) {
  PAWL_ASSIGN(db::Statement parent, batch().Prepare("SELECT 1 FROM session WHERE id = ?"));
  BindValues(parent, session);
  PAWL_ASSIGN(const bool exists, batch().Step(parent));
  if (!exists) return Fail(Code::kNotFound, "no such session");
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("INSERT INTO skipped (session, tag, expires_at, key)"
                              " VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"));
  BindValues(change, session, tag, expires_at, key);
  return batch().ChangeOr(change, Code::kAlreadyExists, "this skipped key is there already");
}

absl::Status Skipped::Erase(SessionId session, const ByteArray<16>& tag) {
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("DELETE FROM skipped WHERE session = ? AND tag = ?"));
  BindValues(change, session, tag);
  return batch().Change(change).status();
}

absl::StatusOr<std::vector<SkippedName>> Skipped::EraseExpired(Timestamp now, size_t limit) {
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("DELETE FROM skipped WHERE (session, tag) IN"
                              " (SELECT session, tag FROM skipped WHERE expires_at <= ? LIMIT ?)"
                              " RETURNING session, tag"));
  BindValues(change, now, RowLimit(limit));
  PAWL_ASSIGN(std::vector<SkippedName> erased,
              CollectRows<SkippedName>(batch(), change, [](Columns& in, SkippedName& name) {
                in.ReadAll(name.session, name.tag);
              }));
  if (!erased.empty()) batch().NoteChanged();
  return erased;
}

}  // namespace pawl::store
