#ifndef PAWL_DB_CIPHER_H_
#define PAWL_DB_CIPHER_H_

#include "base/status.h"
#include "db/key.h"

struct sqlite3;

namespace pawl::db {

// What this layer asks of SQLCipher beyond SQLite. For Connection only.

// kNotEncrypted when the SQLite at hand has no cipher: a call of sqlite3_key alone would then
// succeed and everything would be written in plain text.
absl::Status RequireCipher(sqlite3* handle);

// Before the first access to the file. Does not read it: a wrong key shows at the first page.
absl::Status ApplyKey(sqlite3* handle, const Key& key);

// Encrypts every page anew, in one transaction.
absl::Status ChangeKey(sqlite3* handle, const Key& key);

// True when the open file starts like a plain SQLite database. Reads through the open descriptor:
// to open and close the file a second time would drop the process's locks on it.
bool HasPlainHeader(sqlite3* handle);

}  // namespace pawl::db

#endif  // PAWL_DB_CIPHER_H_
