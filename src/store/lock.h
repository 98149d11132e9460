#ifndef PAWL_STORE_LOCK_H_
#define PAWL_STORE_LOCK_H_

#include <string>

#include "base/status.h"

namespace pawl::store {

// The right to write a store: an exclusive flock(2) on a file, which the kernel ends with the last
// process that holds it, however that ends. Two takers within one process exclude each other too.
class WriterLock {
 public:
  // Never waits. kStoreLocked, kIo, kDiskFull.
  static absl::StatusOr<WriterLock> Take(const std::string& path);

  WriterLock(WriterLock&& other) noexcept;
  WriterLock& operator=(WriterLock&& other) noexcept;
  WriterLock(const WriterLock&) = delete;
  WriterLock& operator=(const WriterLock&) = delete;
  ~WriterLock();

 private:
  explicit WriterLock(int fd) : fd_(fd) {}
  int fd_ = -1;
};

}  // namespace pawl::store

#endif  // PAWL_STORE_LOCK_H_
