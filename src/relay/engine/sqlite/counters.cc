#include "relay/engine/sqlite/counters.h"

namespace pawl::relay::engine::sqlite {

absl::StatusOr<Fill*> Counters::Load(db::Connection& db, MailboxRef mailbox) {
  const auto found = fills_.find(mailbox);
  if (found != fills_.end()) return &found->second;
  PAWL_ASSIGN(auto select,
              db.Prepare("SELECT n_messages, n_bytes, n_requests FROM mailbox WHERE mbox = ?"));
  PAWL_ASSIGN(const bool row, select.BindAll(*mailbox).Step());
  if (!row) return Fail(Code::kCorrupt, "mailbox without a row");
  const Fill fill{select.Int(0), select.Int(1), select.Int(2)};
  return &fills_.emplace(mailbox, fill).first->second;
}

void Counters::Forget(MailboxRef mailbox) { fills_.erase(mailbox); }

absl::Status Counters::Flush(db::Connection& db) {
  PAWL_ASSIGN(auto update, db.Prepare("UPDATE mailbox SET n_messages = ?2, n_bytes = ?3, "
                                      "n_requests = ?4 WHERE mbox = ?1"));
  for (const auto& [mailbox, fill] : fills_) {
    PAWL_TRY(update.BindAll(*mailbox, fill.messages, fill.bytes, fill.requests).Run());
  }
  fills_.clear();
  return OkStatus();
}

}  // namespace pawl::relay::engine::sqlite
