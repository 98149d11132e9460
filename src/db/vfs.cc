#include "db/vfs.h"

#include <sqlcipher/sqlite3.h>

#include <cerrno>
#include <utility>

#include "base/kill_point.h"

namespace pawl::db {
namespace {

// SQLite gives szOsFile bytes to each open file: ours, and behind them the real one's.
struct ShimFile {
  sqlite3_file base;
  ShimVfs* shim;
  const char* path;  // SQLite keeps it while the file is open; null for a temporary file
};

ShimFile* Ours(sqlite3_file* file) { return reinterpret_cast<ShimFile*>(file); }
sqlite3_file* Real(sqlite3_file* file) { return reinterpret_cast<sqlite3_file*>(Ours(file) + 1); }

std::string_view PathOf(const char* path) { return path == nullptr ? std::string_view() : path; }

FileEvent EventOn(sqlite3_file* file, FileOp op, int64_t offset, int64_t size) {
  return {op, PathOf(Ours(file)->path), offset, size};
}

int ResultOf(FileVerdict verdict, int io_error) {
  switch (verdict) {
    case FileVerdict::kProceed:
      return SQLITE_OK;
    case FileVerdict::kDiskFull:
      return SQLITE_FULL;
    case FileVerdict::kIoError:
    case FileVerdict::kTorn:
      return io_error;
  }
  return io_error;
}

}  // namespace

// The functions SQLite calls; a friend of ShimVfs.
struct ShimCalls {
  static ShimVfs* Shim(sqlite3_vfs* vfs) { return static_cast<ShimVfs*>(vfs->pAppData); }
  static sqlite3_vfs* Real(sqlite3_vfs* vfs) { return Shim(vfs)->real_; }

  // A method that is the real one's: of a file, and of the VFS.
  template <auto kMethod, typename... Args>
  static int File(sqlite3_file* file, Args... args) {
    sqlite3_file* const real = db::Real(file);
    return (real->pMethods->*kMethod)(real, args...);
  }
  template <auto kMethod, typename Result, typename... Args>
  static Result Vfs(sqlite3_vfs* vfs, Args... args) {
    return (Real(vfs)->*kMethod)(Real(vfs), args...);
  }
  static void ShmBarrier(sqlite3_file* file) {
    db::Real(file)->pMethods->xShmBarrier(db::Real(file));
  }

  static int Open(sqlite3_vfs* vfs, sqlite3_filename path, sqlite3_file* file, int flags, int* out);
  static int Delete(sqlite3_vfs* vfs, const char* path, int sync);
  static int LastError(sqlite3_vfs* vfs, int size, char* text);
  static int Close(sqlite3_file* file);
  static int Read(sqlite3_file* file, void* data, int size, sqlite3_int64 offset);
  static int Write(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset);
  static int Truncate(sqlite3_file* file, sqlite3_int64 size);
  static int Sync(sqlite3_file* file, int flags);

