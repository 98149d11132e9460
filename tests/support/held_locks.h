#ifndef PAWL_TESTS_SUPPORT_HELD_LOCKS_H_
#define PAWL_TESTS_SUPPORT_HELD_LOCKS_H_

#include <sys/stat.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace pawl::test {

// Who holds a lock of any kind (flock or fcntl, any process) on a file below `folder`, as
// /proc/locks says it: "FLOCK WRITE lock", "POSIX READ pawl.db", …
inline std::vector<std::string> HeldLocks(const std::string& folder) {
  std::map<ino_t, std::string> names;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    struct stat info {};
    if (::stat(entry.path().c_str(), &info) == 0) names[info.st_ino] = entry.path().filename();
  }
  std::vector<std::string> held;
  std::ifstream locks("/proc/locks");
  for (std::string line; std::getline(locks, line);) {
    // 1: POSIX  ADVISORY  READ 4711 08:01:123456 0 EOF; who waits has "->" after the number.
    std::istringstream in(line);
    std::string number, kind, mode, access, process, file;
    in >> number >> kind >> mode >> access >> process >> file;
    const size_t at = file.rfind(':');
    if (at == std::string::npos) continue;
    const auto name = names.find(static_cast<ino_t>(std::stoull(file.substr(at + 1))));
    if (name != names.end()) held.push_back(kind + " " + access + " " + name->second);
  }
  return held;
}

}  // namespace pawl::test

#endif  // PAWL_TESTS_SUPPORT_HELD_LOCKS_H_
