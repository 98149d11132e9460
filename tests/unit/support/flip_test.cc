#include "support/flip.h"

#include <set>

namespace pawl::test {
namespace {

TEST(Flip, VisitsEveryDamageOnce) {
  const Bytes original = {1, 2, 3};
  std::set<Bytes> seen;
  size_t visits = 0;
  ForEachDamage(original, [&](const Bytes& damaged) {
    EXPECT_NE(damaged, original);
    seen.insert(damaged);
    ++visits;
  });
  EXPECT_EQ(visits, 24u + 3u + 1u);
  EXPECT_EQ(seen.size(), visits);
}

TEST(Flip, AStrideSkips) {
  size_t visits = 0;
  ForEachBitFlip(
      Bytes(10), [&](const Bytes&) { ++visits; }, 7);
  EXPECT_EQ(visits, 12u);
}

}  // namespace
}  // namespace pawl::test
