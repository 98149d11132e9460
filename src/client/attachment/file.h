#ifndef PAWL_CLIENT_ATTACHMENT_FILE_H_
#define PAWL_CLIENT_ATTACHMENT_FILE_H_

#include <string>

#include "base/bytes.h"
#include "base/status.h"

namespace pawl::attachment {

// An open file, closed when it goes. Blocks: for the IO worker. All or nothing: a short read or
// write is an error. kNotFound, kDiskFull, kIo.
class File {
 public:
  enum class How {
    kRead,       // an existing regular file
    kReadWrite,  // made (0600) when missing; never through a symbolic link
  };
  static absl::StatusOr<File> Open(const std::string& path, How how);
  // Duplicates the descriptor of a regular file. kInvalidArgument when it is none.
  static absl::StatusOr<File> Duplicate(int fd);

  File(File&& other) noexcept;
  File& operator=(File&& other) noexcept;
  ~File();

  absl::StatusOr<uint64_t> Size() const;
  absl::Status ReadAt(uint64_t offset, MutableByteView out) const;
  absl::Status WriteAt(uint64_t offset, ByteView bytes);
  absl::Status Truncate(uint64_t size);
  // The data is on disk.
  absl::Status Sync();
  int fd() const { return fd_; }

 private:
  explicit File(int fd) : fd_(fd) {}
  int fd_;
};

// Gives the file its final name, durably, in place of what has it now.
absl::Status RenameDurably(const std::string& from, const std::string& to);
// Fine when there is none.
void RemoveFile(const std::string& path);
// Makes one folder (0700) when missing.
absl::Status MakeFolder(const std::string& path);

}  // namespace pawl::attachment

#endif  // PAWL_CLIENT_ATTACHMENT_FILE_H_
