#ifndef PAWL_RELAY_ENGINE_SQLITE_DATABASE_H_
#define PAWL_RELAY_ENGINE_SQLITE_DATABASE_H_

#include <memory>
#include <optional>
#include <string>

#include "db/connection.h"
#include "relay/engine/sqlite/blob_files.h"

namespace pawl::relay::engine::sqlite {

// Where a relay's data lies: <directory>/relay.db (FORMAT.md) and <directory>/blobs/.
struct Location {
  std::string directory;       // made, mode 0700, when absent; its parent must exist
  std::optional<db::Key> key;  // none: relay.db is a plain SQLite file
  std::string vfs;             // for tests; empty: the default
};

std::string DatabasePath(const Location& location);
std::string BlobDirectory(const Location& location);

// Makes the folder, mode 0700, when it is not there. kIo.
absl::Status MakeDirectory(const Location& location);
// Opens relay.db to read and write, made and migrated when needed. kWrongKey, kNotEncrypted,
// kStoreTooNew, …
absl::StatusOr<std::unique_ptr<db::Connection>> OpenToWrite(const Location& location);
// Another connection to a database that is open already.
absl::StatusOr<std::unique_ptr<db::Connection>> OpenToRead(const Location& location);
// Opens the blob folder and removes files that the database does not know: for whoever serves the
// folder. Beside somebody who does, the files are left alone (BlobFiles::Open of BlobDirectory).
absl::StatusOr<BlobFiles> OpenBlobs(const Location& location, db::Connection& db);

}  // namespace pawl::relay::engine::sqlite

#endif  // PAWL_RELAY_ENGINE_SQLITE_DATABASE_H_
