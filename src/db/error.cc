#include "db/error.h"

#include <cerrno>

#include <sqlcipher/sqlite3.h>

namespace pawl::db {
namespace {

bool DiskIsFull(sqlite3* handle) {
  const int error = handle == nullptr ? 0 : sqlite3_system_errno(handle);
  return error == ENOSPC || error == EDQUOT;
}

absl::Status FileError(sqlite3* handle) {
  if (DiskIsFull(handle)) return Fail(Code::kDiskFull, "no room on the disk");
  return Fail(Code::kIo, "file could not be read or written");
}

}  // namespace

absl::Status ErrorOf(int result, sqlite3* handle) {
  if (result == SQLITE_IOERR_NOMEM) return Fail(Code::kOutOfMemory, "no memory");
  switch (result & 0xff) {
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return Fail(Code::kCorrupt, "database file is damaged");
    case SQLITE_FULL:
      return Fail(Code::kDiskFull, "no room on the disk");
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      return FileError(handle);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Fail(Code::kStoreLocked, "database is locked by another connection");
    case SQLITE_NOMEM:
      return Fail(Code::kOutOfMemory, "no memory");
    case SQLITE_READONLY:
      return Fail(Code::kStorage, "database is read-only");
    case SQLITE_CONSTRAINT:
      return Fail(Code::kStorage, "constraint of the schema violated");
    case SQLITE_TOOBIG:
      return Fail(Code::kTooLarge, "value too large for the database");
    default:
      return Fail(Code::kStorage, "database error");
  }
}

}  // namespace pawl::db
