#include "support/counting_allocator.h"

#include <memory>
#include <thread>
#include <vector>

#include "support/replace_operator_new.h"

namespace pawl::test {
namespace {

TEST(AllocationCounter, CountsOnlyWhatReachesTheThreshold) {
  AllocationCounter large(1000);
  std::vector<char> below(999);
  EXPECT_EQ(large.count(), 0u);
  std::vector<char> at(1000);
  auto above = std::make_unique<char[]>(5000);
  EXPECT_EQ(large.count(), 2u);
}

TEST(AllocationCounter, CountsOveralignedAllocations) {
  struct alignas(64) Wide {
    char bytes[64];
  };
  AllocationCounter all;
  auto wide = std::make_unique<Wide>();
  EXPECT_EQ(all.count(), 1u);
}

TEST(AllocationCounter, DoesNotCountOtherThreads) {
  std::vector<char> kept;
  std::thread other;
  AllocationCounter large(100'000);
  other = std::thread([&kept] { kept.resize(200'000); });
  other.join();
  EXPECT_EQ(large.count(), 0u);
}

}  // namespace
}  // namespace pawl::test
