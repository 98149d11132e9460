#include "client/attachment/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>

#include "base/kill_point.h"

namespace pawl::attachment {
namespace {

absl::Status FromErrno() {
  switch (errno) {
    case ENOSPC:
    case EDQUOT:
      return Fail(Code::kDiskFull, "no room on the disk");
    case ENOENT:
    case ENOTDIR:
      return Fail(Code::kNotFound, "there is no such file");
    case ENOMEM:
      return Fail(Code::kOutOfMemory, "out of memory");
    default:
      return Fail(Code::kIo, "a file operation failed");
  }
}

absl::Status CheckRegular(int fd) {
  struct stat info {};
  if (::fstat(fd, &info) != 0) return FromErrno();
  if (!S_ISREG(info.st_mode)) return Fail(Code::kInvalidArgument, "not a regular file");
  return OkStatus();
}

template <typename Call>
auto Retrying(Call call) {
  decltype(call()) result;
  do {
    result = call();
  } while (result < 0 && errno == EINTR);
  return result;
}

}  // namespace

absl::StatusOr<File> File::Open(const std::string& path, How how) {
  // O_NONBLOCK: opening a named pipe must not hang the worker; regular files ignore it.
  const int flags = how == How::kRead ? O_RDONLY | O_NONBLOCK : O_RDWR | O_CREAT | O_NOFOLLOW;
  File file(Retrying([&] { return ::open(path.c_str(), flags | O_CLOEXEC | O_NOCTTY, 0600); }));
  if (file.fd_ < 0) return FromErrno();
  PAWL_TRY(CheckRegular(file.fd_));
  return file;
}

absl::StatusOr<File> File::Duplicate(int fd) {
  File file(::fcntl(fd, F_DUPFD_CLOEXEC, 0));
  if (file.fd_ < 0) return Fail(Code::kInvalidArgument, "not an open descriptor");
  PAWL_TRY(CheckRegular(file.fd_));
  return file;
}

File::File(File&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

File& File::operator=(File&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

File::~File() {
  if (fd_ >= 0) ::close(fd_);
}

absl::StatusOr<uint64_t> File::Size() const {
  struct stat info {};
  if (::fstat(fd_, &info) != 0) return FromErrno();
  return static_cast<uint64_t>(info.st_size);
}

absl::Status File::ReadAt(uint64_t offset, MutableByteView out) const {
  while (!out.empty()) {
    const ssize_t got =
        Retrying([&] { return ::pread(fd_, out.data(), out.size(), static_cast<off_t>(offset)); });
    if (got < 0) return FromErrno();
    if (got == 0) return Fail(Code::kIo, "the file is shorter than it was");
    out = out.subspan(static_cast<size_t>(got));
    offset += static_cast<uint64_t>(got);
  }
  return OkStatus();
}

absl::Status File::WriteAt(uint64_t offset, ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t put = Retrying(
        [&] { return ::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(offset)); });
    if (put < 0) return FromErrno();
    bytes = bytes.subspan(static_cast<size_t>(put));
    offset += static_cast<uint64_t>(put);
  }
  PAWL_KILL_POINT("attachment.after_write");
  return OkStatus();
}

absl::Status File::Truncate(uint64_t size) {
  if (Retrying([&] { return ::ftruncate(fd_, static_cast<off_t>(size)); }) != 0) return FromErrno();
  return OkStatus();
}

absl::Status File::Sync() {
  PAWL_KILL_POINT("attachment.before_fsync");
  if (Retrying([&] { return ::fdatasync(fd_); }) != 0) return FromErrno();
  PAWL_KILL_POINT("attachment.after_fsync");
  return OkStatus();
}

absl::Status RenameDurably(const std::string& from, const std::string& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0) return FromErrno();
  PAWL_KILL_POINT("attachment.after_rename");
  const size_t slash = to.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : to.substr(0, slash + 1);
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return FromErrno();
  const int result = Retrying([&] { return ::fsync(fd); });
  const absl::Status status = result == 0 ? OkStatus() : FromErrno();
  ::close(fd);
  return status;
}

void RemoveFile(const std::string& path) { ::unlink(path.c_str()); }

absl::Status MakeFolder(const std::string& path) {
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return FromErrno();
  return OkStatus();
}

}  // namespace pawl::attachment
