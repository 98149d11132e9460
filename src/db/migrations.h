#ifndef PAWL_DB_MIGRATIONS_H_
#define PAWL_DB_MIGRATIONS_H_

#include <span>

#include "base/status.h"
#include "db/connection.h"

namespace pawl::db {

// One step of a schema's history. Released steps are never edited: stores out there have run them.
struct Migration {
  int32_t version;  // 1, 2, 3, …
  Literal script;   // statements, without BEGIN and COMMIT
};

// Applies the steps above the file's user_version, each in one transaction with the raise of
// user_version: killed at any point, the file stands between two steps. kStoreTooNew when the file
// knows a step that `migrations` does not, and nothing is changed. kInternal when the list does not
// count up from 1.
absl::Status Migrate(Connection& connection, std::span<const Migration> migrations);

}  // namespace pawl::db

#endif  // PAWL_DB_MIGRATIONS_H_
