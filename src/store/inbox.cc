#include "store/inbox.h"

#include "base/sim_hooks.h"
#include "store/rows.h"

namespace pawl::store {
namespace {

// What AUTOINCREMENT prevents: the number after the highest row that is left.
absl::Status ReuseNumber([[maybe_unused]] Batch& batch) {
#ifdef PAWL_SIM_HOOKS
  PAWL_ASSIGN(db::Statement change,
              batch.Prepare("UPDATE inbox SET seq = (SELECT coalesce(max(seq), 0) + 1 FROM inbox"
                            " WHERE seq < last_insert_rowid()) WHERE seq = last_insert_rowid()"));
  return batch.Change(change).status();
#else
  return OkStatus();
#endif
}

}  // namespace

absl::StatusOr<InboxSeq> Inbox::Append(const NewEvent& event) {
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("INSERT INTO inbox (kind, conversation, message, peer, device, code,"
                              " at, extra) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"));
  BindValues(change, event.kind, event.conversation, event.message, event.peer, event.device,
             event.code, event.at, event.extra);
  PAWL_TRY(batch().Change(change).status());
  if (PAWL_MUTANT("store.reuse_event_number")) PAWL_TRY(ReuseNumber(batch()));
  return InboxSeq(static_cast<uint64_t>(batch().LastInsertRowid()));
}

absl::StatusOr<std::vector<InboxRow>> Inbox::Read(InboxSeq after, size_t limit) {
  PAWL_ASSIGN(db::Statement query,
              batch().Prepare("SELECT seq, kind, conversation, message, peer, device, code, at,"
                              " extra FROM inbox WHERE seq > ? ORDER BY seq LIMIT ?"));
  BindValues(query, after, RowLimit(limit));
  return CollectRows<InboxRow>(batch(), query, [](Columns& in, InboxRow& row) {
    in.ReadAll(row.seq, row.kind, row.conversation, row.message, row.peer, row.device, row.code,
               row.at, row.extra);
  });
}

absl::Status Inbox::Ack(InboxSeq up_to) {
  PAWL_ASSIGN(const InboxSeq last, Last());
  if (up_to > last) return Fail(Code::kInvalidArgument, "this inbox number was never given out");
  PAWL_ASSIGN(db::Statement change, batch().Prepare("DELETE FROM inbox WHERE seq <= ?"));
  BindValues(change, up_to);
  return batch().Change(change).status();
}

absl::Status Inbox::SkipAhead() {
  // More events than a copy can have had until it is put back; 2^31 times of that are left.
  constexpr int64_t kBeyond = int64_t{1} << 32;
  PAWL_ASSIGN(const InboxSeq last, Last());
  PAWL_ASSIGN(db::Statement drop,
              batch().Prepare("DELETE FROM sqlite_sequence WHERE name = 'inbox'"));
  PAWL_TRY(batch().Change(drop).status());
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("INSERT INTO sqlite_sequence (name, seq) VALUES ('inbox', ?)"));
  BindValues(change, static_cast<int64_t>(*last) + kBeyond);
  return batch().Change(change).status();
}

absl::StatusOr<InboxSeq> Inbox::Last() {
  // SQLite keeps the highest AUTOINCREMENT value here, also once its row is gone.
  PAWL_ASSIGN(db::Statement query,
              batch().Prepare("SELECT coalesce((SELECT seq FROM sqlite_sequence"
                              " WHERE name = 'inbox'), 0)"));
  return SingleValue<InboxSeq>(batch(), query);
}

absl::StatusOr<uint64_t> Inbox::Count() {
  PAWL_ASSIGN(db::Statement query, batch().Prepare("SELECT count(*) FROM inbox"));
  return SingleValue<uint64_t>(batch(), query);
}

}  // namespace pawl::store
