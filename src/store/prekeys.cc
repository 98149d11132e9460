#include "store/prekeys.h"

#include "store/rows.h"

#define PAWL_PREKEY_COLUMNS \
  "kind, id, last_resort_id, created_at, expires_at, uploaded, private_part, public_record"

namespace pawl::store {
namespace {

void ReadPrekey(Columns& in, PrekeyRow& row) {
  in.ReadEnum(row.kind, PrekeyKind::kBundle, PrekeyKind::kOneTime);
  in.ReadAll(row.id, row.last_resort_id, row.created_at, row.expires_at, row.uploaded,
             row.private_part, row.public_record);
}

}  // namespace

absl::StatusOr<uint32_t> Prekeys::ReserveIds(uint32_t count) {
  PAWL_ASSIGN(db::Statement query, batch().Prepare("SELECT next_prekey_id FROM meta"));
  PAWL_ASSIGN(const int64_t first, SingleValue<int64_t>(batch(), query));
  const int64_t next = first + count;
  if (next > int64_t{UINT32_MAX} + 1) return Fail(Code::kTooLarge, "all prekey ids are used up");
  PAWL_ASSIGN(db::Statement change, batch().Prepare("UPDATE meta SET next_prekey_id = ?"));
  BindValues(change, next);
  PAWL_TRY(batch().ChangeOr(change, Code::kCorrupt, "the store has no meta row"));
  return static_cast<uint32_t>(first);
}

absl::StatusOr<std::optional<PrekeyRow>> Prekeys::Find(PrekeyKind kind, uint32_t id) {
  PAWL_ASSIGN(db::Statement query, batch().Prepare("SELECT " PAWL_PREKEY_COLUMNS
                                                   " FROM prekey WHERE kind = ? AND id = ?"));
  BindValues(query, kind, id);
  return FirstRow<PrekeyRow>(batch(), query, ReadPrekey);
}

absl::StatusOr<std::vector<PrekeyRow>> Prekeys::LoadKind(PrekeyKind kind) {
  PAWL_ASSIGN(db::Statement query, batch().Prepare("SELECT " PAWL_PREKEY_COLUMNS
                                                   " FROM prekey WHERE kind = ? ORDER BY id DESC"));
  BindValues(query, kind);
  return CollectRows<PrekeyRow>(batch(), query, ReadPrekey);
}

absl::StatusOr<std::vector<PrekeyRow>> Prekeys::LoadNotUploaded(size_t limit) {
  PAWL_ASSIGN(db::Statement query,
              batch().Prepare("SELECT " PAWL_PREKEY_COLUMNS
                              " FROM prekey WHERE uploaded = 0 ORDER BY id LIMIT ?"));
  BindValues(query, RowLimit(limit));
  return CollectRows<PrekeyRow>(batch(), query, ReadPrekey);
}

absl::StatusOr<uint32_t> Prekeys::Count(PrekeyKind kind) {
  PAWL_ASSIGN(db::Statement query, batch().Prepare("SELECT count(*) FROM prekey WHERE kind = ?"));
  BindValues(query, kind);
  return SingleValue<uint32_t>(batch(), query);
}

absl::Status Prekeys::Save(const PrekeyRow& row) {
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("INSERT OR REPLACE INTO prekey (" PAWL_PREKEY_COLUMNS
                              ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)"));
  BindValues(change, row.kind, row.id, row.last_resort_id, row.created_at, row.expires_at,
             row.uploaded, row.private_part, row.public_record);
  return batch().Change(change).status();
}

absl::Status Prekeys::MarkUploaded(PrekeyKind kind, uint32_t id) {
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("UPDATE prekey SET uploaded = 1 WHERE kind = ? AND id = ?"));
  BindValues(change, kind, id);
  return batch().ChangeOr(change, Code::kNotFound, "no such prekey");
}

absl::Status Prekeys::Erase(PrekeyKind kind, uint32_t id) {
  PAWL_ASSIGN(db::Statement hashes,
              batch().Prepare("DELETE FROM replay WHERE last_resort_id IN"
                              " (SELECT last_resort_id FROM prekey WHERE kind = ? AND id = ?"
                              " AND last_resort_id != 0)"));
  BindValues(hashes, kind, id);
  PAWL_TRY(batch().Change(hashes).status());
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("DELETE FROM prekey WHERE kind = ? AND id = ?"));
  BindValues(change, kind, id);
  return batch().Change(change).status();
}

absl::Status Prekeys::EraseBeyond(PrekeyKind kind, uint32_t keep) {
  PAWL_ASSIGN(db::Statement query,
              batch().Prepare("SELECT id FROM prekey WHERE kind = ? ORDER BY id DESC"
                              " LIMIT -1 OFFSET ?"));
  BindValues(query, kind, keep);
  PAWL_ASSIGN(
      const std::vector<uint32_t> beyond,
      CollectRows<uint32_t>(batch(), query, [](Columns& in, uint32_t& id) { in.Read(id); }));
  for (const uint32_t id : beyond) PAWL_TRY(Erase(kind, id));
  return OkStatus();
}

absl::StatusOr<uint32_t> Prekeys::EraseExpired(Timestamp now) {
  PAWL_ASSIGN(db::Statement hashes,
              batch().Prepare("DELETE FROM replay WHERE last_resort_id IN"
                              " (SELECT last_resort_id FROM prekey WHERE expires_at <= ?"
                              " AND last_resort_id != 0)"));
  BindValues(hashes, now);
  PAWL_TRY(batch().Change(hashes).status());
  PAWL_ASSIGN(db::Statement change, batch().Prepare("DELETE FROM prekey WHERE expires_at <= ?"));
  BindValues(change, now);
  PAWL_ASSIGN(const int64_t erased, batch().Change(change));
  return static_cast<uint32_t>(erased);
}

}  // namespace pawl::store
