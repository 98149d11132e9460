#include "base/kill_point.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace pawl {
namespace {

#ifdef PAWL_KILL_POINTS

std::vector<std::string>& Hits() {
  static std::vector<std::string> hits;
  return hits;
}

TEST(KillPoint, CallsTheHookWithItsName) {
  SetKillHook([](const char* name) { Hits().push_back(name); });
  PAWL_KILL_POINT("base.here");
  SetKillHook(nullptr);
  PAWL_KILL_POINT("base.nobody");
  EXPECT_THAT(Hits(), ::testing::ElementsAre("base.here"));
}

#else

// A call of a function that is not constexpr would not compile here.
constexpr int PassAPoint() {
  PAWL_KILL_POINT("base.here");
  return 1;
}
static_assert(PassAPoint() == 1);

#endif

}  // namespace
}  // namespace pawl
