#include "base/retry_after.h"

#include <gtest/gtest.h>

#include "base/status.h"
#include "support/matchers.h"

namespace pawl {
namespace {

TEST(RetryAfter, GoesAlongWithTheCodeAndTheText) {
  const absl::Status status = WithRetryAfter(Fail(Code::kRateLimited, "slowly"), Seconds(3));
  EXPECT_EQ(RetryAfterOf(status), Seconds(3));
  EXPECT_THAT(status, test::HasCode(Code::kRateLimited));
  EXPECT_EQ(MessageOf(status), "slowly");
  const absl::Status longest = WithRetryAfter(Fail(Code::kTimeout, "x"), Milliseconds(INT64_MAX));
  EXPECT_EQ(RetryAfterOf(longest), Milliseconds(INT64_MAX));
}

TEST(RetryAfter, IsNotKnownUnlessItIsSaid) {
  EXPECT_EQ(RetryAfterOf(Fail(Code::kRateLimited, "x")), Duration{});
  EXPECT_EQ(RetryAfterOf(OkStatus()), Duration{});
  EXPECT_EQ(RetryAfterOf(WithRetryAfter(Fail(Code::kTimeout, "x"), Duration{})), Duration{});
  EXPECT_EQ(RetryAfterOf(WithRetryAfter(Fail(Code::kTimeout, "x"), Seconds(-1))), Duration{});
}

}  // namespace
}  // namespace pawl
