#ifndef PAWL_CLIENT_ENGINE_TRANSFERS_H_
#define PAWL_CLIENT_ENGINE_TRANSFERS_H_

#include <vector>

#include "client/engine/batch.h"

namespace pawl::client {

// Unfinished transfers as jobs for the worker, once after a start: it knows nothing of before.
absl::Status RestartTransfers(Batch& batch);

// Files on their way to somebody who shall not get them any more, or of one message that was taken
// back, end with `code`, and what the relay has of them goes.
absl::Status CancelUploads(Batch& batch, const ConversationId& conversation, Code code);
absl::Status CancelUpload(Batch& batch, const ConversationId& conversation,
                          const MessageId& message);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_TRANSFERS_H_
