#ifndef PAWL_TESTS_SUPPORT_TEMP_DIR_H_
#define PAWL_TESTS_SUPPORT_TEMP_DIR_H_

#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <string_view>

namespace pawl::test {

// A fresh directory, removed with everything in it at the end. In memory where the system has a
// place for that, so that thousands of fsyncs cost nothing; kDisk for large files and for
// measuring.
class TempDir {
 public:
  enum class Where { kMemory, kDisk };

  explicit TempDir(Where where = Where::kMemory) {
    std::string pattern = (Parent(where) / "pawl-XXXXXX").string();
    if (const char* made = mkdtemp(pattern.data())) path_ = made;
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }

  const std::filesystem::path& path() const { return path_; }
  std::string File(std::string_view name) const { return (path_ / name).string(); }

 private:
  static std::filesystem::path Parent(Where where) {
    constexpr const char* kMemory = "/dev/shm";
    if (where == Where::kMemory && access(kMemory, W_OK) == 0) return kMemory;
    return std::filesystem::temp_directory_path();
  }

  std::filesystem::path path_;
};

}  // namespace pawl::test

#endif  // PAWL_TESTS_SUPPORT_TEMP_DIR_H_
