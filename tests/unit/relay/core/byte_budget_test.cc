#include "relay/core/byte_budget.h"

#include <gtest/gtest.h>

namespace pawl::relay {
namespace {

constexpr PeerNetwork kAlice = {1};
constexpr PeerNetwork kBob = {2};
constexpr PeerNetwork kCarol = {3};
constexpr ConnectionId kFirst(1), kSecond(2), kThird(3), kFourth(4);

TEST(ByteBudget, APeerAboveItsShareLosesItsLargest) {
  ByteBudget budget({1000, 100});
  budget.Add(kFirst, kAlice, 60);
  budget.Add(kSecond, kAlice, 40);
  budget.Add(kThird, kBob, 100);
  EXPECT_FALSE(budget.Victim(kAlice)) << "just within";
  budget.Add(kSecond, kAlice, 1);
  EXPECT_EQ(budget.Victim(kAlice), kFirst) << "not the one that spoke last";
  EXPECT_FALSE(budget.Victim(kBob)) << "another peer has nothing to do with it";
  budget.ReleaseAll(kFirst);
  EXPECT_FALSE(budget.Victim(kAlice));
}

TEST(ByteBudget, AboveTheWholeThePeerThatHoldsMostPaysAndNotWhoSpeaksNext) {
  ByteBudget budget({200, 150});
  budget.Add(kFirst, kAlice, 70);
  budget.Add(kSecond, kAlice, 75);
  budget.Add(kThird, kBob, 50);
  budget.Add(kFourth, kCarol, 6);
  EXPECT_EQ(budget.Victim(kCarol), kSecond);
  budget.ReleaseAll(kSecond);
  EXPECT_FALSE(budget.Victim(kCarol));
}

TEST(ByteBudget, WhatIsReleasedIsNotHeld) {
  ByteBudget budget({100, 100});
  budget.Add(kFirst, kAlice, 50);
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
