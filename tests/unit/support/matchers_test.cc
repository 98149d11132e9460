#include "support/matchers.h"

#include <gtest/gtest-spi.h>

namespace pawl::test {
namespace {

using ::testing::Eq;
using ::testing::Not;

absl::StatusOr<int> Seven() { return 7; }
absl::StatusOr<int> Nothing() { return Fail(Code::kNotFound, "no number"); }

TEST(Matchers, TellStatusesApart) {
  EXPECT_THAT(OkStatus(), IsOk());
  EXPECT_THAT(Seven(), IsOk());
  EXPECT_THAT(Seven(), IsOkAndHolds(7));
  EXPECT_THAT(Seven(), IsOkAndHolds(Eq(7)));
  EXPECT_THAT(Seven(), Not(IsOkAndHolds(8)));
  EXPECT_THAT(Nothing(), HasCode(Code::kNotFound));
  EXPECT_THAT(Nothing(), Not(IsOk()));
  EXPECT_THAT(Nothing(), Not(HasCode(Code::kIo)));
  EXPECT_THAT(OkStatus(), HasCode(Code::kOk));
}

TEST(Matchers, AFailureNamesTheCodeAndTheText) {
  EXPECT_NONFATAL_FAILURE(EXPECT_THAT(Nothing(), IsOk()), "NOT_FOUND (no number)");
  EXPECT_NONFATAL_FAILURE(EXPECT_THAT(Nothing(), HasCode(Code::kIo)), "has code IO");
}

}  // namespace
}  // namespace pawl::test
