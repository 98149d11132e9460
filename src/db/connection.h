#ifndef PAWL_DB_CONNECTION_H_
#define PAWL_DB_CONNECTION_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "base/clock.h"
#include "base/status.h"
#include "db/key.h"
#include "db/statement.h"

struct sqlite3;
struct sqlite3_stmt;

namespace pawl::db {

enum class Access {
  kReadOnly,   // never writes, not even when it recovers a log: the writer must have been there
  kReadWrite,  // kNotFound when there is no file, kCorrupt when it is empty
  kCreate,     // read and write, made when absent
};

struct OpenOptions {
  std::string path;  // UTF-8
  Access access = Access::kReadWrite;
  Duration busy_timeout = Seconds(5);  // waits so long for another writer, then kStoreLocked
  bool foreign_keys = false;
  int32_t cache_kib = 2048;
  int32_t checkpoint_pages = 1000;  // size of the log at which a commit also checkpoints; 0: never
  std::string vfs{};                // SQLite VFS to open through (db/vfs.h); empty: the default one
};

enum class CheckpointMode {
  kPassive,   // copies what it can without waiting for anyone
  kTruncate,  // waits for readers, copies everything and cuts the log to nothing
};

enum class IntegrityCheck {
  kQuick,  // every page in use authenticates, and the trees are whole
  kFull,   // that, and every index agrees with its table
};

// One connection to one SQLCipher file: 4 KiB pages, write-ahead log, synchronous=FULL (a commit
// that returned is on the disk), secure_delete (freed pages are overwritten), temporary tables in
// memory. Every status of this layer: kWrongKey (only from Open), kNotEncrypted (only from Open),
// kNotFound (only from Open), kCorrupt, kDiskFull, kStoreLocked (another connection has the lock),
// kIo, kOutOfMemory, kStorage. A statement that fails leaves the connection usable, but kDiskFull,
// kIo, kCorrupt and kOutOfMemory inside a transaction may end it (InTransaction() says).
// Thread-compatible: one thread at a time. Statements and transactions must not outlive it.
class Connection {
 public:
  // Fails closed with kNotEncrypted when the library at hand is not SQLCipher or the file is a
  // plain SQLite database. kWrongKey: the first page does not authenticate under `key` (a wrong key
  // and a damaged first page cannot be told apart). Blocks for recovery of the log.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const OpenOptions& options,
                                                          const Key& key);
  // A plain SQLite file: only for a relay whose operator gave no key, never for a client's store.
  // kWrongKey when the file is encrypted.
  static absl::StatusOr<std::unique_ptr<Connection>> OpenUnencrypted(const OpenOptions& options);

  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  // A statement, compiled once per connection and kept for the next use. SQL is a literal: nothing
  // of a user's can be part of it. Two live statements of the same text are two compiled ones.
  absl::StatusOr<Statement> Prepare(Literal sql);
  // Runs each statement of a script; rows are dropped.
  absl::Status Execute(Literal script);

  bool InTransaction() const;
  // Rows changed by the last INSERT, UPDATE or DELETE.
  int64_t Changes() const;
  int64_t LastInsertRowid() const;

  // PRAGMA user_version: the number of the last migration (db/migrations.h).
  absl::StatusOr<int64_t> UserVersion();
  absl::Status SetUserVersion(int32_t version);

  absl::Status Checkpoint(CheckpointMode mode);
  absl::Status CheckIntegrity(IntegrityCheck check);
  // Encrypts every page anew in one transaction and truncates the log. Killed at any point, the
  // file opens with the old or with the new key, and is whole. kStoreLocked while others read. Open
  // connections of others are of no use afterwards. kWrongState inside a transaction.
  absl::Status Rekey(const Key& key);

 private:
  friend class Statement;
  enum class Encryption { kNone, kRawKey };

  Connection(sqlite3* handle, Encryption encryption) : handle_(handle), encryption_(encryption) {}

  static absl::StatusOr<std::unique_ptr<Connection>> OpenFile(const OpenOptions& options,
                                                              const Key* key);
  absl::Status ReadFirstPage(Access access);
  absl::Status Configure(const OpenOptions& options);
  absl::Status RequireWriteAheadLog();
  // `name` ends with " = ".
  absl::Status Pragma(Literal name, int64_t value);
  void Keep(const char* text, sqlite3_stmt* statement);

  sqlite3* const handle_;
  const Encryption encryption_;
  absl::flat_hash_map<const char*, sqlite3_stmt*> idle_;  // by address of the literal
};

}  // namespace pawl::db

#endif  // PAWL_DB_CONNECTION_H_
