#include "store/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <system_error>

#include "base/kill_point.h"

namespace pawl::store {
namespace {

class Fd {
 public:
  Fd(const std::string& path, int flags) : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  bool ok() const { return fd_ >= 0; }

 private:
  int fd_;
};

absl::Status WriteAll(int fd, ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return FileError(n < 0 ? errno : EIO, "cannot write a file of the store");
    bytes = bytes.subspan(static_cast<size_t>(n));
  }
  return OkStatus();
}

absl::Status WriteNew(const std::string& path, ByteView bytes) {
  const Fd fd(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW);
  if (!fd.ok()) return FileError(errno, "cannot make a file of the store");
  PAWL_TRY(WriteAll(fd.get(), bytes));
  PAWL_KILL_POINT("store.file_written");
  if (::fsync(fd.get()) != 0) return FileError(errno, "cannot flush a file of the store");
  PAWL_KILL_POINT("store.file_synced");
  return OkStatus();
}

absl::StatusOr<Bytes> ReadUpTo(int fd, size_t max) {
  Bytes bytes(max);
  size_t at = 0;
  while (at < max) {
    const ssize_t n = ::read(fd, bytes.data() + at, max - at);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return FileError(errno, "cannot read a file of the store");
    if (n == 0) break;
    at += static_cast<size_t>(n);
  }
  bytes.resize(at);
  return bytes;
}

std::string FolderOf(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

absl::Status SyncFolderOf(const std::string& path) {
  const Fd fd(FolderOf(path), O_RDONLY | O_DIRECTORY);
  if (!fd.ok()) return FileError(errno, "cannot open a folder of the store");
  // Some file systems cannot flush a folder and say EINVAL: there is nothing more to be done there.
  if (::fsync(fd.get()) != 0 && errno != EINVAL) {
    return FileError(errno, "cannot flush a folder of the store");
  }
  return OkStatus();
}

}  // namespace

absl::Status FileError(int error, Literal what) {
  return Fail(error == ENOSPC || error == EDQUOT ? Code::kDiskFull : Code::kIo, what);
}

absl::StatusOr<std::optional<Bytes>> ReadSmallFile(const std::string& path, size_t max) {
  const Fd fd(path, O_RDONLY);
  if (!fd.ok()) {
    if (errno == ENOENT || errno == ENOTDIR) return std::optional<Bytes>();
    return FileError(errno, "cannot open a file of the store");
  }
  PAWL_ASSIGN(Bytes bytes, ReadUpTo(fd.get(), max + 1));
  if (bytes.size() > max) {
    return Fail(Code::kTooLarge, "a file of the store is larger than it can be");
  }
  return std::optional<Bytes>(std::move(bytes));
}

absl::StatusOr<Bytes> ReadFileStart(const std::string& path, size_t max) {
  const Fd fd(path, O_RDONLY);
  if (!fd.ok()) return FileError(errno, "cannot open a file of the store");
  return ReadUpTo(fd.get(), max);
}

absl::Status WriteFileAtomically(const std::string& path, ByteView bytes) {
  const std::string temporary = path + ".new";
  if (absl::Status written = WriteNew(temporary, bytes); !written.ok()) {
    ::unlink(temporary.c_str());
    return written;
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    const int error = errno;
    ::unlink(temporary.c_str());
    return FileError(error, "cannot rename a file of the store");
  }
  PAWL_KILL_POINT("store.file_renamed");
  PAWL_TRY(SyncFolderOf(path));
  PAWL_KILL_POINT("store.file_durable");
  return OkStatus();
}

absl::Status RemoveFile(const std::string& path) {
  if (::unlink(path.c_str()) != 0) {
    if (errno == ENOENT) return OkStatus();
    return FileError(errno, "cannot remove a file of the store");
  }
  return SyncFolderOf(path);
}

absl::Status MakeDirs(const std::string& dir) {
  if (::mkdir(dir.c_str(), 0700) == 0) return SyncFolderOf(dir);
  if (errno == ENOENT) {
    PAWL_TRY(MakeDirs(FolderOf(dir)));
    if (::mkdir(dir.c_str(), 0700) == 0) return SyncFolderOf(dir);
  }
  struct stat found {};
  if (errno == EEXIST && ::stat(dir.c_str(), &found) == 0 && S_ISDIR(found.st_mode)) {
    return OkStatus();
  }
  return FileError(errno, "cannot make a folder of the store");
}

bool FileExists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

absl::StatusOr<std::string> ResolvedPath(const std::string& path) {
  std::error_code error;
  const std::filesystem::path resolved = std::filesystem::weakly_canonical(path, error);
  if (error) return FileError(error.value(), "cannot resolve a path of the store");
  return resolved.string();
}

}  // namespace pawl::store
