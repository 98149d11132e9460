#include "relay/engine/sqlite/mail.h"

#include "db/transaction.h"
#include "relay/engine/sqlite/append.h"
#include "relay/engine/sqlite/lookup.h"

namespace pawl::relay::engine::sqlite {
namespace {

absl::Status ReadDevice(db::Connection& db, Attached& result) {
  PAWL_ASSIGN(auto select,
              db.Prepare("SELECT epoch, anchor, epoch_record FROM device_keys WHERE mbox = ?"));
  PAWL_ASSIGN(const bool row, select.BindAll(*result.mailbox).Step());
  if (row) {
    result.epoch = DeviceEpoch(static_cast<uint32_t>(select.Int(0)));
    result.anchor = ToBytes(select.Blob(1));
    result.epoch_record = ToBytes(select.Blob(2));
  }
  PAWL_ASSIGN(const int64_t one_time, CountOneTime(db, result.mailbox));
  result.one_time_left = static_cast<uint32_t>(one_time);
  return OkStatus();
}

absl::Status ReadQueue(db::Connection& db, Timestamp now, Attached& result) {
  PAWL_ASSIGN(auto select, db.Prepare("SELECT count(*), ifnull(max(id), 0) FROM envelope "
                                      "WHERE mbox = ? AND expires > ?"));
  PAWL_ASSIGN(const bool row, select.BindAll(*result.mailbox, now.ms).Step());
  if (!row) return Fail(Code::kCorrupt, "aggregate without a row");
  result.queue = static_cast<uint32_t>(select.Int(0));
  result.newest = MailboxCursor(select.Int(1));
  return OkStatus();
}

// Deletes one message and remembers its id, so that a sender's late retry stays a duplicate.
absl::StatusOr<bool> AcknowledgeOne(WriteContext& context, const Acknowledge& op,
                                    MailboxCursor cursor, Fill& fill) {
  PAWL_ASSIGN(auto remove, context.db.Prepare("DELETE FROM envelope WHERE id = ? AND mbox = ? "
                                              "RETURNING mid, length(body), flags"));
  PAWL_ASSIGN(const bool row, remove.BindAll(*cursor, *op.mailbox).Step());
  if (!row) return false;
  fill.messages -= 1;
  fill.bytes -= remove.Int(1);
  if ((remove.Int(2) & kFlagRequest) != 0) fill.requests -= 1;
  PAWL_ASSIGN(auto remember,
              context.db.Prepare("INSERT OR IGNORE INTO seen(mbox, mid, at) VALUES(?, ?, ?)"));
  PAWL_TRY(remember.BindAll(*op.mailbox, remove.Blob(0), op.now.ms).Run());
  PAWL_TRY(remove.Run());
  return true;
}

}  // namespace

absl::StatusOr<Attached> Do(db::Connection& db, const Attach& op) {
  Attached result;
  PAWL_ASSIGN(auto snapshot, db::Transaction::Begin(db, db::TransactionKind::kRead));
  PAWL_ASSIGN(auto select, db.Prepare("SELECT m.mbox, a.list_version FROM account a JOIN mailbox m "
                                      "ON m.account = a.id WHERE a.name = ? AND m.device = ?"));
  PAWL_ASSIGN(const bool row, select.BindAll(op.account, int64_t{*op.device}).Step());
  if (!row) {
    result.code = Code::kNotFound;
    return result;
  }
  result.mailbox = MailboxRef(select.Int(0));
  result.list_version = static_cast<uint32_t>(select.Int(1));
  PAWL_TRY(ReadDevice(db, result));
  PAWL_TRY(ReadQueue(db, op.now, result));
  return result;
}

absl::StatusOr<FetchedMail> Do(db::Connection& db, const FetchMail& op) {
  FetchedMail result;
  PAWL_ASSIGN(auto select,
              db.Prepare("SELECT id, mid, received, body FROM envelope "
                         "WHERE mbox = ? AND id > ? AND expires > ? ORDER BY id LIMIT ?"));
  // One more than asked for tells whether there is more.
  select.BindAll(*op.mailbox, *op.after, op.now.ms, int64_t{op.max_messages} + 1);
  size_t bytes = 0;
  while (true) {
    PAWL_ASSIGN(const bool row, select.Step());
    if (!row) return result;
    const ByteView body = select.Blob(3);
    const bool over_bytes = !result.messages.empty() && bytes + body.size() > op.max_bytes;
    if (over_bytes || result.messages.size() == op.max_messages) {
      result.more = true;
      return result;
    }
    PAWL_ASSIGN(const ByteArray<16> id, select.Array<16>(1));
    bytes += body.size();
    result.messages.push_back(
        {MailboxCursor(select.Int(0)), EnvelopeId(id), Timestamp{select.Int(2)}, ToBytes(body)});
  }
}

absl::StatusOr<Acknowledged> Do(WriteContext& context, const Acknowledge& op) {
  Acknowledged result;
  PAWL_ASSIGN(const int64_t account, AccountOf(context.db, op.mailbox));
  if (account == 0) return result;  // the device is gone, and its mail with it
  PAWL_ASSIGN(Fill* const fill, context.counters.Load(context.db, op.mailbox));
  for (const MailboxCursor cursor : op.cursors) {
    PAWL_ASSIGN(const bool removed, AcknowledgeOne(context, op, cursor, *fill));
    result.removed += removed ? 1 : 0;
  }
  return result;
}

}  // namespace pawl::relay::engine::sqlite
