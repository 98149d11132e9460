#include "relay/core/token_bucket.h"

#include <gtest/gtest.h>

#include "crypto/init.h"
#include "support/fake_clock.h"
#include "support/matchers.h"

namespace pawl::relay {
namespace {

constexpr BucketSpec kSpec{3, 2};
constexpr Timestamp kStart = test::FakeClock::kStart;

TEST(TokenBucket, GivesItsBurstAndThenItsRate) {
  TokenBucket bucket(kSpec, kStart);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(bucket.Take(kSpec, kStart).ms, 0);
  EXPECT_EQ(bucket.Take(kSpec, kStart).ms, 500) << "how long until the next";
  EXPECT_EQ(bucket.Take(kSpec, kStart + Milliseconds(499)).ms, 1);
  EXPECT_EQ(bucket.Take(kSpec, kStart + Milliseconds(500)).ms, 0);
  EXPECT_NE(bucket.Take(kSpec, kStart + Milliseconds(500)).ms, 0);
}

TEST(TokenBucket, NeverHoldsMoreThanItsBurst) {
  TokenBucket bucket(kSpec, kStart);
  const Timestamp later = kStart + Days(365);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(bucket.Take(kSpec, later).ms, 0);
  EXPECT_NE(bucket.Take(kSpec, later).ms, 0);
}

TEST(TokenBucket, AClockThatJumpsBackGivesNothing) {
  TokenBucket bucket(kSpec, kStart);
  for (int i = 0; i < 3; ++i) bucket.Take(kSpec, kStart);
  EXPECT_NE(bucket.Take(kSpec, kStart - Days(1)).ms, 0);
  EXPECT_EQ(bucket.Take(kSpec, kStart - Days(1) + Seconds(1)).ms, 0) << "and goes on from there";
}

TEST(TokenBucket, AWaitIsNeverZero) {
  constexpr BucketSpec kFast{1, 1'000'000};
  TokenBucket bucket(kFast, kStart);
  bucket.Take(kFast, kStart);
  EXPECT_GE(bucket.Take(kFast, kStart).ms, 1);
}

TEST(TokenBucket, OneThatNothingFlowsIntoIsAskedAgainTomorrow) {
  constexpr BucketSpec kDry{1, 0};
  TokenBucket bucket(kDry, kStart);
  EXPECT_TRUE(bucket.HasToken(kDry, kStart));
  EXPECT_EQ(bucket.Take(kDry, kStart).ms, 0);
  EXPECT_FALSE(bucket.HasToken(kDry, kStart + Days(1)));
  EXPECT_EQ(bucket.Take(kDry, kStart), Hours(24));
}

class BucketTables : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_THAT(crypto::Init(), test::IsOk()); }
  static BucketTable::Key Key(uint8_t number) {
    const ByteArray<1> part = {number};
    return BucketTable::KeyOf(BucketKind::kSend, {part});
  }
};

TEST_F(BucketTables, EachKeyHasItsOwnBucket) {
  BucketTable table(10);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(table.Take(Key(1), kSpec, kStart).ms, 0);
  EXPECT_NE(table.Take(Key(1), kSpec, kStart).ms, 0);
  EXPECT_EQ(table.Take(Key(2), kSpec, kStart).ms, 0);
}

TEST_F(BucketTables, KeysDoNotRunIntoEachOther) {
  const auto key = [](std::string_view a, std::string_view b) {
    return BucketTable::KeyOf(BucketKind::kSend, {AsBytes(a), AsBytes(b)});
  };
  EXPECT_NE(key("ab", "c"), key("a", "bc"));
  EXPECT_NE(key("ab", ""), key("", "ab"));
  EXPECT_NE(BucketTable::KeyOf(BucketKind::kSend, {AsBytes("a")}),
            BucketTable::KeyOf(BucketKind::kLookup, {AsBytes("a")}));
}

TEST_F(BucketTables, ForgetsTheLeastRecentlyUsedAndStaysBounded) {
  BucketTable table(2);
  for (int i = 0; i < 3; ++i) table.Take(Key(1), kSpec, kStart);
  for (int i = 0; i < 3; ++i) table.Take(Key(2), kSpec, kStart);
  EXPECT_NE(table.Take(Key(1), kSpec, kStart).ms, 0);  // used after 2
  table.Take(Key(3), kSpec, kStart);
  EXPECT_EQ(table.size(), 2u);
  EXPECT_NE(table.Take(Key(1), kSpec, kStart).ms, 0) << "1 is still known";
  EXPECT_EQ(table.Take(Key(2), kSpec, kStart).ms, 0) << "2 was forgotten";
}

}  // namespace
}  // namespace pawl::relay
