#ifndef PAWL_CAPI_GUARD_H_
#define PAWL_CAPI_GUARD_H_

#include <new>
#include <string_view>
#include <utility>

#include "base/status.h"
#include "pawl/status.h"

namespace pawl::capi {

// Turns a status into its number and remembers a failure for pawl_last_error.
pawl_status Report(const absl::Status& status) noexcept;
// The same where there may be no memory for an absl::Status.
pawl_status ReportLiteral(Code code, std::string_view message) noexcept;

// The one way in: runs `body` (a callable that returns absl::Status) and lets nothing escape into
// the host.
template <typename Body>
pawl_status Guard(Body&& body) noexcept {
  try {
    return Report(std::forward<Body>(body)());
  } catch (const std::bad_alloc&) {
    return ReportLiteral(Code::kOutOfMemory, "out of memory");
  } catch (...) {
    return ReportLiteral(Code::kInternal, "an exception reached the C ABI");
  }
}

// The same for functions that return a value and cannot fail: `otherwise` when something escaped.
template <typename T, typename Body>
T GuardValue(T otherwise, Body&& body) noexcept {
  try {
    return std::forward<Body>(body)();
  } catch (...) {
    return otherwise;
  }
}

// This thread's last failure.
struct LastError {
  pawl_status status;
  int64_t retry_after_ms;  // 0: not known
  char message[160];
};
const LastError& GetLastError() noexcept;
bool IsRetryable(pawl_status status) noexcept;

}  // namespace pawl::capi

#endif  // PAWL_CAPI_GUARD_H_
