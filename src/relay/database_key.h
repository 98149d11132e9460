#ifndef PAWL_RELAY_DATABASE_KEY_H_
#define PAWL_RELAY_DATABASE_KEY_H_

#include <optional>
#include <string>

#include "base/status.h"
#include "db/connection.h"

namespace pawl::relay {

// The database's key from a file of 32 bytes or of 64 hex digits (and a line end); nothing for an
// empty path. kIo, kInvalidArgument.
absl::StatusOr<std::optional<db::Key>> ReadDatabaseKey(const std::string& path);

}  // namespace pawl::relay

#endif  // PAWL_RELAY_DATABASE_KEY_H_
