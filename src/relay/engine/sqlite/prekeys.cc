#include "relay/engine/sqlite/prekeys.h"

#include "relay/engine/sqlite/device_rows.h"
#include "relay/engine/sqlite/lookup.h"

namespace pawl::relay::engine::sqlite {
namespace {

absl::Status DropExpired(db::Connection& db, MailboxRef mailbox, Timestamp now) {
  PAWL_ASSIGN(auto drop, db.Prepare("DELETE FROM one_time WHERE mbox = ? AND expires <= ?"));
  return drop.BindAll(*mailbox, now.ms).Run();
}

absl::StatusOr<bool> IsStored(db::Connection& db, MailboxRef mailbox, uint32_t prekey) {
  PAWL_ASSIGN(auto select, db.Prepare("SELECT 1 FROM one_time WHERE mbox = ? AND prekey = ?"));
  return select.BindAll(*mailbox, int64_t{prekey}).Step();
}

absl::Status Insert(db::Connection& db, MailboxRef mailbox, const OneTimeRow& row) {
  PAWL_ASSIGN(auto insert, db.Prepare("INSERT OR IGNORE INTO one_time(mbox, prekey, expires, "
                                      "record) VALUES(?, ?, ?, ?)"));
  return insert.BindAll(*mailbox, int64_t{row.id}, row.expires.ms, ByteView(row.record)).Run();
}

absl::StatusOr<int64_t> CountNew(db::Connection& db, const PutPrekeys& op) {
  int64_t count = 0;
  for (const OneTimeRow& row : op.one_time) {
    PAWL_ASSIGN(const bool stored, IsStored(db, op.mailbox, row.id));
    if (!stored) ++count;
  }
  return count;
}

absl::Status StoreBundle(db::Connection& db, MailboxRef mailbox, ByteView bundle) {
  PAWL_ASSIGN(auto update, db.Prepare("UPDATE device_keys SET bundle = ?2 WHERE mbox = ?1"));
  return update.BindAll(*mailbox, bundle).Run();
}

// The pair leaves the table in the transaction whose commit precedes the answer: handed out once,
// crash or not.
absl::StatusOr<Bytes> TakeOneTime(db::Connection& db, MailboxRef mailbox, Timestamp now) {
  PAWL_ASSIGN(auto take, db.Prepare("DELETE FROM one_time WHERE id = (SELECT id FROM one_time "
                                    "WHERE mbox = ? AND expires > ? ORDER BY prekey LIMIT 1) "
                                    "RETURNING record"));
  PAWL_ASSIGN(const bool row, take.BindAll(*mailbox, now.ms).Step());
  if (!row) return Bytes();
  Bytes record = ToBytes(take.Blob(0));
  PAWL_TRY(take.Run());
  return record;
}

}  // namespace

absl::StatusOr<EpochPut> Do(WriteContext& context, const PutEpoch& op) {
  EpochPut result;
  PAWL_ASSIGN(auto select,
              context.db.Prepare("SELECT epoch, epoch_record FROM device_keys WHERE mbox = ?"));
  PAWL_ASSIGN(const bool row, select.BindAll(*op.mailbox).Step());
  if (!row) {
    result.code = Code::kNotFound;
    return result;
  }
  result.epoch = DeviceEpoch(static_cast<uint32_t>(select.Int(0)));
  if (SameBytes(select.Blob(1), op.epoch.record)) return result;  // a retry
  if (result.epoch != op.expected || op.epoch.epoch <= result.epoch) {
    result.code = Code::kWrongState;
    return result;
  }
  PAWL_TRY(StoreEpoch(context, op.mailbox, op.epoch));
  result.epoch = op.epoch.epoch;
  return result;
}

absl::StatusOr<PrekeysPut> Do(WriteContext& context, const PutPrekeys& op) {
  PrekeysPut result;
  PAWL_ASSIGN(auto select, context.db.Prepare("SELECT epoch FROM device_keys WHERE mbox = ?"));
  PAWL_ASSIGN(const bool row, select.BindAll(*op.mailbox).Step());
  if (!row || select.Int(0) != int64_t{*op.epoch}) {
    result.code = row ? Code::kWrongState : Code::kNotFound;
    return result;
  }
  PAWL_TRY(DropExpired(context.db, op.mailbox, op.now));
  PAWL_ASSIGN(int64_t stored, CountOneTime(context.db, op.mailbox));
  PAWL_ASSIGN(const int64_t added, CountNew(context.db, op));
  result.one_time_left = static_cast<uint32_t>(stored);
  if (stored + added > context.quotas.one_time_pairs) {
    result.code = Code::kQuotaExceeded;
    return result;
  }
  if (op.bundle) PAWL_TRY(StoreBundle(context.db, op.mailbox, *op.bundle));
  for (const OneTimeRow& pair : op.one_time) PAWL_TRY(Insert(context.db, op.mailbox, pair));
  PAWL_ASSIGN(stored, CountOneTime(context.db, op.mailbox));
  result.one_time_left = static_cast<uint32_t>(stored);
  return result;
}

absl::StatusOr<PrekeyTaken> Do(WriteContext& context, const TakePrekey& op) {
  PrekeyTaken result;
  PAWL_ASSIGN(auto select,
              context.db.Prepare("SELECT m.mbox, k.epoch_record, k.bundle FROM account a "
                                 "JOIN mailbox m ON m.account = a.id "
                                 "JOIN device_keys k ON k.mbox = m.mbox "
                                 "WHERE a.name = ? AND m.device = ?"));
  PAWL_ASSIGN(const bool row, select.BindAll(op.account, int64_t{*op.device}).Step());
  if (!row || select.IsNull(1) || select.IsNull(2)) {
    result.code = Code::kNotFound;
    return result;
  }
  const MailboxRef mailbox(select.Int(0));
  result.epoch_record = ToBytes(select.Blob(1));
  result.bundle = ToBytes(select.Blob(2));
  if (op.with_one_time) {
    PAWL_ASSIGN(result.one_time, TakeOneTime(context.db, mailbox, op.now));
  }
  return result;
}

absl::StatusOr<Done> Do(WriteContext& context, const PutAnchor& op) {
  PAWL_ASSIGN(auto update,
              context.db.Prepare("UPDATE device_keys SET anchor = ?2 WHERE mbox = ?1"));
  PAWL_TRY(update.BindAll(*op.mailbox, ByteView(op.anchor)).Run());
  return Done{context.db.Changes() == 1 ? Code::kOk : Code::kNotFound};
}

}  // namespace pawl::relay::engine::sqlite
