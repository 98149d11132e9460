#include "capi/guard.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <thread>

#include "base/retry_after.h"

namespace pawl::capi {
namespace {

TEST(Guard, GivesTheNegatedCodeAndRemembersWhy) {
  EXPECT_EQ(Guard([] { return Fail(Code::kAuthFailed, "the tag is wrong"); }), PAWL_E_AUTH_FAILED);
  EXPECT_EQ(GetLastError().status, PAWL_E_AUTH_FAILED);
  EXPECT_STREQ(GetLastError().message, "the tag is wrong");
  EXPECT_EQ(Guard([] { return OkStatus(); }), PAWL_OK);
  EXPECT_EQ(GetLastError().status, PAWL_E_AUTH_FAILED) << "a success leaves it alone";
}

TEST(Guard, LetsNoExceptionOut) {
  EXPECT_EQ(Guard([]() -> absl::Status { throw std::bad_alloc(); }), PAWL_E_OUT_OF_MEMORY);
  EXPECT_EQ(Guard([]() -> absl::Status { throw std::runtime_error("secret"); }), PAWL_E_INTERNAL);
  EXPECT_EQ(std::string(GetLastError().message).find("secret"), std::string::npos);
  EXPECT_EQ(Guard([]() -> absl::Status { throw 7; }), PAWL_E_INTERNAL);
  EXPECT_EQ(GuardValue<int>(5, []() -> int { throw 7; }), 5);
}

TEST(Guard, AStatusThatIsNotOursKeepsItsTextToItself) {
  EXPECT_EQ(Guard([] { return absl::NotFoundError("alice@example.org"); }), PAWL_E_INTERNAL);
  EXPECT_EQ(std::string(GetLastError().message).find("alice"), std::string::npos);
}

TEST(Guard, ALongTextIsCutNotOverrun) {
  const std::string text(1000, 'x');
  ReportLiteral(Code::kIo, text);
  EXPECT_EQ(std::string(GetLastError().message).size(), sizeof(LastError::message) - 1);
}

TEST(Guard, EachThreadHasItsOwnLastError) {
  ReportLiteral(Code::kIo, "here");
  std::thread([] { EXPECT_EQ(GetLastError().status, PAWL_OK); }).join();
  EXPECT_EQ(GetLastError().status, PAWL_E_IO);
}

TEST(Guard, RemembersHowLongToWaitOfTheLastFailureOnly) {
  const auto fail = [](Duration wait) {
    Guard([&] { return WithRetryAfter(Fail(Code::kRateLimited, "slowly"), wait); });
    return GetLastError().retry_after_ms;
  };
  EXPECT_EQ(fail(Seconds(7)), 7000);
  EXPECT_EQ(fail(Duration{}), 0);
  EXPECT_EQ(fail(Seconds(7)), 7000);
  ReportLiteral(Code::kIo, "here");
  EXPECT_EQ(GetLastError().retry_after_ms, 0);
}

}  // namespace
}  // namespace pawl::capi
