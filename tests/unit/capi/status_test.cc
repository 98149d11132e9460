#include "pawl/status.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "base/retry_after.h"
#include "capi/guard.h"
#include "pawl/buffer.h"

namespace pawl::capi {
namespace {

TEST(Status, EveryCodeHasItsNegatedNumberAndItsName) {
  const std::pair<pawl_status, const char*> kAll[] = {
#define PAWL_ONE(name) {PAWL_E_##name, #name}
      PAWL_ONE(INVALID_ARGUMENT),
      PAWL_ONE(BAD_HANDLE),
      PAWL_ONE(CLOSED),
      PAWL_ONE(BUFFER_TOO_SMALL),
      PAWL_ONE(WRONG_STATE),
      PAWL_ONE(NOT_FOUND),
      PAWL_ONE(ALREADY_EXISTS),
      PAWL_ONE(TOO_LARGE),
      PAWL_ONE(UNSUPPORTED),
      PAWL_ONE(FORKED),
      PAWL_ONE(MALFORMED),
      PAWL_ONE(UNSUPPORTED_VERSION),
      PAWL_ONE(REPLAYED),
      PAWL_ONE(TOO_FAR_AHEAD),
      PAWL_ONE(EXPIRED),
      PAWL_ONE(NOT_YET_VALID),
      PAWL_ONE(UNKNOWN_SESSION),
      PAWL_ONE(NO_COMMON_SUITE),
      PAWL_ONE(WRONG_RECIPIENT),
      PAWL_ONE(AUTH_FAILED),
      PAWL_ONE(INVALID_KEY),
      PAWL_ONE(IDENTITY_CHANGED),
      PAWL_ONE(DEVICE_LIST_ROLLED_BACK),
      PAWL_ONE(DEVICE_LIST_FORKED),
      PAWL_ONE(DEVICE_NOT_LISTED),
      PAWL_ONE(BLOCKED),
      PAWL_ONE(STORAGE),
      PAWL_ONE(DISK_FULL),
      PAWL_ONE(WRONG_KEY),
      PAWL_ONE(CORRUPT),
      PAWL_ONE(STORE_LOCKED),
      PAWL_ONE(STORE_TOO_NEW),
      PAWL_ONE(NOT_ENCRYPTED),
      PAWL_ONE(IO),
      PAWL_ONE(SOURCE_CHANGED),
      PAWL_ONE(DIVERGED),
      PAWL_ONE(SUPERSEDED),
      PAWL_ONE(STORE_TOO_OLD),
      PAWL_ONE(DISCONNECTED),
      PAWL_ONE(TIMEOUT),
      PAWL_ONE(TLS_FAILED),
      PAWL_ONE(RELAY_REFUSED),
      PAWL_ONE(RATE_LIMITED),
      PAWL_ONE(QUOTA_EXCEEDED),
      PAWL_ONE(NAME_TAKEN),
      PAWL_ONE(INVITATION_REQUIRED),
      PAWL_ONE(REPLACED_ELSEWHERE),
      PAWL_ONE(PEER_BUNDLE_EXPIRED),
      PAWL_ONE(WOULD_BLOCK),
      PAWL_ONE(CANCELLED),
      PAWL_ONE(INTERNAL),
      PAWL_ONE(OUT_OF_MEMORY)};
#undef PAWL_ONE
  size_t known = 0;
  for (int32_t number = 1; number < 1000; ++number) {
    if (!CodeName(static_cast<Code>(number)).empty()) ++known;
  }
  EXPECT_EQ(std::size(kAll), known) << "a code is in one list only";
  for (const auto& [status, name] : kAll) {
    EXPECT_EQ(CodeName(static_cast<Code>(-status)), name);
    EXPECT_STREQ(pawl_status_name(status), name);
  }
}

TEST(Status, UnknownNumbersHaveAName) {
  EXPECT_STREQ(pawl_status_name(PAWL_OK), "OK");
  EXPECT_STREQ(pawl_status_name(1), "UNKNOWN");
  EXPECT_STREQ(pawl_status_name(-99'999), "UNKNOWN");
  EXPECT_STREQ(pawl_status_name(INT32_MIN), "UNKNOWN");
}

TEST(Status, OnlyWhatMayPassByItselfIsRetryable) {
  const std::set<pawl_status> retryable = {
      PAWL_E_STORE_LOCKED, PAWL_E_DISK_FULL,    PAWL_E_IO,          PAWL_E_DISCONNECTED,
      PAWL_E_TIMEOUT,      PAWL_E_RATE_LIMITED, PAWL_E_WOULD_BLOCK, PAWL_E_OUT_OF_MEMORY};
  for (pawl_status status = -1000; status <= 1000; ++status) {
    EXPECT_EQ(pawl_status_is_retryable(status), retryable.contains(status) ? 1 : 0) << status;
  }
  EXPECT_EQ(pawl_status_is_retryable(INT32_MIN), 0);
}

TEST(LastError, SaysWhatTheLastFailureWas) {
  EXPECT_EQ(ReportLiteral(Code::kWouldBlock, "full"), PAWL_E_WOULD_BLOCK);
  pawl_error_info info = PAWL_ERROR_INFO_INIT;
  ASSERT_EQ(pawl_last_error(&info), PAWL_OK);
  EXPECT_EQ(info.status, PAWL_E_WOULD_BLOCK);
  EXPECT_EQ(info.retryable, 1);
  EXPECT_STREQ(info.message, "full");
  EXPECT_EQ(info.retry_after_ms, 0);
  EXPECT_EQ(pawl_last_error(nullptr), PAWL_E_INVALID_ARGUMENT);
  info.struct_size = 4;
  EXPECT_EQ(pawl_last_error(&info), PAWL_E_INVALID_ARGUMENT);
}

TEST(LastError, ThatSaysWhenToTryAgainIsRetryableWhateverItsStatus) {
  pawl_error_info info = PAWL_ERROR_INFO_INIT;
  Report(Fail(Code::kStorage, "the relay's"));
  ASSERT_EQ(pawl_last_error(&info), PAWL_OK);
  EXPECT_EQ(info.retryable, 0);
  Report(WithRetryAfter(Fail(Code::kStorage, "the relay's"), Seconds(5)));
  ASSERT_EQ(pawl_last_error(&info), PAWL_OK);
  EXPECT_EQ(info.status, PAWL_E_STORAGE);
  EXPECT_EQ(info.retryable, 1);
  EXPECT_EQ(info.retry_after_ms, 5000);
}

}  // namespace
}  // namespace pawl::capi
