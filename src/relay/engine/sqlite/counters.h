#ifndef PAWL_RELAY_ENGINE_SQLITE_COUNTERS_H_
#define PAWL_RELAY_ENGINE_SQLITE_COUNTERS_H_

#include "absl/container/flat_hash_map.h"
#include "base/status.h"
#include "db/connection.h"
#include "relay/engine/mail_ops.h"

namespace pawl::relay::engine::sqlite {

// How full a mailbox is.
struct Fill {
  int64_t messages = 0;
  int64_t bytes = 0;
  int64_t requests = 0;
};

// The fill of the mailboxes that one transaction touches: each row is read once and written once,
// however many messages of the batch go to it. Forgotten with the transaction.
class Counters {
 public:
  // The pointer is good until the next Load or Forget. kCorrupt when the mailbox has no row.
  absl::StatusOr<Fill*> Load(db::Connection& db, MailboxRef mailbox);
  // The mailbox is gone, or its row was changed otherwise.
  void Forget(MailboxRef mailbox);
  // Writes what was loaded.
  absl::Status Flush(db::Connection& db);

 private:
  absl::flat_hash_map<MailboxRef, Fill> fills_;
};

}  // namespace pawl::relay::engine::sqlite

#endif  // PAWL_RELAY_ENGINE_SQLITE_COUNTERS_H_
