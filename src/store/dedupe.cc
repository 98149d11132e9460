#include "store/dedupe.h"

#include "store/rows.h"

namespace pawl::store {

absl::StatusOr<bool> Dedupe::SeenId(const EnvelopeId& envelope) {
  PAWL_ASSIGN(db::Statement query, batch().Prepare("SELECT 1 FROM dedupe WHERE envelope = ?"));
  BindValues(query, envelope);
  return batch().Step(query);
}

absl::StatusOr<bool> Dedupe::SeenHash(const ByteArray<32>& hash) {
  PAWL_ASSIGN(db::Statement query, batch().Prepare("SELECT 1 FROM dedupe WHERE hash = ?"));
  BindValues(query, hash);
  return batch().Step(query);
}

absl::StatusOr<bool> Dedupe::Add(const EnvelopeId& envelope, const ByteArray<32>& hash,
                                 Timestamp received_at) {
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("INSERT INTO dedupe (envelope, hash, received_at) VALUES (?, ?, ?)"
                              " ON CONFLICT DO NOTHING"));
  BindValues(change, envelope, hash, received_at);
  PAWL_ASSIGN(const int64_t added, batch().Change(change));
  return added > 0;
}

absl::StatusOr<uint32_t> Dedupe::Prune(Timestamp now, size_t limit) {
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("DELETE FROM dedupe WHERE rowid IN"
                              " (SELECT rowid FROM dedupe WHERE received_at < ?"
                              " ORDER BY received_at LIMIT ?)"));
  BindValues(change, now - kDedupeLifetime, RowLimit(limit));
  PAWL_ASSIGN(const int64_t erased, batch().Change(change));
  return static_cast<uint32_t>(erased);
}

}  // namespace pawl::store
