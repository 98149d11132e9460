#include "capi/environment.h"

#include <gtest/gtest.h>

#include "support/matchers.h"

namespace pawl::capi {
namespace {

TEST(Environment, IsOneAndReadyForUse) {
  PAWL_ASSERT_OK_AND_ASSIGN(Environment * first, GetEnvironment());
  PAWL_ASSERT_OK_AND_ASSIGN(Environment * second, GetEnvironment());
  EXPECT_EQ(first, second);
  EXPECT_GT(first->clock.Now().ms, 0);
  EXPECT_NE(first->rng.Array<16>(), first->rng.Array<16>());
}

}  // namespace
}  // namespace pawl::capi
