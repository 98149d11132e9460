#include "relay/engine/sqlite/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace pawl::relay::engine::sqlite {
namespace {

constexpr mode_t kOwnerOnly = 0600;

absl::Status LastError() {
  switch (errno) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return Fail(Code::kDiskFull, "no space for a blob");
    case ENOENT:
      return Fail(Code::kNotFound, "no such blob file");
    default:
      return Fail(Code::kIo, "a blob file could not be used");
  }
}

template <typename Call>
auto Retry(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

}  // namespace

absl::StatusOr<File> File::OpenWith(const std::string& path, int flags) {
  const int fd = Retry([&] { return ::open(path.c_str(), flags | O_CLOEXEC, kOwnerOnly); });
  if (fd < 0) return LastError();
  return File(fd);
}

absl::StatusOr<File> File::OpenToRead(const std::string& path) { return OpenWith(path, O_RDONLY); }
absl::StatusOr<File> File::OpenToAppend(const std::string& path) {
  return OpenWith(path, O_WRONLY | O_CREAT);
}

File::File(File&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }

File::~File() {
  if (fd_ >= 0) ::close(fd_);
}

absl::StatusOr<uint64_t> File::Size() const {
  struct stat info {};
  if (::fstat(fd_, &info) != 0) return LastError();
  return static_cast<uint64_t>(info.st_size);
}

absl::Status File::WriteAt(uint64_t offset, ByteView bytes) const {
  while (!bytes.empty()) {
    const ssize_t written = Retry(
        [&] { return ::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(offset)); });
    if (written < 0) return LastError();
    bytes = bytes.subspan(static_cast<size_t>(written));
    offset += static_cast<uint64_t>(written);
  }
  return OkStatus();
}

absl::StatusOr<Bytes> File::ReadAt(uint64_t offset, size_t max) const {
  Bytes bytes(max);
  size_t have = 0;
  while (have < max) {
    const ssize_t got = Retry([&] {
      return ::pread(fd_, bytes.data() + have, max - have, static_cast<off_t>(offset + have));
    });
    if (got < 0) return LastError();
    if (got == 0) break;
    have += static_cast<size_t>(got);
  }
  bytes.resize(have);
  return bytes;
}

absl::Status File::Truncate(uint64_t size) const {
  const int result = Retry([&] { return ::ftruncate(fd_, static_cast<off_t>(size)); });
  return result == 0 ? OkStatus() : LastError();
}

absl::Status File::SyncData() const {
  const int result = Retry([&] { return ::fsync(fd_); });
  return result == 0 ? OkStatus() : LastError();
}

void File::BeginWriteback(uint64_t offset, uint64_t size) const {
  ::sync_file_range(fd_, static_cast<off_t>(offset), static_cast<off_t>(size),
                    SYNC_FILE_RANGE_WRITE);
}

}  // namespace pawl::relay::engine::sqlite
