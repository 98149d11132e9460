#include "base/rng.h"

#include <gtest/gtest.h>

#include <array>

namespace pawl {
namespace {

// Counts up from a first byte.
class CountingRng final : public Rng {
 public:
  explicit CountingRng(uint8_t first) : next_(first) {}
  void Fill(MutableByteView out) override {
    for (uint8_t& byte : out) byte = next_++;
  }

 private:
  uint8_t next_;
};

// 0xff for the first draws, then zeros with a last byte of 5.
class HighThenLowRng final : public Rng {
 public:
  explicit HighThenLowRng(int high) : high_(high) {}
  void Fill(MutableByteView out) override {
    const uint8_t fill = high_-- > 0 ? 0xff : 0;
    std::fill(out.begin(), out.end(), fill);
    if (fill == 0) out.back() = 5;
  }

 private:
  int high_;
};

TEST(Rng, U64IsBigEndian) { EXPECT_EQ(CountingRng(1).U64(), 0x0102030405060708u); }

TEST(Rng, BelowRedrawsWhatWouldBeBiased) {
  HighThenLowRng rng(2);
  EXPECT_EQ(rng.Below(3), 2u);  // 2^64 - 1 is beyond the last whole multiple of 3: drawn again
}

TEST(Rng, BelowStaysBelow) {
  CountingRng rng(9);
  EXPECT_EQ(rng.Below(0), 0u);
  EXPECT_EQ(rng.Below(1), 0u);
  std::array<int, 7> seen{};
  for (int i = 0; i < 700; ++i) ++seen[rng.Below(7)];
  for (int count : seen) EXPECT_GT(count, 0);
}

}  // namespace
}  // namespace pawl
