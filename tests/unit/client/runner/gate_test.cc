#include "client/runner/gate.h"

#include <gtest/gtest.h>

#include "support/matchers.h"

namespace pawl::runner {
namespace {

using test::HasCode;
using test::IsOk;

TEST(Gate, LetsInSoManyRequests) {
  Gate gate(2, 1000);
  EXPECT_THAT(gate.Enter(1), IsOk());
  EXPECT_THAT(gate.Enter(1), IsOk());
  EXPECT_THAT(gate.Enter(1), HasCode(Code::kWouldBlock));
}

TEST(Gate, LetsInSoManyBytesThatWait) {
  Gate gate(100, 1000);
  EXPECT_THAT(gate.Enter(900), IsOk());
  EXPECT_THAT(gate.Enter(101), HasCode(Code::kWouldBlock));
  EXPECT_THAT(gate.Enter(100), IsOk());
}

TEST(Gate, WhatCanNeverFitIsTooLargeNotLater) {
  Gate gate(100, 1000);
  EXPECT_THAT(gate.Enter(1001), HasCode(Code::kTooLarge));
  EXPECT_FALSE(gate.Leave()) << "nobody was told to wait";
}

TEST(Gate, ARequestKeepsItsPlaceUntilItsCompletionIsTaken) {
  Gate gate(1, 1000);
  ASSERT_THAT(gate.Enter(10), IsOk());
  EXPECT_FALSE(gate.ContentGone(10));
  EXPECT_THAT(gate.Enter(10), HasCode(Code::kWouldBlock));
  EXPECT_TRUE(gate.Leave());
  EXPECT_THAT(gate.Enter(10), IsOk());
}

TEST(Gate, WhoWasRefusedHearsOfItOnceAndWithSomeDistance) {
  Gate gate(8, 1000);
  for (int i = 0; i < 8; ++i) ASSERT_THAT(gate.Enter(1), IsOk());
  ASSERT_THAT(gate.Enter(1), HasCode(Code::kWouldBlock));
  EXPECT_FALSE(gate.Leave());
  EXPECT_TRUE(gate.Leave());
  EXPECT_FALSE(gate.Leave());
}

TEST(Gate, NobodyRefusedNobodyTold) {
  Gate gate(8, 1000);
  for (int i = 0; i < 8; ++i) ASSERT_THAT(gate.Enter(1), IsOk());
  for (int i = 0; i < 8; ++i) EXPECT_FALSE(gate.Leave());
}

TEST(Gate, ClosedItSaysSoEvenWhenItIsFull) {
  Gate gate(1, 100);
  ASSERT_THAT(gate.Enter(10), IsOk());
  gate.Close();
  EXPECT_THAT(gate.Enter(10), HasCode(Code::kClosed));
}

}  // namespace
}  // namespace pawl::runner
