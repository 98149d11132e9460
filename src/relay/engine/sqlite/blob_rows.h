#ifndef PAWL_RELAY_ENGINE_SQLITE_BLOB_ROWS_H_
#define PAWL_RELAY_ENGINE_SQLITE_BLOB_ROWS_H_

#include "relay/engine/sqlite/blob_files.h"
#include "relay/engine/sqlite/write_context.h"

namespace pawl::relay::engine::sqlite {

// What the database knows of a blob; its bytes are a file (blob_files.h).

absl::StatusOr<BlobBegun> Do(WriteContext& context, const BlobFiles& files, const BeginBlob& op);
// After the file is complete and synced.
absl::StatusOr<BlobCommitted> Do(WriteContext& context, const CommitBlob& op);
absl::StatusOr<BlobDeleted> Do(WriteContext& context, const DeleteBlob& op);

struct BlobRow {
  int64_t account = 0;  // 0: there is none
  uint64_t size = 0;
  bool committed = false;
  Timestamp expires;
};
absl::StatusOr<BlobRow> ReadBlobRow(db::Connection& db, const BlobId& id);

// Deletes the row, gives back the quota and has the file removed after the commit.
absl::Status RemoveBlobRow(WriteContext& context, const BlobId& id, const BlobRow& row);

}  // namespace pawl::relay::engine::sqlite

#endif  // PAWL_RELAY_ENGINE_SQLITE_BLOB_ROWS_H_
