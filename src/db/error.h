#ifndef PAWL_DB_ERROR_H_
#define PAWL_DB_ERROR_H_

#include "base/status.h"

struct sqlite3;

namespace pawl::db {

// The typed error of a SQLite result code (never SQLITE_OK). `handle` is asked for the system's
// errno behind an I/O error; null when there is none. A page that does not authenticate is
// kCorrupt: only Connection::Open, which reads the first page, knows better.
absl::Status ErrorOf(int result, sqlite3* handle);

}  // namespace pawl::db

#endif  // PAWL_DB_ERROR_H_
