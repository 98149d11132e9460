#include "transport/backoff.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/seeded_rng.h"

namespace pawl::transport {
namespace {

// Every draw is 0.
class ZeroRng final : public Rng {
 public:
  void Fill(MutableByteView out) override {
    std::fill(out.begin(), out.end(), uint8_t{0});
    ++draws;
  }
  int draws = 0;
};

TEST(Backoff, RangeDoublesUpToTheCap) {
  test::SeededRng rng(1);
  Backoff backoff(Milliseconds(100), Milliseconds(1000));
  for (int64_t widest : {100, 200, 400, 800, 1000, 1000, 1000}) {
    const Duration wait = backoff.Next(rng);
    EXPECT_GE(wait.ms, 0);
    EXPECT_LE(wait.ms, widest);
  }
}

TEST(Backoff, JitterIsFull) {
  test::SeededRng rng(2);
  int64_t least = 1000;
  int64_t most = 0;
  for (int i = 0; i < 2000; ++i) {
    Backoff backoff(Milliseconds(100), Milliseconds(100));
    const int64_t wait = backoff.Next(rng).ms;
    least = std::min(least, wait);
    most = std::max(most, wait);
  }
  EXPECT_EQ(least, 0);
  EXPECT_EQ(most, 100);
}

TEST(Backoff, OnTopOfAFloorTheJitterIsAsWideAsTheFloor) {
  test::SeededRng rng(2);
  int64_t most = 0;
  for (int i = 0; i < 2000; ++i) {
    Backoff backoff(Milliseconds(100), Milliseconds(100));
    const int64_t wait = backoff.Next(rng, Milliseconds(5000)).ms;
    EXPECT_LE(wait, 5000);
    most = std::max(most, wait);
  }
  EXPECT_GT(most, 4900);
}

TEST(Backoff, ManyFailuresStayAtTheCap) {
  test::SeededRng rng(3);
  Backoff backoff(Milliseconds(500), Minutes(2));
  int64_t most = 0;
  for (int i = 0; i < 100'000; ++i) most = std::max(most, backoff.Next(rng).ms);
  EXPECT_LE(most, Minutes(2).ms);
  EXPECT_GT(most, Minutes(2).ms * 9 / 10);
}

TEST(Backoff, ResetStartsOver) {
  test::SeededRng rng(4);
  Backoff backoff(Milliseconds(10), Minutes(2));
  for (int i = 0; i < 20; ++i) backoff.Next(rng);
  EXPECT_GT(backoff.failures(), 5u);
  backoff.Reset();
  EXPECT_EQ(backoff.failures(), 0u);
  EXPECT_LE(backoff.Next(rng).ms, 10);
}

TEST(Backoff, DrawsFromTheRngItIsGiven) {
  ZeroRng rng;
  Backoff backoff(Milliseconds(100), Seconds(1));
  EXPECT_EQ(backoff.Next(rng).ms, 0);
  EXPECT_EQ(rng.draws, 1);
}

}  // namespace
}  // namespace pawl::transport
