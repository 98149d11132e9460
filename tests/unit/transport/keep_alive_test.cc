#include "transport/keep_alive.h"

#include <gtest/gtest.h>

namespace pawl::transport {
namespace {

using Verdict = KeepAlive::Verdict;

TEST(KeepAlive, OnePingPerSilenceThenDeath) {
  KeepAlive alive(Seconds(25), Seconds(45));
  const Timestamp t{0};
  alive.Heard(t);
  EXPECT_EQ(alive.NextDeadline(), t + Seconds(25));
  EXPECT_EQ(alive.Check(t + Milliseconds(24'999)), Verdict::kFine);
  EXPECT_EQ(alive.Check(t + Seconds(25)), Verdict::kPing);
  EXPECT_EQ(alive.Check(t + Seconds(26)), Verdict::kFine);
  EXPECT_EQ(alive.NextDeadline(), t + Seconds(45));
  EXPECT_EQ(alive.Check(t + Milliseconds(44'999)), Verdict::kFine);
  EXPECT_EQ(alive.Check(t + Seconds(45)), Verdict::kDead);
}

TEST(KeepAlive, AnythingHeardStartsOver) {
  KeepAlive alive(Seconds(25), Seconds(45));
  alive.Heard(Timestamp{0});
  EXPECT_EQ(alive.Check(Timestamp{0} + Seconds(30)), Verdict::kPing);
  alive.Heard(Timestamp{0} + Seconds(31));
  EXPECT_EQ(alive.Check(Timestamp{0} + Seconds(50)), Verdict::kFine);
  EXPECT_EQ(alive.Check(Timestamp{0} + Seconds(56)), Verdict::kPing);
}

}  // namespace
}  // namespace pawl::transport
