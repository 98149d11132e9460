#include "ratchet/padding.h"

#include <gtest/gtest.h>

namespace pawl::ratchet {
namespace {

TEST(PaddedSize, IsAPowerOfTwoUpTo64KiB) {
  EXPECT_EQ(PaddedSize(0), 256u);
  EXPECT_EQ(PaddedSize(256), 256u);
  EXPECT_EQ(PaddedSize(257), 512u);
  EXPECT_EQ(PaddedSize(512), 512u);
  EXPECT_EQ(PaddedSize(32 * 1024 + 1), 64u * 1024);
  EXPECT_EQ(PaddedSize(64 * 1024), 64u * 1024);
}

TEST(PaddedSize, IsPadmeAbove) {
  // E = 16, S = 5: the last 11 bits become zero.
  EXPECT_EQ(PaddedSize(64 * 1024 + 1), 64u * 1024 + 2048);
  // E = 20, S = 5: the last 15 bits.
  EXPECT_EQ(PaddedSize(1'500'000), 1'507'328u);
  // E = 32, S = 6: the last 26 bits.
  EXPECT_EQ(PaddedSize((size_t{1} << 32) + 1), (size_t{1} << 32) + (size_t{1} << 26));
}

TEST(PaddedSize, NeverShrinksAndAddsAtMostTwelvePercentAbove64KiB) {
  for (size_t size = 64 * 1024; size < (size_t{1} << 40); size += size / 7 + 1) {
    const size_t padded = PaddedSize(size);
    ASSERT_GE(padded, size);
    ASSERT_LE(padded - size, size * 12 / 100);
    ASSERT_TRUE(IsPaddedSize(padded));
    ASSERT_EQ(PaddedSize(padded), padded);
  }
}

TEST(PaddedSize, SaturatesInsteadOfOverflowing) { EXPECT_EQ(PaddedSize(SIZE_MAX), SIZE_MAX); }

TEST(IsPaddedSize, KnowsOurSizes) {
  EXPECT_FALSE(IsPaddedSize(0));
  EXPECT_FALSE(IsPaddedSize(128));
  EXPECT_TRUE(IsPaddedSize(256));
  EXPECT_FALSE(IsPaddedSize(257));
  EXPECT_TRUE(IsPaddedSize(65536));
  EXPECT_FALSE(IsPaddedSize(65537));
}

}  // namespace
}  // namespace pawl::ratchet
