#include "relay/engine/sqlite/lookup.h"

namespace pawl::relay::engine::sqlite {
namespace {

absl::StatusOr<int64_t> FirstInt(db::Statement& select) {
  PAWL_ASSIGN(const bool row, select.Step());
  return row ? select.Int(0) : 0;
}

}  // namespace

absl::StatusOr<int64_t> FindAccount(db::Connection& db, std::string_view name) {
  PAWL_ASSIGN(auto select, db.Prepare("SELECT id FROM account WHERE name = ?"));
  return FirstInt(select.BindAll(name));
}

absl::StatusOr<MailboxRef> FindMailbox(db::Connection& db, int64_t account, DeviceId device) {
  PAWL_ASSIGN(auto select, db.Prepare("SELECT mbox FROM mailbox WHERE account = ? AND device = ?"));
  PAWL_ASSIGN(const int64_t mailbox, FirstInt(select.BindAll(account, int64_t{*device})));
  return MailboxRef(mailbox);
}

absl::StatusOr<int64_t> AccountOf(db::Connection& db, MailboxRef mailbox) {
  PAWL_ASSIGN(auto select, db.Prepare("SELECT account FROM mailbox WHERE mbox = ?"));
  return FirstInt(select.BindAll(*mailbox));
}

absl::StatusOr<int64_t> CountOneTime(db::Connection& db, MailboxRef mailbox) {
  PAWL_ASSIGN(auto select, db.Prepare("SELECT count(*) FROM one_time WHERE mbox = ?"));
  return FirstInt(select.BindAll(*mailbox));
}

}  // namespace pawl::relay::engine::sqlite
