#include "wire/tokens.h"

#include <gtest/gtest.h>

#include "support/matchers.h"

namespace pawl::wire {
namespace {

using test::HasCode;

constexpr uint64_t kMib = uint64_t{1} << 20;

TEST(Tokens, TheFewestThatPayForABlob) {
  const auto counts = [](uint64_t size) {
    const auto found = TokensFor(size);
    EXPECT_THAT(found, test::IsOk());
    return std::pair(found->large, found->small);
  };
  using Pair = std::pair<size_t, size_t>;
  EXPECT_EQ(counts(1), Pair(0, 1));
  EXPECT_EQ(counts(kMib), Pair(0, 1));
  EXPECT_EQ(counts(kMib + 1), Pair(0, 2));
  EXPECT_EQ(counts(64 * kMib), Pair(1, 0));
  EXPECT_EQ(counts(2048 * kMib), Pair(32, 0));
  EXPECT_EQ(counts(4096 * kMib), Pair(64, 0));
  EXPECT_EQ(counts(4096 * kMib - 1), Pair(63, 64));
  EXPECT_THAT(TokensFor(UINT64_MAX), HasCode(Code::kTooLarge));
  EXPECT_THAT(TokensFor(128 * 64 * kMib), HasCode(Code::kTooLarge));
}

TEST(Tokens, WhatWasWrittenIsRead) {
  const Token small{.period = 0x01020304, .kind = TokenKind::kSmall, .serial = {5}, .mac = {6}};
  const Token large{.period = 9, .kind = TokenKind::kLarge, .serial = {7}, .mac = {8}};
  Bytes bytes;
  AppendToken(small, bytes);
  AppendToken(large, bytes);
  ASSERT_EQ(bytes.size(), 2 * kTokenSize);
  PAWL_ASSERT_OK_AND_ASSIGN(const auto tokens, ParseTokens(bytes));
  ASSERT_EQ(tokens.size(), 2u);
  EXPECT_EQ(tokens[0], small);
  EXPECT_EQ(tokens[1], large);
  PAWL_ASSERT_OK_AND_ASSIGN(const auto none, ParseTokens({}));
  EXPECT_TRUE(none.empty());
}

TEST(Tokens, WhatIsNotTokensIsRefused) {
  Bytes bytes;
  AppendToken({}, bytes);
  EXPECT_THAT(ParseTokens(ByteView(bytes).first(kTokenSize - 1)), HasCode(Code::kMalformed));
  bytes[4] = 3;
  EXPECT_THAT(ParseTokens(bytes), HasCode(Code::kMalformed));
  Bytes many;
  for (size_t i = 0; i <= kMaxTokensPerBlob; ++i) AppendToken({}, many);
  EXPECT_THAT(ParseTokens(many), HasCode(Code::kMalformed));
}

TEST(Tokens, APeriodIsTakenForAWeekMore) {
  const Timestamp now{1'900'000'000'000};
  const uint32_t period = PeriodAt(now);
  EXPECT_TRUE(IsTaken(period, now));
  EXPECT_FALSE(IsTaken(period + 1, now));
  EXPECT_TRUE(IsTaken(period, EndOf(period)));
  EXPECT_EQ(PeriodAt(EndOf(period)), period + 1);
  EXPECT_TRUE(IsTaken(period, EndOf(period) + kTokenOverlap - Milliseconds(1)));
  EXPECT_FALSE(IsTaken(period, EndOf(period) + kTokenOverlap));
  EXPECT_FALSE(IsTaken(period, EndOf(period + 1)));
  EXPECT_EQ(PeriodAt(Timestamp{-1}), 0u);
}

TEST(Tokens, TheFirstPeriodThatIsTaken) {
  const Timestamp end = EndOf(7);
  EXPECT_EQ(FirstTaken(end), 7u);
  EXPECT_EQ(FirstTaken(end + kTokenOverlap - Milliseconds(1)), 7u);
  EXPECT_EQ(FirstTaken(end + kTokenOverlap), 8u);
  EXPECT_EQ(FirstTaken(Timestamp{0}), 0u);
  EXPECT_EQ(FirstTaken(Timestamp{-1}), 0u);
}

}  // namespace
}  // namespace pawl::wire
