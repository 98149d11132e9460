#include "base/system_clock.h"

#include <gtest/gtest.h>

#include <ctime>

namespace pawl {
namespace {

TEST(SystemClock, CountsMillisecondsSinceTheEpoch) {
  const int64_t before = std::time(nullptr);
  const Timestamp now = SystemClock().Now();
  const int64_t after = std::time(nullptr);
  EXPECT_GE(now.ms, before * 1000);
  EXPECT_LT(now.ms, (after + 1) * 1000);
}

}  // namespace
}  // namespace pawl
