// Operators new and delete that look for a planted pattern in every block that is freed, and count
// like support/replace_operator_new.h (which they stand in for). They replace the program's:
// include in exactly one source file of a program, which is why there is no guard.
//
//   FreedMemoryWatch watch(secret bytes);
//   … use and destroy what holds them …
//   EXPECT_EQ(watch.hits(), 0u);

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <new>

#include "base/bytes.h"
#include "support/counting_allocator.h"

namespace pawl::test {

inline thread_local ByteView watched_pattern;
inline thread_local size_t watched_hits = 0;

class FreedMemoryWatch {
 public:
  // `pattern` must outlive the watch, in memory that is not freed meanwhile.
  explicit FreedMemoryWatch(ByteView pattern) {
    watched_hits = 0;
    watched_pattern = pattern;
  }
  FreedMemoryWatch(const FreedMemoryWatch&) = delete;
  FreedMemoryWatch& operator=(const FreedMemoryWatch&) = delete;
  ~FreedMemoryWatch() { watched_pattern = {}; }
  size_t hits() const { return watched_hits; }
};

[[gnu::noinline]] inline void InspectFreed(void* memory) {
  if (memory == nullptr || watched_pattern.empty()) return;
  const auto* begin = static_cast<const uint8_t*>(memory);
  const auto* end = begin + malloc_usable_size(memory);
  if (std::search(begin, end, watched_pattern.begin(), watched_pattern.end()) != end) {
    ++watched_hits;
  }
}

}  // namespace pawl::test

[[gnu::noinline]] void* operator new(size_t size) {
  ::pawl::test::CountAllocation(size);
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new(size_t size, std::align_val_t alignment) {
  ::pawl::test::CountAllocation(size);
  const size_t unit = static_cast<size_t>(alignment);
  if (void* memory = std::aligned_alloc(unit, (size + unit - 1) / unit * unit)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new[](size_t size) { return ::operator new(size); }
[[gnu::noinline]] void* operator new[](size_t size, std::align_val_t alignment) {
  return ::operator new(size, alignment);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  ::pawl::test::InspectFreed(memory);
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, size_t) noexcept { ::operator delete(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::align_val_t) noexcept {
  ::operator delete(memory);
}
[[gnu::noinline]] void operator delete(void* memory, size_t, std::align_val_t) noexcept {
  ::operator delete(memory);
}
[[gnu::noinline]] void operator delete[](void* memory) noexcept { ::operator delete(memory); }
[[gnu::noinline]] void operator delete[](void* memory, size_t) noexcept {
  ::operator delete(memory);
}
[[gnu::noinline]] void operator delete[](void* memory, std::align_val_t) noexcept {
  ::operator delete(memory);
}
[[gnu::noinline]] void operator delete[](void* memory, size_t, std::align_val_t) noexcept {
  ::operator delete(memory);
}
