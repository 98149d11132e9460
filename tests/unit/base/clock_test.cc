#include "base/clock.h"

#include <gtest/gtest.h>

namespace pawl {
namespace {

TEST(Timestamp, DiffersFromAnotherByADuration) {
  EXPECT_EQ(Timestamp{1'500} - Timestamp{500}, Seconds(1));
  EXPECT_EQ(Timestamp{500} - Timestamp{1'500}, Seconds(-1));
  EXPECT_EQ(Timestamp{500} + Seconds(1), Timestamp{1'500});
  EXPECT_EQ(Timestamp{500} - Seconds(1), Timestamp{-500});
}

TEST(Timestamp, StaysNeverOrLongAgoHoweverMuchIsAdded) {
  EXPECT_EQ(kNever + Days(1), kNever);
  EXPECT_EQ(kLongAgo - Days(1), kLongAgo);
  EXPECT_EQ(kLongAgo + Duration{INT64_MIN}, kLongAgo);
  EXPECT_EQ(kNever - Duration{INT64_MIN}, kNever);
}

TEST(Timestamp, IsAtMostTheLongestDurationFromAnother) {
  const Timestamp now{1'795'339'017'541};
  EXPECT_EQ((kLongAgo - now).ms, INT64_MIN);
  EXPECT_EQ((kNever - kLongAgo).ms, INT64_MAX);
  EXPECT_EQ((kLongAgo - kNever).ms, INT64_MIN);
  EXPECT_EQ((Timestamp{0} - kLongAgo).ms, INT64_MAX);
}

}  // namespace
}  // namespace pawl