  static const sqlite3_io_methods kMethods;
};

const sqlite3_io_methods ShimCalls::kMethods = {
    3,
    &Close,
    &Read,
    &Write,
    &Truncate,
    &Sync,
    &File<&sqlite3_io_methods::xFileSize>,
    &File<&sqlite3_io_methods::xLock>,
    &File<&sqlite3_io_methods::xUnlock>,
    &File<&sqlite3_io_methods::xCheckReservedLock>,
    &File<&sqlite3_io_methods::xFileControl>,
    &File<&sqlite3_io_methods::xSectorSize>,
    &File<&sqlite3_io_methods::xDeviceCharacteristics>,
    &File<&sqlite3_io_methods::xShmMap>,
    &File<&sqlite3_io_methods::xShmLock>,
    &ShmBarrier,
    &File<&sqlite3_io_methods::xShmUnmap>,
    &File<&sqlite3_io_methods::xFetch>,
    &File<&sqlite3_io_methods::xUnfetch>,
};

int ShimCalls::Open(sqlite3_vfs* vfs, sqlite3_filename path, sqlite3_file* file, int flags,
                    int* out) {
  ShimVfs* const shim = Shim(vfs);
  ShimFile* const ours = Ours(file);
  *ours = {{nullptr}, shim, path};
  const FileEvent event{FileOp::kOpen, PathOf(path), 0, 0};
  if (const int refused = ResultOf(shim->Ask(event), SQLITE_CANTOPEN)) return refused;
  sqlite3_file* const real = db::Real(file);
  const int result = Real(vfs)->xOpen(Real(vfs), path, real, flags, out);
  if (result == SQLITE_OK && real->pMethods->iVersion >= kMethods.iVersion) {
    ours->base.pMethods = &kMethods;
    shim->Tell(event);
    return SQLITE_OK;
  }
  if (real->pMethods != nullptr) real->pMethods->xClose(real);
  return result == SQLITE_OK ? SQLITE_CANTOPEN : result;
}

int ShimCalls::Delete(sqlite3_vfs* vfs, const char* path, int sync) {
  const FileEvent event{FileOp::kDelete, PathOf(path), 0, 0};
  if (const int refused = ResultOf(Shim(vfs)->Ask(event), SQLITE_IOERR_DELETE)) return refused;
  const int result = Real(vfs)->xDelete(Real(vfs), path, sync);
  if (result == SQLITE_OK) Shim(vfs)->Tell(event);
  return result;
}

// What sqlite3_system_errno reports.
int ShimCalls::LastError(sqlite3_vfs* vfs, int size, char* text) {
  if (const int injected = Shim(vfs)->injected_errno_) return injected;
  return Real(vfs)->xGetLastError(Real(vfs), size, text);
}

int ShimCalls::Close(sqlite3_file* file) {
  return db::Real(file)->pMethods->xClose(db::Real(file));
}

int ShimCalls::Read(sqlite3_file* file, void* data, int size, sqlite3_int64 offset) {
  ShimVfs* const shim = Ours(file)->shim;
  const FileEvent event = EventOn(file, FileOp::kRead, offset, size);
  if (const int refused = ResultOf(shim->Ask(event), SQLITE_IOERR_READ)) return refused;
  const int result = db::Real(file)->pMethods->xRead(db::Real(file), data, size, offset);
  if (result == SQLITE_OK) shim->Tell(event);
  return result;
}

int ShimCalls::Write(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  ShimVfs* const shim = Ours(file)->shim;
  sqlite3_file* const real = db::Real(file);
  const FileEvent event = EventOn(file, FileOp::kWrite, offset, size);
  PAWL_KILL_POINT("db.before_write");
  const FileVerdict verdict = shim->Ask(event);
  if (verdict == FileVerdict::kTorn) real->pMethods->xWrite(real, data, size / 2, offset);
  if (const int refused = ResultOf(verdict, SQLITE_IOERR_WRITE)) return refused;
  const int result = real->pMethods->xWrite(real, data, size, offset);
  if (result == SQLITE_OK) shim->Tell(event);
  PAWL_KILL_POINT("db.after_write");
  return result;
}

int ShimCalls::Truncate(sqlite3_file* file, sqlite3_int64 size) {
  ShimVfs* const shim = Ours(file)->shim;
  const FileEvent event = EventOn(file, FileOp::kTruncate, size, 0);
  if (const int refused = ResultOf(shim->Ask(event), SQLITE_IOERR_TRUNCATE)) return refused;
  const int result = db::Real(file)->pMethods->xTruncate(db::Real(file), size);
  if (result == SQLITE_OK) shim->Tell(event);
  return result;
}

int ShimCalls::Sync(sqlite3_file* file, int flags) {
  ShimVfs* const shim = Ours(file)->shim;
  const FileEvent event = EventOn(file, FileOp::kSync, 0, 0);
  PAWL_KILL_POINT("db.before_fsync");
  if (const int refused = ResultOf(shim->Ask(event), SQLITE_IOERR_FSYNC)) return refused;
  const int result = db::Real(file)->pMethods->xSync(db::Real(file), flags);
  if (result == SQLITE_OK) shim->Tell(event);
  PAWL_KILL_POINT("db.after_fsync");
  return result;
}

absl::StatusOr<std::unique_ptr<ShimVfs>> ShimVfs::Register(std::string name, FileFaults* faults) {
  // Before the first connection of a process there is no default VFS yet.
  if (sqlite3_initialize() != SQLITE_OK) return Fail(Code::kStorage, "SQLite did not start");
  if (sqlite3_vfs_find(name.c_str()) != nullptr) {
    return Fail(Code::kAlreadyExists, "a VFS of that name is registered");
  }
  std::unique_ptr<ShimVfs> shim(new ShimVfs(std::move(name), faults));
  if (sqlite3_vfs_register(shim->vfs_.get(), /*makeDflt=*/0) != SQLITE_OK) {
    return Fail(Code::kStorage, "VFS could not be registered");
  }
  return shim;
}

ShimVfs::ShimVfs(std::string name, FileFaults* faults)
    : name_(std::move(name)), faults_(faults), real_(sqlite3_vfs_find(nullptr)) {
  vfs_ = std::make_unique<sqlite3_vfs>();
  vfs_->iVersion = 2;
  vfs_->szOsFile = static_cast<int>(sizeof(ShimFile)) + real_->szOsFile;
  vfs_->mxPathname = real_->mxPathname;
  vfs_->zName = name_.c_str();
  vfs_->pAppData = this;
  vfs_->xOpen = &ShimCalls::Open;
  vfs_->xDelete = &ShimCalls::Delete;
  vfs_->xAccess = &ShimCalls::Vfs<&sqlite3_vfs::xAccess>;
  vfs_->xFullPathname = &ShimCalls::Vfs<&sqlite3_vfs::xFullPathname>;
  vfs_->xDlOpen = &ShimCalls::Vfs<&sqlite3_vfs::xDlOpen>;
  vfs_->xDlError = &ShimCalls::Vfs<&sqlite3_vfs::xDlError>;
  vfs_->xDlSym = &ShimCalls::Vfs<&sqlite3_vfs::xDlSym>;
  vfs_->xDlClose = &ShimCalls::Vfs<&sqlite3_vfs::xDlClose>;
  vfs_->xRandomness = &ShimCalls::Vfs<&sqlite3_vfs::xRandomness>;
  vfs_->xSleep = &ShimCalls::Vfs<&sqlite3_vfs::xSleep>;
  vfs_->xCurrentTime = &ShimCalls::Vfs<&sqlite3_vfs::xCurrentTime>;
  vfs_->xGetLastError = &ShimCalls::LastError;
  vfs_->xCurrentTimeInt64 = &ShimCalls::Vfs<&sqlite3_vfs::xCurrentTimeInt64>;
}

ShimVfs::~ShimVfs() { sqlite3_vfs_unregister(vfs_.get()); }

FileVerdict ShimVfs::Ask(const FileEvent& event) {
  injected_errno_ = 0;
  const FileVerdict verdict = faults_ == nullptr ? FileVerdict::kProceed : faults_->Before(event);
  if (verdict == FileVerdict::kDiskFull) injected_errno_ = ENOSPC;
  if (verdict == FileVerdict::kIoError || verdict == FileVerdict::kTorn) injected_errno_ = EIO;
  return verdict;
}

void ShimVfs::Tell(const FileEvent& event) {
  counts_.Add(event);
  if (faults_ != nullptr) faults_->After(event);
}

void FileCounts::Add(const FileEvent& event) {
  switch (event.op) {
    case FileOp::kRead:
      ++reads;
      break;
    case FileOp::kWrite:
      ++writes;
      bytes_written += event.size;
      break;
    case FileOp::kSync:
      ++syncs;
      break;
    case FileOp::kTruncate:
      ++truncates;
      break;
    case FileOp::kOpen:
    case FileOp::kDelete:
      break;
  }
}

std::string DefaultVfs() {
#ifdef PAWL_KILL_POINTS
  static const auto* const shim =
      new absl::StatusOr<std::unique_ptr<ShimVfs>>(ShimVfs::Register("pawl-kill-points", nullptr));
  return shim->ok() ? (*shim)->get()->name() : std::string();
#else
  return {};
#endif
}

}  // namespace pawl::db
