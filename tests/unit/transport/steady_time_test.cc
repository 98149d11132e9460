#include "transport/steady_time.h"

#include <gtest/gtest.h>

namespace pawl::transport {
namespace {

TEST(SteadyTime, FollowsTheWallClockForward) {
  SteadyTime time;
  const Timestamp start = time.Advance(Timestamp{1'000'000});
  EXPECT_EQ(time.Advance(Timestamp{1'000'250}) - start, Milliseconds(250));
}

TEST(SteadyTime, AStepBackAddsNothingAndDelaysNothing) {
  SteadyTime time;
  const Timestamp start = time.Advance(Timestamp{1'000'000});
  const Timestamp deadline = start + Seconds(1);
  EXPECT_EQ(time.Advance(Timestamp{5'000}), start);
  // A second later by either clock, the deadline has come, and the caller is told when.
  EXPECT_EQ(time.ToWall(deadline), Timestamp{6'000});
  EXPECT_EQ(time.Advance(Timestamp{6'000}), deadline);
}

TEST(SteadyTime, NeverStaysNever) {
  SteadyTime time;
  time.Advance(Timestamp{77});
  EXPECT_EQ(time.ToWall(kNever), kNever);
}

}  // namespace
}  // namespace pawl::transport
