#include "capi/guard.h"

#include <algorithm>
#include <cstring>

#include "base/retry_after.h"

namespace pawl::capi {
namespace {

// Trivially destructible: safe to touch while a thread ends.
thread_local LastError last_error{PAWL_OK, 0, {}};

}  // namespace

pawl_status ReportLiteral(Code code, std::string_view message) noexcept {
  last_error.status = -static_cast<pawl_status>(code);
  last_error.retry_after_ms = 0;
  const size_t length = std::min(message.size(), sizeof(last_error.message) - 1);
  std::memcpy(last_error.message, message.data(), length);
  last_error.message[length] = '\0';
  return last_error.status;
}

pawl_status Report(const absl::Status& status) noexcept {
  if (status.ok()) return PAWL_OK;
  // A status that is not ours (CodeOf gives kInternal) may quote what it failed on.
  const Code code = CodeOf(status);
  ReportLiteral(code, code == Code::kInternal ? "internal error" : MessageOf(status));
  last_error.retry_after_ms = RetryAfterOf(status).ms;
  return last_error.status;
}

const LastError& GetLastError() noexcept { return last_error; }

bool IsRetryable(pawl_status status) noexcept {
  switch (status) {
    case PAWL_E_WOULD_BLOCK:
    case PAWL_E_STORE_LOCKED:
    case PAWL_E_DISK_FULL:
    case PAWL_E_IO:
    case PAWL_E_DISCONNECTED:
    case PAWL_E_TIMEOUT:
    case PAWL_E_RATE_LIMITED:
    case PAWL_E_OUT_OF_MEMORY:
      return true;
    default:
      return false;
  }
}

}  // namespace pawl::capi
