#ifndef PAWL_CLIENT_ENGINE_TRANSFERS_H_
#define PAWL_CLIENT_ENGINE_TRANSFERS_H_

#include <vector>

#include "client/engine/batch.h"

namespace pawl::client {

// Unfinished transfers as jobs for the worker, once after a start: it knows nothing of before.
absl::Status RestartTransfers(Batch& batch);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_TRANSFERS_H_
