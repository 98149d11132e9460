#include "relay/engine/sqlite/append.h"

#include "crypto/secret.h"
#include "relay/engine/sqlite/lookup.h"

namespace pawl::relay::engine::sqlite {
namespace {

constexpr ByteArray<32> kNoKey{};

struct Recipient {
  int64_t account = 0;
  uint32_t list_version = 0;
  bool key_fits = false;
};

// One lookup and two comparisons of 32 bytes, whether or not there is such an account: an answer
// that came sooner would tell who has one.
absl::StatusOr<Recipient> FindRecipient(db::Connection& db, const Append& op) {
  PAWL_ASSIGN(auto select, db.Prepare("SELECT id, list_version, delivery_key, old_delivery_key, "
                                      "old_delivery_key_until FROM account WHERE name = ?"));
  PAWL_ASSIGN(const bool row, select.BindAll(op.account).Step());
  const ByteView offered = op.delivery_key ? ByteView(*op.delivery_key) : ByteView(kNoKey);
  const bool current_set = row && !select.IsNull(2);
  const bool old_good = row && !select.IsNull(3) && select.Int(4) > op.received.ms;
  const bool is_current =
      crypto::ConstantTimeEqual(offered, current_set ? select.Blob(2) : ByteView(kNoKey));
  const bool is_old =
      crypto::ConstantTimeEqual(offered, old_good ? select.Blob(3) : ByteView(kNoKey));
  Recipient recipient;
  if (!row) return recipient;
  recipient.account = select.Int(0);
  recipient.list_version = static_cast<uint32_t>(select.Int(1));
  recipient.key_fits =
      op.delivery_key.has_value() && ((current_set && is_current) || (old_good && is_old));
  return recipient;
}

// The cursor under which the mailbox has or had this message; 0: an acknowledged one. Nothing: it
// is new.
absl::StatusOr<std::optional<MailboxCursor>> FindDuplicate(db::Connection& db, MailboxRef mailbox,
                                                           const Append& op) {
  PAWL_ASSIGN(auto waiting, db.Prepare("SELECT id FROM envelope WHERE mbox = ? AND mid = ?"));
  PAWL_ASSIGN(const bool is_waiting, waiting.BindAll(*mailbox, ByteView(*op.id)).Step());
  if (is_waiting) return MailboxCursor(waiting.Int(0));
  PAWL_ASSIGN(auto seen, db.Prepare("SELECT 1 FROM seen WHERE mbox = ? AND mid = ?"));
  PAWL_ASSIGN(const bool was_seen, seen.BindAll(*mailbox, ByteView(*op.id)).Step());
  if (was_seen) return MailboxCursor(0);
  return std::nullopt;
}

bool IsFull(const Quotas& quotas, const Fill& fill, const Append& op) {
  return fill.messages >= quotas.mailbox_messages ||
         fill.bytes + static_cast<int64_t>(op.envelope.size()) >
             static_cast<int64_t>(quotas.mailbox_bytes) ||
         (op.path == SendPath::kRequest && fill.requests >= quotas.mailbox_requests);
}

absl::StatusOr<Timestamp> NextExpiry(db::Connection& db, MailboxRef mailbox) {
  PAWL_ASSIGN(auto select, db.Prepare("SELECT min(expires) FROM envelope WHERE mbox = ?"));
  PAWL_ASSIGN(const bool row, select.BindAll(*mailbox).Step());
  return row && !select.IsNull(0) ? Timestamp{select.Int(0)} : Timestamp{};
}

absl::Status DropExpired(db::Connection& db, MailboxRef mailbox, Timestamp now, Fill& fill) {
  PAWL_ASSIGN(auto drop, db.Prepare("DELETE FROM envelope WHERE mbox = ? AND expires <= ? "
                                    "RETURNING length(body), flags"));
  drop.BindAll(*mailbox, now.ms);
  while (true) {
    PAWL_ASSIGN(const bool row, drop.Step());
    if (!row) return OkStatus();
    fill.messages -= 1;
    fill.bytes -= drop.Int(0);
    if ((drop.Int(1) & kFlagRequest) != 0) fill.requests -= 1;
  }
}

// A full mailbox first loses what has expired in it: the expiry job may be far from it.
absl::Status MakeRoom(WriteContext& context, MailboxRef mailbox, Timestamp now, Fill& fill) {
  if (!context.full.MayHoldExpired(mailbox, now)) return OkStatus();
  PAWL_TRY(DropExpired(context.db, mailbox, now, fill));
  PAWL_ASSIGN(const Timestamp next, NextExpiry(context.db, mailbox));
  context.full.Searched(mailbox, next);
  return OkStatus();
}

absl::Status Insert(db::Connection& db, MailboxRef mailbox, const Append& op) {
  PAWL_ASSIGN(auto insert,
              db.Prepare("INSERT INTO envelope(mbox, mid, received, expires, flags, body) "
                         "VALUES(?1, ?2, ?3, ?4, ?5, ?6)"));
  const int64_t flags =
      (op.path == SendPath::kRequest ? kFlagRequest : 0) | (op.urgent ? kFlagUrgent : 0);
  insert.BindAll(*mailbox, ByteView(*op.id), op.received.ms, op.expires.ms, flags);
  insert.BindInPlace(6, op.envelope);
  return insert.Run();
}

absl::StatusOr<Appended> Store(WriteContext& context, const Append& op) {
  Appended result;
  const auto answer = [&](Code code) {
    result.code = code;
    return result;
  };
  PAWL_ASSIGN(const Recipient recipient, FindRecipient(context.db, op));
  if (op.path == SendPath::kDeliveryKey && !recipient.key_fits) return answer(Code::kAuthFailed);
  if (recipient.account == 0) return answer(Code::kNotFound);
  PAWL_ASSIGN(result.mailbox, FindMailbox(context.db, recipient.account, op.device));
  if (*result.mailbox == 0) return answer(Code::kNotFound);
  result.list_version = recipient.list_version;
  if (op.ephemeral) return result;

  PAWL_ASSIGN(const auto duplicate, FindDuplicate(context.db, result.mailbox, op));
  if (duplicate) {
    result.duplicate = true;
    result.cursor = *duplicate;
    return result;
  }
  PAWL_ASSIGN(Fill* const fill, context.counters.Load(context.db, result.mailbox));
  if (IsFull(context.quotas, *fill, op)) {
    PAWL_TRY(MakeRoom(context, result.mailbox, op.received, *fill));
    if (IsFull(context.quotas, *fill, op)) return answer(Code::kQuotaExceeded);
  }
  PAWL_TRY(Insert(context.db, result.mailbox, op));
  context.full.Added(result.mailbox, op.expires);
  result.cursor = MailboxCursor(context.db.LastInsertRowid());
  fill->messages += 1;
  fill->bytes += static_cast<int64_t>(op.envelope.size());
  if (op.path == SendPath::kRequest) fill->requests += 1;
  context.woken.push_back(result.mailbox);
  return result;
}

}  // namespace

absl::StatusOr<Appended> Do(WriteContext& context, const Append& op) {
  Appended appended;
  appended.code = Code::kWouldBlock;
  if (!context.lines.MayGo(op.line, op.follows)) return appended;
  PAWL_ASSIGN(appended, Store(context, op));
  if (appended.code != Code::kOk) context.lines.Refused(op.line);
  return appended;
}

}  // namespace pawl::relay::engine::sqlite
