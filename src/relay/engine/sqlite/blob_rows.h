#ifndef PAWL_RELAY_ENGINE_SQLITE_BLOB_ROWS_H_
#define PAWL_RELAY_ENGINE_SQLITE_BLOB_ROWS_H_

#include "relay/engine/sqlite/blob_files.h"
#include "relay/engine/sqlite/write_context.h"

namespace pawl::relay::engine::sqlite {

// What the database knows of a blob; its bytes are a file (blob_files.h).

absl::StatusOr<BlobBegun> Do(WriteContext& context, const BlobFiles& files, const BeginBlob& op);
// After the file is complete and synced.
absl::StatusOr<BlobCommitted> Do(WriteContext& context, const BlobFiles& files,
                                 const CommitBlob& op);
absl::StatusOr<BlobDeleted> Do(WriteContext& context, const DeleteBlob& op);

struct BlobRow {
  bool exists = false;
  int64_t account = 0;                   // 0: see `owner`
  std::optional<ByteArray<32>> owner{};  // hash of the secret of whoever uploads it
  uint64_t size = 0;
  bool committed = false;
  Timestamp expires;
};
absl::StatusOr<BlobRow> ReadBlobRow(db::Connection& db, const BlobId& id);
// Whether a blob that exists is this owner's.
absl::StatusOr<bool> IsOwn(db::Connection& db, const BlobRow& row, const BlobOwner& owner);

// Deletes the row, gives back the quota and has the file removed after the commit.
absl::Status RemoveBlobRow(WriteContext& context, const BlobId& id, const BlobRow& row);

}  // namespace pawl::relay::engine::sqlite

#endif  // PAWL_RELAY_ENGINE_SQLITE_BLOB_ROWS_H_
