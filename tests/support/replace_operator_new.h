// The counting operators new and delete of support/counting_allocator.h. They replace the
// program's: include in exactly one source file of a program, which is why there is no guard and no
// .cc that every test program would link.

#include <cstdlib>
#include <new>

#include "support/counting_allocator.h"

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
// AddressSanitizer's own nothrow forms do not come through the ones above, as the standard's do.
[[gnu::noinline]] void* operator new(size_t size, const std::nothrow_t&) noexcept {
  ::pawl::test::CountAllocation(size);
  return std::malloc(size == 0 ? 1 : size);
}
[[gnu::noinline]] void* operator new[](size_t size, const std::nothrow_t&) noexcept {
  return ::operator new(size, std::nothrow);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, size_t, std::align_val_t) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete[](void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete[](void* memory, size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete[](void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete[](void* memory, size_t, std::align_val_t) noexcept {
  std::free(memory);
}
