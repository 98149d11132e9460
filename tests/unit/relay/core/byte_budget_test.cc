#include "relay/core/byte_budget.h"

#include <gtest/gtest.h>

namespace pawl::relay {
namespace {

constexpr PeerNetwork kRome = {1}, kOslo = {2}, kLima = {3};
constexpr ConnectionId kFirst(1), kSecond(2), kThird(3), kFourth(4);

TEST(ByteBudget, APeerAboveItsShareLosesItsLargest) {
  ByteBudget budget({1000, 100});
  budget.Add(kFirst, kRome, 60);
  budget.Add(kSecond, kRome, 40);
  budget.Add(kThird, kOslo, 100);
  EXPECT_FALSE(budget.Victim(kRome)) << "just within";
  budget.Add(kSecond, kRome, 1);
  EXPECT_EQ(budget.Victim(kRome), kFirst) << "not the one that spoke last";
  EXPECT_FALSE(budget.Victim(kOslo)) << "another peer has nothing to do with it";
  budget.ReleaseAll(kFirst);
  EXPECT_FALSE(budget.Victim(kRome));
}

TEST(ByteBudget, AboveTheWholeThePeerThatHoldsMostPaysAndNotWhoSpeaksNext) {
  ByteBudget budget({200, 150});
  budget.Add(kFirst, kRome, 70);
  budget.Add(kSecond, kRome, 75);
  budget.Add(kThird, kOslo, 50);
  budget.Add(kFourth, kLima, 6);
  EXPECT_EQ(budget.Victim(kLima), kSecond);
  budget.ReleaseAll(kSecond);
  EXPECT_FALSE(budget.Victim(kLima));
}

TEST(ByteBudget, WhatIsReleasedIsNotHeld) {
  ByteBudget budget({100, 100});
  budget.Add(kFirst, kRome, 50);
  budget.Release(kFirst, 20);
  EXPECT_EQ(budget.HeldBy(kFirst), 30u);
  EXPECT_EQ(budget.bytes(), 30u);
  budget.Release(kFirst, 1000);
  EXPECT_EQ(budget.bytes(), 0u) << "never less than nothing";
  budget.ReleaseAll(kFirst);
  budget.Release(kSecond, 1);
  EXPECT_EQ(budget.bytes(), 0u);
}

}  // namespace
}  // namespace pawl::relay
