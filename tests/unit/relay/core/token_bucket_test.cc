#include "relay/core/token_bucket.h"

#include <gtest/gtest.h>

#include "crypto/init.h"
#include "support/fake_clock.h"
#include "support/matchers.h"

namespace pawl::relay {
namespace {

constexpr BucketSpec kSpec{3, 2};
using test::kNow;

TEST(TokenBucket, GivesItsBurstAndThenItsRate) {
  TokenBucket bucket(kSpec, kNow);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(bucket.Take(kSpec, kNow).ms, 0);
  EXPECT_EQ(bucket.Take(kSpec, kNow).ms, 500) << "how long until the next";
  EXPECT_EQ(bucket.Take(kSpec, kNow + Milliseconds(499)).ms, 1);
  EXPECT_EQ(bucket.Take(kSpec, kNow + Milliseconds(500)).ms, 0);
  EXPECT_NE(bucket.Take(kSpec, kNow + Milliseconds(500)).ms, 0);
}

TEST(TokenBucket, NeverHoldsMoreThanItsBurst) {
  TokenBucket bucket(kSpec, kNow);
  const Timestamp later = kNow + Days(365);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(bucket.Take(kSpec, later).ms, 0);
  EXPECT_NE(bucket.Take(kSpec, later).ms, 0);
}

TEST(TokenBucket, AClockThatJumpsBackGivesNothing) {
  TokenBucket bucket(kSpec, kNow);
  for (int i = 0; i < 3; ++i) bucket.Take(kSpec, kNow);
  EXPECT_NE(bucket.Take(kSpec, kNow - Days(1)).ms, 0);
  EXPECT_EQ(bucket.Take(kSpec, kNow - Days(1) + Seconds(1)).ms, 0) << "and goes on from there";
}

TEST(TokenBucket, AWaitIsNeverZero) {
  constexpr BucketSpec kFast{1, 1'000'000};
  TokenBucket bucket(kFast, kNow);
  bucket.Take(kFast, kNow);
  EXPECT_GE(bucket.Take(kFast, kNow).ms, 1);
}

TEST(TokenBucket, OneThatNothingFlowsIntoIsAskedAgainTomorrow) {
  constexpr BucketSpec kDry{1, 0};
  TokenBucket bucket(kDry, kNow);
  EXPECT_TRUE(bucket.HasToken(kDry, kNow));
  EXPECT_EQ(bucket.Take(kDry, kNow).ms, 0);
  EXPECT_FALSE(bucket.HasToken(kDry, kNow + Days(1)));
  EXPECT_EQ(bucket.Take(kDry, kNow), Hours(24));
}

class BucketTableTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_THAT(crypto::Init(), test::IsOk()); }
  static BucketKey Key(uint8_t number) {
    const ByteArray<1> part = {number};
    return KeyOf(BucketKind::kSend, {part});
  }
};

TEST_F(BucketTableTest, EachKeyHasItsOwnBucket) {
  BucketTable table(10);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(table.Take(Key(1), kSpec, kNow).ms, 0);
  EXPECT_NE(table.Take(Key(1), kSpec, kNow).ms, 0);
  EXPECT_EQ(table.Take(Key(2), kSpec, kNow).ms, 0);
}

TEST_F(BucketTableTest, KeysDoNotRunIntoEachOther) {
  const auto key = [](std::string_view a, std::string_view b) {
    return KeyOf(BucketKind::kSend, {AsBytes(a), AsBytes(b)});
  };
  EXPECT_NE(key("ab", "c"), key("a", "bc"));
  EXPECT_NE(key("ab", ""), key("", "ab"));
  EXPECT_NE(KeyOf(BucketKind::kSend, {AsBytes("a")}), KeyOf(BucketKind::kLookup, {AsBytes("a")}));
}

TEST_F(BucketTableTest, WhenItIsFullTheFullestBucketIsForgottenNotAUsedUpOne) {
  BucketTable table(2);
  for (int i = 0; i < 3; ++i) table.Take(Key(1), kSpec, kNow);
  table.Take(Key(2), kSpec, kNow);
  for (uint8_t made_up = 3; made_up < 100; ++made_up) table.Take(Key(made_up), kSpec, kNow);
  EXPECT_EQ(table.size(), 2u);
  EXPECT_NE(table.Take(Key(1), kSpec, kNow).ms, 0) << "others did not fill it";
}

TEST_F(BucketTableTest, WhatHasRefilledMakesRoom) {
  BucketTable table(2);
  table.Take(Key(1), kSpec, kNow);
  const Timestamp later = kNow + Seconds(10);
  for (int i = 0; i < 3; ++i) table.Take(Key(2), kSpec, later);
  for (int i = 0; i < 3; ++i) table.Take(Key(3), kSpec, later);
  EXPECT_NE(table.Take(Key(2), kSpec, later).ms, 0) << "1 was full and went";
  EXPECT_NE(table.Take(Key(3), kSpec, later).ms, 0);
}

TEST_F(BucketTableTest, OneKindTakesNoRoomOfAnother) {
  BucketTables tables(2);
  const auto key = [](BucketKind kind, uint8_t number) {
    const ByteArray<1> part = {number};
    return KeyOf(kind, {part});
  };
  for (int i = 0; i < 2; ++i) tables.Take(key(BucketKind::kRegister, 1), kSpec, kNow);
  for (uint8_t i = 1; i <= 50; ++i) {
    for (int j = 0; j < 3; ++j) tables.Take(key(BucketKind::kSend, i), kSpec, kNow);
  }
  EXPECT_EQ(tables.Take(key(BucketKind::kRegister, 1), kSpec, kNow).ms, 0);
  EXPECT_NE(tables.Take(key(BucketKind::kRegister, 1), kSpec, kNow).ms, 0);
}

}  // namespace
}  // namespace pawl::relay
