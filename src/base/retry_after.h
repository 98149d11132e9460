#ifndef PAWL_BASE_RETRY_AFTER_H_
#define PAWL_BASE_RETRY_AFTER_H_

#include "absl/status/status.h"
#include "base/clock.h"

namespace pawl {

// A failure of which it is known how long to wait before trying again; as it was when that is 0.
absl::Status WithRetryAfter(absl::Status failure, Duration wait);
// That time; 0: not known. Asks for no memory.
Duration RetryAfterOf(const absl::Status& status);

}  // namespace pawl

#endif  // PAWL_BASE_RETRY_AFTER_H_
