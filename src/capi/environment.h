#ifndef PAWL_CAPI_ENVIRONMENT_H_
#define PAWL_CAPI_ENVIRONMENT_H_

#include "base/clock.h"
#include "base/status.h"
#include "base/system_clock.h"
#include "crypto/init.h"

namespace pawl::capi {

// Where calls that need no client get time and randomness from. Must be asked for once (an object
// made) before anything of crypto is used.
struct Environment {
  SystemClock clock;
  crypto::SystemRng rng;
};
absl::StatusOr<Environment*> GetEnvironment();

}  // namespace pawl::capi

#endif  // PAWL_CAPI_ENVIRONMENT_H_
