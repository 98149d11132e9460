#ifndef PAWL_RELAY_ENGINE_SQLITE_WRITE_CONTEXT_H_
#define PAWL_RELAY_ENGINE_SQLITE_WRITE_CONTEXT_H_

#include <vector>

#include "db/connection.h"
#include "relay/engine/engine.h"
#include "relay/engine/sqlite/counters.h"
#include "relay/engine/sqlite/full_mailboxes.h"
#include "relay/engine/sqlite/send_lines.h"

namespace pawl::relay::engine::sqlite {

// What the operations of one write transaction share. An operation that returns an error status has
// met a storage failure, and the whole transaction is rolled back; what a client may hear about is
// a code inside its result.
struct WriteContext {
  db::Connection& db;
  const Quotas& quotas;
  FullMailboxes& full;  // outlives the transaction, as does
  SendLines& lines;
  Counters counters;
  // Only after the commit:
  std::vector<MailboxRef> woken;
  std::vector<BlobId> removed_blobs;  // whose files are to go
};

}  // namespace pawl::relay::engine::sqlite

#endif  // PAWL_RELAY_ENGINE_SQLITE_WRITE_CONTEXT_H_
