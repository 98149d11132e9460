#ifndef PAWL_RELAY_ENGINE_SQLITE_BLOB_IO_H_
#define PAWL_RELAY_ENGINE_SQLITE_BLOB_IO_H_

#include "relay/engine/sqlite/blob_files.h"
#include "relay/engine/sqlite/blob_rows.h"

namespace pawl::relay::engine::sqlite {

// The operations that move a blob's bytes: on a thread of their own, beside the commits, with a
// connection that only reads.
absl::StatusOr<BlobAppended> Do(db::Connection& db, const BlobFiles& files, const AppendBlob& op);
absl::StatusOr<BlobRead> Do(db::Connection& db, const BlobFiles& files, const ReadBlob& op);
// Makes the file complete on the disk. With code kOk the row is still to be committed.
absl::StatusOr<BlobCommitted> Sync(db::Connection& db, const BlobFiles& files,
                                   const CommitBlob& op);

}  // namespace pawl::relay::engine::sqlite

#endif  // PAWL_RELAY_ENGINE_SQLITE_BLOB_IO_H_
