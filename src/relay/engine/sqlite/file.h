#ifndef PAWL_RELAY_ENGINE_SQLITE_FILE_H_
#define PAWL_RELAY_ENGINE_SQLITE_FILE_H_

#include <string>

#include "base/bytes.h"
#include "base/status.h"

namespace pawl::relay::engine::sqlite {

// An open file or directory, closed with the object. Every call is retried when a signal interrupts
// it. kDiskFull (no space, quota, or the process's file size limit), kNotFound, kIo.
class File {
 public:
  static absl::StatusOr<File> OpenToRead(const std::string& path);
  static absl::StatusOr<File> OpenToAppend(
      const std::string& path);  // made, mode 0600, when absent

  File(File&& other) noexcept;
  File& operator=(File&&) = delete;
  ~File();

  absl::StatusOr<uint64_t> Size() const;
  absl::Status WriteAt(uint64_t offset, ByteView bytes) const;
  absl::StatusOr<Bytes> ReadAt(uint64_t offset, size_t max) const;
  absl::Status Truncate(uint64_t size) const;
  absl::Status SyncData() const;
  // Asks the kernel to begin writing this range, without waiting.
  void BeginWriteback(uint64_t offset, uint64_t size) const;

 private:
  explicit File(int fd) : fd_(fd) {}
  static absl::StatusOr<File> OpenWith(const std::string& path, int flags);
  int fd_;
};

}  // namespace pawl::relay::engine::sqlite

#endif  // PAWL_RELAY_ENGINE_SQLITE_FILE_H_
