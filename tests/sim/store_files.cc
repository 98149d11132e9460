// store/file.h and store/lock.h over a Disk: the simulator links these in place of store/file.cc
// and store/lock.cc, so that nothing of a store lies outside the world. A function that the store
// gains and that is missing here fails to link.
#include <algorithm>
#include <utility>

#include "sim/disk.h"
#include "store/file.h"
#include "store/lock.h"

namespace pawl::store {
namespace {

using sim::Disk;
using sim::DiskAnswer;

absl::StatusOr<Disk*> DiskOf(const std::string& path) {
  Disk* const disk = Disk::Of(path);
  if (disk == nullptr || disk->gone()) return Fail(Code::kIo, "the disk is gone");
  return disk;
}

absl::Status StatusOf(DiskAnswer answer) {
  if (answer == DiskAnswer::kProceed) return OkStatus();
  return answer == DiskAnswer::kFull ? Fail(Code::kDiskFull, "the disk is full")
                                     : Fail(Code::kIo, "the disk is gone");
}

}  // namespace

absl::Status FileError(int, Literal what) { return Fail(Code::kIo, what); }

absl::StatusOr<std::optional<Bytes>> ReadSmallFile(const std::string& path, size_t max) {
  PAWL_ASSIGN(Disk * disk, DiskOf(path));
  const auto file = disk->Find(path);
  if (!file) return std::optional<Bytes>();
  if (file->data.size() > max) return Fail(Code::kTooLarge, "too large");
  return std::optional<Bytes>(file->data);
}

absl::StatusOr<Bytes> ReadFileStart(const std::string& path, size_t max) {
  PAWL_ASSIGN(Disk * disk, DiskOf(path));
  const auto file = disk->Find(path);
  if (!file) return Fail(Code::kIo, "no such file");
  return ToBytes(ByteView(file->data).first(std::min(max, file->data.size())));
}

// Two instants: written beside it, and renamed over it.
absl::Status WriteFileAtomically(const std::string& path, ByteView bytes) {
  PAWL_ASSIGN(Disk * disk, DiskOf(path));
  PAWL_TRY(StatusOf(disk->Ask()));
  disk->Replace(path + ".new", bytes);
  PAWL_TRY(StatusOf(disk->Ask()));
  disk->Remove(path + ".new");
  disk->Replace(path, bytes);
  return OkStatus();
}

absl::Status MakeDirs(const std::string& dir) { return DiskOf(dir).status(); }

absl::Status RemoveFile(const std::string& path) {
  PAWL_ASSIGN(Disk * disk, DiskOf(path));
  if (!disk->Find(path)) return OkStatus();
  PAWL_TRY(StatusOf(disk->Ask()));
  disk->Remove(path);
  return OkStatus();
}

bool FileExists(const std::string& path) {
  const Disk* const disk = Disk::Of(path);
  return disk != nullptr && disk->Find(path) != nullptr;
}

absl::StatusOr<std::string> ResolvedPath(const std::string& path) { return path; }

absl::StatusOr<WriterLock> WriterLock::Take(const std::string& path) {
  PAWL_TRY(DiskOf(path).status());
  return WriterLock(-1);
}
WriterLock::WriterLock(WriterLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
WriterLock& WriterLock::operator=(WriterLock&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}
WriterLock::~WriterLock() = default;

}  // namespace pawl::store
