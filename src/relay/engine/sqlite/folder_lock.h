#ifndef PAWL_RELAY_ENGINE_SQLITE_FOLDER_LOCK_H_
#define PAWL_RELAY_ENGINE_SQLITE_FOLDER_LOCK_H_

#include <string>

#include "base/status.h"

namespace pawl::relay::engine::sqlite {

// One relay serves one data folder: two would both write it safely, but neither would hear of the
// other's messages. Held by <directory>/relay.lock until the object or the process ends. The
// administrator's commands do without.
class FolderLock {
 public:
  // kStoreLocked: another relay holds it. kIo.
  static absl::StatusOr<FolderLock> Take(const std::string& directory);
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace pawl::relay::engine::sqlite

#endif  // PAWL_RELAY_ENGINE_SQLITE_FOLDER_LOCK_H_
