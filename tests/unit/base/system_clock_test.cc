#include "base/system_clock.h"

#include <gtest/gtest.h>

#include <ctime>

namespace pawl {
namespace {

// Not std::time(): it reads the clock of the last tick, which is some milliseconds behind.
int64_t RealTimeMs() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
}

TEST(SystemClock, CountsMillisecondsSinceTheEpoch) {
  const int64_t before = RealTimeMs();
  const Timestamp now = SystemClock().Now();
  const int64_t after = RealTimeMs();
  EXPECT_GE(now.ms, before);
  EXPECT_LE(now.ms, after);
}

}  // namespace
}  // namespace pawl
