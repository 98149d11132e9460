#include "capi/environment.h"

namespace pawl::capi {

absl::StatusOr<Environment*> GetEnvironment() {
  static Environment environment;
  PAWL_TRY(crypto::Init());
  return &environment;
}

}  // namespace pawl::capi
