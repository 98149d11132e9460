#include "db/cipher.h"

#define SQLITE_HAS_CODEC 1  // declares sqlite3_key and sqlite3_rekey
#include <sqlcipher/sqlite3.h>

#include <string_view>

#include "base/bytes.h"
#include "base/sim_hooks.h"
#include "db/error.h"

namespace pawl::db {
namespace {

// x'<64 hex digits>': SQLCipher takes the digits as the key itself.
constexpr size_t kRawKeyTextSize = 2 + 2 * Key::kSize + 1;
using RawKeyText = crypto::Secret<struct RawKeyTextTag, kRawKeyTextSize>;

// Constant time: arithmetic instead of a table, which would leave the key's nibbles in the cache.
uint8_t HexDigit(unsigned nibble) {
  const unsigned letter = (9 - nibble) >> 31;  // 1 for 10..15
  return static_cast<uint8_t>('0' + nibble + letter * ('a' - '0' - 10));
}

RawKeyText TextOf(const Key& key) {
  RawKeyText text = RawKeyText::Zero();
  uint8_t* at = text.Writable().data();
  *at++ = 'x';
  *at++ = '\'';
  for (uint8_t byte : key.Expose()) {
    *at++ = HexDigit(byte >> 4);
    *at++ = HexDigit(byte & 15);
  }
  *at = '\'';
  return text;
}

absl::Status Execute(sqlite3* handle, const char* sql) {
  const int result = sqlite3_exec(handle, sql, nullptr, nullptr, nullptr);
  return result == SQLITE_OK ? OkStatus() : ErrorOf(result, handle);
}

int NoteAnyText(void* found, int columns, char** values, char**) {
  if (columns > 0 && values[0] != nullptr && values[0][0] != '\0')
    *static_cast<bool*>(found) = true;
  return 0;
}

}  // namespace

absl::Status RequireCipher(sqlite3* handle) {
  bool found = false;
  const int result = sqlite3_exec(handle, "PRAGMA cipher_version", NoteAnyText, &found, nullptr);
  if (result != SQLITE_OK) return ErrorOf(result, handle);
  if (!found) return Fail(Code::kNotEncrypted, "this SQLite cannot encrypt");
  return OkStatus();
}

absl::Status ApplyKey(sqlite3* handle, const Key& key) {
  if (PAWL_MUTANT("db.plain_pages")) return OkStatus();
  const int result = sqlite3_key(handle, TextOf(key).Expose().data(), kRawKeyTextSize);
  if (result != SQLITE_OK) return ErrorOf(result, handle);
  // The first key of a process turns on SQLCipher's log to stderr, which is the host's.
  PAWL_TRY(Execute(handle, "PRAGMA cipher_log_level = NONE"));
  // SQLite's heap (pages, values, keys) is overwritten when it is freed; README.md says what it
  // costs.
  PAWL_TRY(Execute(handle, "PRAGMA cipher_memory_security = ON"));
  // AES-256-CBC with HMAC-SHA-512, 4 KiB pages: the format of version 4, whatever a later library
  // takes for its default.
  return Execute(handle, "PRAGMA cipher_compatibility = 4");
}

absl::Status ChangeKey(sqlite3* handle, const Key& key) {
  const int result = sqlite3_rekey(handle, TextOf(key).Expose().data(), kRawKeyTextSize);
  return result == SQLITE_OK ? OkStatus() : ErrorOf(result, handle);
}

bool HasPlainHeader(sqlite3* handle) {
  constexpr std::string_view kPlainHeader("SQLite format 3\0", 16);
  sqlite3_file* file = nullptr;
  if (sqlite3_file_control(handle, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK ||
      file == nullptr || file->pMethods == nullptr) {
    return false;
  }
  ByteArray<kPlainHeader.size()> header{};
  if (file->pMethods->xRead(file, header.data(), static_cast<int>(header.size()), 0) != SQLITE_OK) {
    return false;
  }
  return AsText(header) == kPlainHeader;
}

}  // namespace pawl::db
