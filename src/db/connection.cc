#include "db/connection.h"

#include <sqlcipher/sqlite3.h>

#include <cerrno>

#include "db/cipher.h"
#include "db/error.h"
#include "db/vfs.h"

namespace pawl::db {
namespace {

int FlagsOf(Access access) {
  // One thread at a time per connection: SQLite's own mutex is not needed.
  constexpr int kCommon = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  switch (access) {
    case Access::kReadOnly:
      return kCommon | SQLITE_OPEN_READONLY;
    case Access::kReadWrite:
      return kCommon | SQLITE_OPEN_READWRITE;
    case Access::kCreate:
      return kCommon | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  }
  return kCommon | SQLITE_OPEN_READONLY;
}

absl::Status OpenError(int result, sqlite3* handle) {
  if (handle == nullptr) return Fail(Code::kOutOfMemory, "no memory");
  if ((result & 0xff) == SQLITE_CANTOPEN && sqlite3_system_errno(handle) == ENOENT) {
    return Fail(Code::kNotFound, "no database file");
  }
  return ErrorOf(result, handle);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(const OpenOptions& options,
                                                             const Key& key) {
  return OpenFile(options, &key);
}

absl::StatusOr<std::unique_ptr<Connection>> Connection::OpenUnencrypted(
    const OpenOptions& options) {
  return OpenFile(options, nullptr);
}

absl::StatusOr<std::unique_ptr<Connection>> Connection::OpenFile(const OpenOptions& options,
                                                                 const Key* key) {
  const std::string vfs = options.vfs.empty() ? DefaultVfs() : options.vfs;
  sqlite3* handle = nullptr;
  const int result = sqlite3_open_v2(options.path.c_str(), &handle, FlagsOf(options.access),
                                     vfs.empty() ? nullptr : vfs.c_str());
  // SQLite wants the handle closed even when it did not open.
  std::unique_ptr<Connection> connection(
      new Connection(handle, key == nullptr ? Encryption::kNone : Encryption::kRawKey));
  if (result != SQLITE_OK) return OpenError(result, handle);
  sqlite3_busy_timeout(handle, static_cast<int>(options.busy_timeout.ms));
  if (key != nullptr) {
    PAWL_TRY(RequireCipher(handle));
    PAWL_TRY(ApplyKey(handle, *key));
  }
  PAWL_TRY(connection->ReadFirstPage(options.access));
  PAWL_TRY(connection->Configure(options));
  return connection;
}

Connection::~Connection() {
  for (auto& [text, statement] : idle_) sqlite3_finalize(statement);
  sqlite3_close_v2(handle_);
}

// SQLite opens lazily: only this shows a wrong key, a foreign file, or a log that needs recovery.
// It reads the first page and no other: damage further on is not a wrong key.
absl::Status Connection::ReadFirstPage(Access access) {
  const int result = sqlite3_exec(handle_, "PRAGMA schema_version", nullptr, nullptr, nullptr);
  if ((result & 0xff) == SQLITE_NOTADB) {
    if (encryption_ == Encryption::kRawKey && HasPlainHeader(handle_)) {
      return Fail(Code::kNotEncrypted, "a plain SQLite database stands in the place");
    }
    return Fail(Code::kWrongKey, "the key does not open this database");
  }
  if (result != SQLITE_OK) return ErrorOf(result, handle_);
  if (access == Access::kCreate) return OkStatus();
  // A file that was cut to nothing would pass for a new database.
  PAWL_ASSIGN(Statement pages, Prepare("PRAGMA page_count"));
  PAWL_ASSIGN(const bool row, pages.Step());
  if (!row || pages.Int(0) == 0) return Fail(Code::kCorrupt, "database file is empty");
  return OkStatus();
}

absl::Status Connection::Configure(const OpenOptions& options) {
  // Not even someone who can write the file gets more than wrong data out of its schema.
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  PAWL_TRY(Execute("PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY"));
  PAWL_TRY(Pragma("PRAGMA cache_size = ", -int64_t{options.cache_kib}));
  PAWL_TRY(Pragma("PRAGMA foreign_keys = ", options.foreign_keys ? 1 : 0));
  if (options.access == Access::kReadOnly) {
    // The last to go would otherwise try to copy the log into the file.
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    return OkStatus();
  }
  if (encryption_ == Encryption::kNone) PAWL_TRY(Execute("PRAGMA page_size = 4096"));
  PAWL_TRY(RequireWriteAheadLog());
  PAWL_TRY(Execute("PRAGMA synchronous = FULL; PRAGMA secure_delete = ON"));
  // Where fsync does not reach the medium (macOS) these make it; elsewhere they do nothing.
  PAWL_TRY(Execute("PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON"));
  return Pragma("PRAGMA wal_autocheckpoint = ", options.checkpoint_pages);
}

absl::Status Connection::RequireWriteAheadLog() {
  PAWL_ASSIGN(Statement mode, Prepare("PRAGMA journal_mode = WAL"));
  PAWL_ASSIGN(const bool row, mode.Step());
  if (!row || mode.Text(0) != "wal") return Fail(Code::kStorage, "no write-ahead log on this file");
  return OkStatus();
}

absl::StatusOr<Statement> Connection::Prepare(Literal sql) {
  const char* const text = sql.text().data();
  if (auto node = idle_.extract(text)) return Statement(this, text, node.mapped());
  sqlite3_stmt* statement = nullptr;
  const int result = sqlite3_prepare_v3(handle_, text, static_cast<int>(sql.text().size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (result != SQLITE_OK) return ErrorOf(result, handle_);
  return Statement(this, text, statement);
}

void Connection::Keep(const char* text, sqlite3_stmt* statement) {
  if (!idle_.emplace(text, statement).second) sqlite3_finalize(statement);
}

absl::Status Connection::Execute(Literal script) {
  const int result = sqlite3_exec(handle_, script.text().data(), nullptr, nullptr, nullptr);
  return result == SQLITE_OK ? OkStatus() : ErrorOf(result, handle_);
}

absl::Status Connection::Pragma(Literal name, int64_t value) {
  const std::string sql = std::string(name.text()) + std::to_string(value);
  const int result = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
  return result == SQLITE_OK ? OkStatus() : ErrorOf(result, handle_);
}

bool Connection::InTransaction() const { return sqlite3_get_autocommit(handle_) == 0; }
int64_t Connection::Changes() const { return sqlite3_changes64(handle_); }
int64_t Connection::LastInsertRowid() const { return sqlite3_last_insert_rowid(handle_); }

absl::StatusOr<int64_t> Connection::UserVersion() {
  PAWL_ASSIGN(Statement version, Prepare("PRAGMA user_version"));
  PAWL_ASSIGN(const bool row, version.Step());
  return row ? version.Int(0) : 0;
}

absl::Status Connection::SetUserVersion(int32_t version) {
  return Pragma("PRAGMA user_version = ", version);
}

absl::Status Connection::Checkpoint(CheckpointMode mode) {
  if (InTransaction()) return Fail(Code::kWrongState, "inside a transaction");
  const int how =
      mode == CheckpointMode::kTruncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;
  const int result = sqlite3_wal_checkpoint_v2(handle_, "main", how, nullptr, nullptr);
  return result == SQLITE_OK ? OkStatus() : ErrorOf(result, handle_);
}

// Not PRAGMA cipher_integrity_check: it reads the file past the log, and a page that a crash tore
// in the middle of a checkpoint is whole in the log.
absl::Status Connection::CheckIntegrity(IntegrityCheck check) {
  const bool full = check == IntegrityCheck::kFull;
  PAWL_ASSIGN(Statement trees,
              full ? Prepare("PRAGMA integrity_check(1)") : Prepare("PRAGMA quick_check(1)"));
  PAWL_ASSIGN(const bool row, trees.Step());
  if (!row || trees.Text(0) != "ok") return Fail(Code::kCorrupt, "database structure is damaged");
  return OkStatus();
}

absl::Status Connection::Rekey(const Key& key) {
  if (InTransaction()) return Fail(Code::kWrongState, "inside a transaction");
  if (encryption_ == Encryption::kNone) return Fail(Code::kNotEncrypted, "database has no key");
  // Before: readers show here, while nothing has changed yet. After: nothing under the old key
  // stays.
  PAWL_TRY(Checkpoint(CheckpointMode::kTruncate));
  PAWL_TRY(ChangeKey(handle_, key));
  return Checkpoint(CheckpointMode::kTruncate);
}

}  // namespace pawl::db
