#ifndef PAWL_STORE_FILE_H_
#define PAWL_STORE_FILE_H_

#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/status.h"

namespace pawl::store {

// The few small files beside the database. All calls block.

// nullopt when there is no such file; kTooLarge above `max` bytes; kIo.
absl::StatusOr<std::optional<Bytes>> ReadSmallFile(const std::string& path, size_t max);

// At most the first `max` bytes. kIo.
absl::StatusOr<Bytes> ReadFileStart(const std::string& path, size_t max);

// Whoever reads `path` later, after a crash at any point, finds the old bytes or the new ones:
// written beside it, flushed, renamed over it, the folder flushed. Mode 0600. kDiskFull, kIo.
absl::Status WriteFileAtomically(const std::string& path, ByteView bytes);

// Makes `dir` and its missing parents, mode 0700. Fine when it is there. kIo, kDiskFull.
absl::Status MakeDirs(const std::string& dir);

// Durable when it returns. Fine when there is no such file. kIo.
absl::Status RemoveFile(const std::string& path);

bool FileExists(const std::string& path);

// Symbolic links and `..` resolved, as far as the path exists. kIo.
absl::StatusOr<std::string> ResolvedPath(const std::string& path);

// A typed error for `error`, an errno value.
absl::Status FileError(int error, Literal what);

}  // namespace pawl::store

#endif  // PAWL_STORE_FILE_H_
