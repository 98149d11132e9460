#include "relay/engine/sqlite/database.h"

#include <filesystem>

#include "db/migrations.h"
#include "relay/engine/sqlite/blob_rows.h"
#include "relay/engine/sqlite/schema.h"

namespace pawl::relay::engine::sqlite {
namespace {

// Large files must move in constant memory, so the caches are small; the kernel's page cache is
// behind them.
constexpr int32_t kWriterCacheKib = 8 * 1024;
constexpr int32_t kReaderCacheKib = 4 * 1024;
// Pages of log at which a commit checkpoints (16 MiB): often enough to bound the log, rarely enough
// for the tail.
constexpr int32_t kCheckpointPages = 4000;

absl::StatusOr<std::unique_ptr<db::Connection>> Open(const Location& location,
                                                     db::OpenOptions options) {
  options.path = DatabasePath(location);
  options.vfs = location.vfs;
  if (location.key) return db::Connection::Open(options, *location.key);
  return db::Connection::OpenUnencrypted(options);
}

}  // namespace

std::string DatabasePath(const Location& location) { return location.directory + "/relay.db"; }
std::string BlobDirectory(const Location& location) { return location.directory + "/blobs"; }

absl::Status MakeDirectory(const Location& location) {
  std::error_code error;
  if (std::filesystem::create_directory(location.directory, error)) {
    std::filesystem::permissions(location.directory, std::filesystem::perms::owner_all, error);
  }
  return error ? Fail(Code::kIo, "the data folder cannot be made") : OkStatus();
}

absl::StatusOr<std::unique_ptr<db::Connection>> OpenToWrite(const Location& location) {
  PAWL_TRY(MakeDirectory(location));
  db::OpenOptions options;
  options.access = db::Access::kCreate;
  options.cache_kib = kWriterCacheKib;
  options.checkpoint_pages = kCheckpointPages;
  PAWL_ASSIGN(auto connection, Open(location, std::move(options)));
  PAWL_TRY(db::Migrate(*connection, Migrations()));
  return connection;
}

absl::StatusOr<std::unique_ptr<db::Connection>> OpenToRead(const Location& location) {
  db::OpenOptions options;
  options.access = db::Access::kReadOnly;
  options.cache_kib = kReaderCacheKib;
  return Open(location, std::move(options));
}

absl::StatusOr<BlobFiles> OpenBlobs(const Location& location, db::Connection& db) {
  PAWL_ASSIGN(BlobFiles files, BlobFiles::Open(BlobDirectory(location)));
  absl::Status failure;
  PAWL_TRY(files.Sweep([&](const BlobId& id) {
    const auto row = ReadBlobRow(db, id);
    if (!row.ok()) failure = row.status();
    return !row.ok() || row->exists;
  }));
  PAWL_TRY(failure);
  return files;
}

}  // namespace pawl::relay::engine::sqlite
