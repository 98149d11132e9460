#ifndef PAWL_RELAY_ENGINE_SQLITE_WRITES_H_
#define PAWL_RELAY_ENGINE_SQLITE_WRITES_H_

#include <span>

#include "relay/engine/sqlite/blob_files.h"
#include "relay/engine/sqlite/expiry.h"
#include "relay/engine/sqlite/write_context.h"

namespace pawl::relay::engine::sqlite {

bool IsWrite(const Op& op);
bool IsBlobIo(const Op& op);

// Everything that changes the database. One batch is one transaction: BEGIN IMMEDIATE .. COMMIT
// with synchronous=FULL, so that one sync of the disk serves them all, and the completions tell
// what is durable. When the storage fails, all of the batch fails with its code and nothing of it
// is visible.
class Writes {
 public:
  Writes(db::Connection& db, const BlobFiles& files, const Quotas& quotas)
      : db_(db), files_(files), quotas_(quotas) {}

  Completions Execute(std::span<const Request> batch);

 private:
  absl::Status ExecuteAll(WriteContext& context, std::span<const Request> batch,
                          Completions& completions);
  absl::StatusOr<Result> ExecuteOne(WriteContext& context, const Op& op);

  db::Connection& db_;
  const BlobFiles& files_;
  const Quotas quotas_;
  ExpiryWalk expiry_;
  FullMailboxes full_;
  SendLines lines_;
};

}  // namespace pawl::relay::engine::sqlite

#endif  // PAWL_RELAY_ENGINE_SQLITE_WRITES_H_
