#ifndef PAWL_TESTS_SUPPORT_COUNTING_ALLOCATOR_H_
#define PAWL_TESTS_SUPPORT_COUNTING_ALLOCATOR_H_

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <new>

namespace pawl::test {

// This thread's calls of operator new of at least `allocation_threshold` bytes. Counted by the
// operators of support/replace_operator_new.h, which one source file of the program includes.
inline thread_local size_t allocation_threshold = 0;
inline thread_local size_t allocation_count = 0;

inline void CountAllocation(size_t size) {
  if (size >= allocation_threshold) ++allocation_count;
}

// Counts this thread's allocations of at least `threshold` bytes while it lives. Not nested.
//   AllocationCounter message_sized(1024);
//   session.Seal(...);
//   EXPECT_LE(message_sized.count(), 3u);
class AllocationCounter {
 public:
  explicit AllocationCounter(size_t threshold = 0) {
    allocation_threshold = 0;
    allocation_count = 0;
    ::operator delete(::operator new(1));
    EXPECT_EQ(allocation_count, 1u)
        << "nothing is counted: include support/replace_operator_new.h in one file of the program";
    allocation_threshold = threshold;
    allocation_count = 0;
  }
  AllocationCounter(const AllocationCounter&) = delete;
  AllocationCounter& operator=(const AllocationCounter&) = delete;

  size_t count() const { return allocation_count; }
};

}  // namespace pawl::test

#endif  // PAWL_TESTS_SUPPORT_COUNTING_ALLOCATOR_H_
