#ifndef PAWL_RELAY_ENGINE_SQLITE_BLOB_FILES_H_
#define PAWL_RELAY_ENGINE_SQLITE_BLOB_FILES_H_

#include <functional>
#include <string>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/status.h"

namespace pawl::relay::engine::sqlite {

// The bytes of blobs: one file each, <directory>/<first two digits>/<64 digits>, hexadecimal of the
// id. Written in order only. The database says which of them exist, how large they are to become
// and whether they are complete; a file without a row is an accident of a crash, and Sweep removes
// it. The bytes are what clients sealed already (crypto/stream_aead.h) and are not encrypted again.
// Thread-safe as long as one thread at a time writes to one blob. kDiskFull, kIo.
class BlobFiles {
 public:
  // Makes the directory (mode 0700) when it is not there.
  static absl::StatusOr<BlobFiles> Open(std::string directory);

  // 0 when there is no file.
  uint64_t SizeOf(const BlobId& id) const;
  // `offset` must be SizeOf(id): kWrongState. After an error the file is as it was.
  absl::Status Append(const BlobId& id, uint64_t offset, ByteView bytes) const;
  // Up to `max` bytes; fewer at the end. kNotFound.
  absl::StatusOr<Bytes> Read(const BlobId& id, uint64_t offset, size_t max) const;
  // Returns when the file and its name are on the disk. kNotFound.
  absl::Status Sync(const BlobId& id) const;
  void Remove(const BlobId& id) const;
  // Removes every file whose id `is_known` does not know.
  absl::Status Sweep(const std::function<bool(const BlobId&)>& is_known) const;

 private:
  explicit BlobFiles(std::string directory) : directory_(std::move(directory)) {}
  std::string FolderOf(const BlobId& id) const;
  std::string PathOf(const BlobId& id) const;

  std::string directory_;
};

}  // namespace pawl::relay::engine::sqlite

#endif  // PAWL_RELAY_ENGINE_SQLITE_BLOB_FILES_H_
