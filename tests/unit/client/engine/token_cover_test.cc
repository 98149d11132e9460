#include "client/engine/token_cover.h"

#include <gtest/gtest.h>

#include "support/matchers.h"

namespace pawl::client {
namespace {

constexpr uint64_t kMiB = wire::kSmallToken;

void ExpectCover(const std::optional<wire::TokenCounts>& cover, size_t small, size_t large) {
  ASSERT_TRUE(cover.has_value());
  EXPECT_EQ(cover->small, small);
  EXPECT_EQ(cover->large, large);
}

TEST(TokenCover, TheIdealOneWastesLessThanASmallTokenWithTheFewest) {
  for (const uint64_t size : {uint64_t{1}, kMiB, kMiB + 1, 63 * kMiB, 64 * kMiB - 1, 64 * kMiB,
                              65 * kMiB, 2048 * kMiB + 5, 4096 * kMiB}) {
    SCOPED_TRACE(size);
    const auto cover = IdealCover(size);
    ASSERT_THAT(cover, test::IsOk());
    EXPECT_GE(WorthOf(*cover), size);
    EXPECT_TRUE(IsSnug(*cover, size));
    EXPECT_LT(cover->small, 64u);
  }
  ExpectCover(*IdealCover(64 * kMiB - 1), 0, 1);
  ExpectCover(*IdealCover(2 * kMiB + 1), 3, 0);
}

TEST(TokenCover, WhatNoBlobCanBePaidWithIsTooLarge) {
  EXPECT_THAT(IdealCover(uint64_t{1} << 40), test::HasCode(Code::kTooLarge));
}

TEST(TokenCover, WhereSmallOnesWouldBeTooManyLargeOnesPayAlone) {
  const uint64_t size = 65 * wire::kLargeToken + 63 * kMiB;
  ExpectCover(*IdealCover(size), 0, 66);
  EXPECT_TRUE(WastesLittle(*CheapestCover(size, {.small = 63, .large = 66}), size));
  EXPECT_FALSE(WastesLittle({.small = 0, .large = 67}, size));
  ExpectCover(*IdealCover(127 * wire::kLargeToken), 0, 127);
  EXPECT_THAT(IdealCover(127 * wire::kLargeToken + 1), test::HasCode(Code::kTooLarge));
}

TEST(TokenCover, TheCheapestOutOfWhatIsThere) {
  ExpectCover(CheapestCover(3 * kMiB, {.small = 9, .large = 9}), 3, 0);
  ExpectCover(CheapestCover(64 * kMiB, {.small = 64, .large = 1}), 0, 1);
  ExpectCover(CheapestCover(64 * kMiB, {.small = 64, .large = 0}), 64, 0);
  ExpectCover(CheapestCover(70 * kMiB, {.small = 6, .large = 2}), 6, 1);
  EXPECT_FALSE(IsSnug(*CheapestCover(3 * kMiB, {.small = 2, .large = 1}), 3 * kMiB));
  ExpectCover(CheapestCover(3 * kMiB, {.small = 2, .large = 1}), 0, 1);
}

TEST(TokenCover, ThereIsNoneWhenItIsNotEnoughOrNoFrameHoldsSoMany) {
  EXPECT_FALSE(CheapestCover(3 * kMiB, {.small = 2, .large = 0}));
  EXPECT_FALSE(CheapestCover(128 * kMiB, {.small = 500, .large = 0})) << "128 are too many";
  EXPECT_TRUE(CheapestCover(127 * kMiB, {.small = 500, .large = 0}));
}

}  // namespace
}  // namespace pawl::client
