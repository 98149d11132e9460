#ifndef PAWL_TESTS_SIM_MEMORY_VFS_H_
#define PAWL_TESTS_SIM_MEMORY_VFS_H_

namespace pawl::sim {

// The name of a SQLite VFS whose files lie on a Disk (disk.h). One thread; a file is locked for
// nobody, since a store and a relay use one connection each.
inline constexpr const char* kMemoryVfs = "pawl-sim";

// Makes it known to SQLite; any number of times.
void RegisterMemoryVfs();

}  // namespace pawl::sim

#endif  // PAWL_TESTS_SIM_MEMORY_VFS_H_
