#include "relay/engine/sqlite/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace pawl::relay::engine::sqlite {

absl::StatusOr<FolderLock> FolderLock::Take(const std::string& directory) {
  const std::string path = directory + "/relay.lock";
  FolderLock lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (lock.fd_ < 0) return Fail(Code::kIo, "the lock of the data folder cannot be made");
  if (::flock(lock.fd_, LOCK_EX | LOCK_NB) == 0) return lock;
  return errno == EWOULDBLOCK ? Fail(Code::kStoreLocked, "another relay serves this data folder")
                              : Fail(Code::kIo, "the data folder cannot be locked");
}

FolderLock::FolderLock(FolderLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

FolderLock::~FolderLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace pawl::relay::engine::sqlite
