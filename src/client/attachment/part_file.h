#ifndef PAWL_CLIENT_ATTACHMENT_PART_FILE_H_
#define PAWL_CLIENT_ATTACHMENT_PART_FILE_H_

#include <string>

#include "base/status.h"
#include "client/attachment/file.h"

namespace pawl::attachment {

// A download's file until it is whole: "<path>.part". Blocks: for the IO worker.
class PartFile {
 public:
  static absl::StatusOr<PartFile> Open(const std::string& path);

  absl::StatusOr<uint64_t> Size() const { return file_.Size(); }
  absl::Status ReadAt(uint64_t offset, MutableByteView out) const {
    return file_.ReadAt(offset, out);
  }
  absl::Status WriteAt(uint64_t offset, ByteView bytes) { return file_.WriteAt(offset, bytes); }
  absl::Status Sync() { return file_.Sync(); }
  // Exactly `size` bytes, on disk, under the final name.
  absl::Status Finish(uint64_t size);
  static std::string NameFor(const std::string& path) { return path + ".part"; }

 private:
  PartFile(File file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}
  File file_;
  std::string path_;
};

}  // namespace pawl::attachment

#endif  // PAWL_CLIENT_ATTACHMENT_PART_FILE_H_
