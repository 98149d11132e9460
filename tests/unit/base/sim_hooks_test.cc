#include "base/sim_hooks.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pawl {
namespace {

#ifdef PAWL_SIM_HOOKS

std::vector<std::string>* passed = nullptr;

TEST(SimHooks, AMutantIsOnFromOneSwitchToTheOtherAndNoneBesides) {
  EXPECT_FALSE(PAWL_MUTANT("test.one"));
  SwitchMutant("test.one", true);
  EXPECT_TRUE(PAWL_MUTANT("test.one"));
  EXPECT_FALSE(PAWL_MUTANT("test.two"));
  SwitchMutant("test.two", true);
  SwitchMutant("test.two", true);
  EXPECT_TRUE(PAWL_MUTANT("test.one"));
  EXPECT_TRUE(PAWL_MUTANT("test.two"));
  SwitchMutant("test.one", false);
  SwitchMutant("test.two", false);
  EXPECT_FALSE(PAWL_MUTANT("test.one"));
  EXPECT_FALSE(PAWL_MUTANT("test.two"));
}

TEST(SimHooks, WhatIsPassedReachesTheHook) {
  std::vector<std::string> names;
  passed = &names;
  PAWL_PASSED("test.nobody");
  SetPassedHook([](const char* name) { passed->emplace_back(name); });
  PAWL_PASSED("test.somewhere");
  SetPassedHook(nullptr);
  PAWL_PASSED("test.nobody");
  EXPECT_EQ(names, std::vector<std::string>{"test.somewhere"});
}

#else

TEST(SimHooks, AreNothingInThisBuild) {
  EXPECT_FALSE(PAWL_MUTANT("test.one"));
  PAWL_PASSED("test.somewhere");
}

#endif

}  // namespace
}  // namespace pawl
