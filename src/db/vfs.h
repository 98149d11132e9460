#ifndef PAWL_DB_VFS_H_
#define PAWL_DB_VFS_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/status.h"

struct sqlite3_vfs;

namespace pawl::db {

enum class FileOp { kOpen, kRead, kWrite, kSync, kTruncate, kDelete };

// One operation of SQLite on one of its files (the database, "-wal", "-journal"). The shared memory
// of the log ("-shm") is mapped and does not pass here; it is rebuilt after a crash.
struct FileEvent {
  FileOp op;
  std::string_view path;
  int64_t offset;  // of reads and writes; the new size for kTruncate
  int64_t size;    // of reads and writes
};

enum class FileVerdict {
  kProceed,
  kDiskFull,  // ENOSPC; nothing is written
  kIoError,   // EIO; nothing is done
  kTorn,      // the first half is written, then EIO (writes; else as kIoError)
};

// What goes wrong, decided operation by operation. Implemented by tests
// (tests/support/file_faults.h); a crash is a kIoError from some operation on, or an end of the
// process inside Before. Called on the thread that uses the connection.
class FileFaults {
 public:
  virtual ~FileFaults() = default;
  virtual FileVerdict Before(const FileEvent& event) = 0;
  // Only when it proceeded and succeeded.
  virtual void After(const FileEvent&) {}
};

struct FileCounts {
  std::atomic<int64_t> reads{0};
  std::atomic<int64_t> writes{0};
  std::atomic<int64_t> syncs{0};
  std::atomic<int64_t> truncates{0};
  std::atomic<int64_t> bytes_written{0};

  void Add(const FileEvent& event);
};

// A SQLite VFS that passes everything to the default one, asks `faults` before and counts after.
// Registered under a name for OpenOptions::vfs. In a build with kill points (base/kill_point.h) the
// connections that name no VFS go through one without faults, and it passes the points
// db.before_write, db.after_write, db.before_fsync and db.after_fsync.
class ShimVfs {
 public:
  // `faults` may be null; it must outlive the VFS. kAlreadyExists when the name is taken.
  static absl::StatusOr<std::unique_ptr<ShimVfs>> Register(std::string name, FileFaults* faults);

  ShimVfs(const ShimVfs&) = delete;
  ShimVfs& operator=(const ShimVfs&) = delete;
  // Unregisters. No connection may be open through it.
  ~ShimVfs();

  const std::string& name() const { return name_; }
  const FileCounts& counts() const { return counts_; }

 private:
  friend struct ShimCalls;
  ShimVfs(std::string name, FileFaults* faults);

  FileVerdict Ask(const FileEvent& event);
  void Tell(const FileEvent& event);

  const std::string name_;
  FileFaults* const faults_;
  sqlite3_vfs* const real_;
  FileCounts counts_;
  std::atomic<int> injected_errno_{0};  // what the last refused operation failed with
  std::unique_ptr<sqlite3_vfs> vfs_;
};

// The name of the VFS for connections that ask for none: empty (SQLite's own) but in a build with
// kill points.
std::string DefaultVfs();

}  // namespace pawl::db

#endif  // PAWL_DB_VFS_H_
