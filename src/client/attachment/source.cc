#include "client/attachment/source.h"

#include <sys/stat.h>

#include "client/attachment/layout.h"
#include "codec/writer.h"

namespace pawl::attachment {
namespace {

constexpr uint8_t kStampVersion = 1;

int64_t Nanoseconds(const timespec& time) {
  return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

absl::StatusOr<FileSource::FileStamp> FileSource::Look(const File& file) {
  struct stat info {};
  if (::fstat(file.fd(), &info) != 0) return Fail(Code::kIo, "a file operation failed");
  return FileStamp{.device = static_cast<uint64_t>(info.st_dev),
                   .inode = static_cast<uint64_t>(info.st_ino),
                   .size = static_cast<uint64_t>(info.st_size),
                   .modified_ns = Nanoseconds(info.st_mtim),
                   .changed_ns = Nanoseconds(info.st_ctim)};
}

absl::StatusOr<std::unique_ptr<FileSource>> FileSource::Make(File file) {
  PAWL_ASSIGN(const FileStamp stamp, Look(file));
  if (stamp.size > kMaxFileSize) return Fail(Code::kTooLarge, "the file is too large");
  return std::unique_ptr<FileSource>(new FileSource(std::move(file), stamp));
}

absl::StatusOr<std::unique_ptr<FileSource>> FileSource::Open(const std::string& path,
                                                             ByteView stamp) {
  PAWL_ASSIGN(File file, File::Open(path, File::How::kRead));
  PAWL_ASSIGN(std::unique_ptr<FileSource> source, Make(std::move(file)));
  if (!stamp.empty() && !SameBytes(stamp, source->Stamp())) {
    return Fail(Code::kSourceChanged, "the file is not what it was");
  }
  return source;
}

absl::StatusOr<std::unique_ptr<FileSource>> FileSource::FromDescriptor(int fd) {
  PAWL_ASSIGN(File file, File::Duplicate(fd));
  return Make(std::move(file));
}

absl::Status FileSource::ReadAt(uint64_t offset, MutableByteView out) {
  const absl::Status read = file_.ReadAt(offset, out);
  PAWL_ASSIGN(const FileStamp now, Look(file_));
  if (now != stamp_) return Fail(Code::kSourceChanged, "the file changed while it was read");
  return read;
}

Bytes FileSource::Stamp() const {
  codec::Writer out;
  out.U8(kStampVersion).U64(stamp_.device).U64(stamp_.inode).U64(stamp_.size);
  out.U64(static_cast<uint64_t>(stamp_.modified_ns)).U64(static_cast<uint64_t>(stamp_.changed_ns));
  return ToBytes(out.view());
}

}  // namespace pawl::attachment
