#include "client/attachment/part_file.h"

#include <utility>

namespace pawl::attachment {

absl::StatusOr<PartFile> PartFile::Open(const std::string& path) {
  PAWL_ASSIGN(File file, File::Open(NameFor(path), File::How::kReadWrite));
  return PartFile(std::move(file), path);
}

absl::Status PartFile::Finish(uint64_t size) {
  PAWL_TRY(file_.Truncate(size));
  PAWL_TRY(file_.Sync());
  return RenameDurably(NameFor(path_), path_);
}

}  // namespace pawl::attachment
