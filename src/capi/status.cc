#include "pawl/status.h"

#include "capi/arguments.h"
#include "capi/guard.h"

using pawl::capi::Guard;

extern "C" {

pawl_status pawl_last_error(pawl_error_info* out_info) noexcept {
  const pawl::capi::LastError& last = pawl::capi::GetLastError();
  pawl_error_info info = PAWL_ERROR_INFO_INIT;
  info.status = last.status;
  info.retryable = pawl::capi::IsRetryable(last.status) || last.retry_after_ms > 0 ? 1 : 0;
  info.message = last.message;
  info.retry_after_ms = last.retry_after_ms;
  return Guard([&] {
    return pawl::capi::StructOut(info, out_info, PAWL_BASELINE(pawl_error_info, retry_after_ms));
  });
}

const char* pawl_status_name(pawl_status status) noexcept {
  if (status > 0) return "UNKNOWN";
  // CodeName's views are of literals, so they end with a NUL.
  const std::string_view name = pawl::CodeName(static_cast<pawl::Code>(-int64_t{status}));
  return name.empty() ? "UNKNOWN" : name.data();
}

int32_t pawl_status_is_retryable(pawl_status status) noexcept {
  return pawl::capi::IsRetryable(status) ? 1 : 0;
}

}  // extern "C"
