#ifndef PAWL_TESTS_SUPPORT_MATCHERS_H_
#define PAWL_TESTS_SUPPORT_MATCHERS_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <utility>

#include "base/status.h"

namespace pawl {

// How gtest prints a code and a status.
inline void PrintTo(Code code, std::ostream* os) { *os << CodeName(code); }

namespace test {

inline const absl::Status& StatusOf(const absl::Status& status) { return status; }
template <typename T>
const absl::Status& StatusOf(const absl::StatusOr<T>& result) {
  return result.status();
}

inline void Describe(const absl::Status& status, ::testing::MatchResultListener* listener) {
  *listener << "which is " << CodeName(CodeOf(status)) << " (" << MessageOf(status) << ")";
}

// EXPECT_THAT(DoIt(), IsOk()), for Status and StatusOr.
MATCHER(IsOk, negation ? "is an error" : "is ok") {
  Describe(StatusOf(arg), result_listener);
  return StatusOf(arg).ok();
}

// EXPECT_THAT(DoIt(), HasCode(Code::kAuthFailed)).
MATCHER_P(HasCode, code,
          (negation ? "does not have code " : "has code ") + ::testing::PrintToString(code)) {
  Describe(StatusOf(arg), result_listener);
  return CodeOf(StatusOf(arg)) == code;
}

// EXPECT_THAT(Find(), IsOkAndHolds(Eq(7))).
MATCHER_P(IsOkAndHolds, inner,
          std::string(negation ? "is an error or holds another value than " : "is ok and holds ") +
              ::testing::PrintToString(inner)) {
  if (!arg.ok()) {
    Describe(arg.status(), result_listener);
    return false;
  }
  return ::testing::ExplainMatchResult(inner, *arg, result_listener);
}

}  // namespace test
}  // namespace pawl

// PAWL_ASSERT_OK_AND_ASSIGN(auto x, MakeX()): declares x, or fails the test with the status.
#define PAWL_ASSERT_OK_AND_ASSIGN(lhs, expr) \
  PAWL_ASSERT_OK_AND_ASSIGN_(PAWL_CONCAT_(pawl_result_, __LINE__), lhs, expr)
#define PAWL_ASSERT_OK_AND_ASSIGN_(tmp, lhs, expr) \
  auto tmp = (expr);                               \
  ASSERT_THAT(tmp, ::pawl::test::IsOk());          \
  lhs = *std::move(tmp)

#endif  // PAWL_TESTS_SUPPORT_MATCHERS_H_
