#include "base/retry_after.h"

#include <string>

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"

namespace pawl {
namespace {

constexpr absl::string_view kPayload = "pawl.retry_after_ms";

}  // namespace

absl::Status WithRetryAfter(absl::Status failure, Duration wait) {
  if (wait > Duration{}) failure.SetPayload(kPayload, absl::Cord(std::to_string(wait.ms)));
  return failure;
}

Duration RetryAfterOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kPayload);
  if (!payload) return Duration{};
  const auto text = payload->TryFlat();
  int64_t ms = 0;
  return text && absl::SimpleAtoi(*text, &ms) ? Milliseconds(ms) : Duration{};
}

}  // namespace pawl
