#include "support/fake_clock.h"

#include <gtest/gtest.h>

namespace pawl::test {
namespace {

TEST(FakeClock, MovesOnlyWhenTold) {
  FakeClock clock;
  EXPECT_EQ(clock.Now(), FakeClock::kStart);
  clock.Advance(Minutes(2));
  EXPECT_EQ(clock.Now() - FakeClock::kStart, Seconds(120));
  clock.Set({5});
  EXPECT_EQ(clock.Now().ms, 5);
}

}  // namespace
}  // namespace pawl::test
