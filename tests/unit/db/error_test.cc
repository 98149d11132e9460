#include "db/error.h"

#include <sqlcipher/sqlite3.h>

#include "support/matchers.h"

namespace pawl::db {
namespace {

using test::HasCode;

TEST(DbError, EachClassOfResultHasItsCode) {
  const std::pair<int, Code> expected[] = {
      {SQLITE_NOTADB, Code::kCorrupt},
      {SQLITE_CORRUPT_VTAB, Code::kCorrupt},
      {SQLITE_FULL, Code::kDiskFull},
      {SQLITE_IOERR_WRITE, Code::kIo},
      {SQLITE_CANTOPEN_ISDIR, Code::kIo},
      {SQLITE_BUSY, Code::kStoreLocked},
      {SQLITE_BUSY_SNAPSHOT, Code::kStoreLocked},
      {SQLITE_LOCKED_SHAREDCACHE, Code::kStoreLocked},
      {SQLITE_NOMEM, Code::kOutOfMemory},
      {SQLITE_IOERR_NOMEM, Code::kOutOfMemory},
      {SQLITE_TOOBIG, Code::kTooLarge},
      {SQLITE_READONLY, Code::kStorage},
      {SQLITE_CONSTRAINT_UNIQUE, Code::kStorage},
      {SQLITE_ERROR, Code::kStorage},
      {SQLITE_MISUSE, Code::kStorage},
  };
  for (const auto& [result, code] : expected) {
    EXPECT_THAT(ErrorOf(result, nullptr), HasCode(code)) << result;
  }
}

}  // namespace
}  // namespace pawl::db
