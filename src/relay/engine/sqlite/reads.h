#ifndef PAWL_RELAY_ENGINE_SQLITE_READS_H_
#define PAWL_RELAY_ENGINE_SQLITE_READS_H_

#include "db/connection.h"
#include "relay/engine/engine.h"
#include "relay/engine/sqlite/blob_files.h"

namespace pawl::relay::engine::sqlite {

// What only reads the database: Attach, FetchMail, GetList.
Result Read(db::Connection& db, const Op& op);

// What moves a blob's bytes: AppendBlob, ReadBlob, CommitBlob. A CommitBlob that ends with kOk is
// still to be written.
Result DoBlobIo(db::Connection& db, const BlobFiles& files, const Op& op);

}  // namespace pawl::relay::engine::sqlite

#endif  // PAWL_RELAY_ENGINE_SQLITE_READS_H_
