#ifndef PAWL_CLIENT_ENGINE_TRANSFERS_H_
#define PAWL_CLIENT_ENGINE_TRANSFERS_H_

#include <optional>

#include "client/engine/batch.h"
#include "store/transfers.h"

namespace pawl::client {

// Unfinished transfers as jobs for the worker, once after a start: it knows nothing of before.
absl::Status RestartTransfers(Batch& batch);

// Files on their way to somebody who shall not get them any more, or of one message that was taken
// back, end with `code`, and what the relay has of them goes.
absl::Status CancelUploads(Batch& batch, const ConversationId& conversation, Code code);
absl::Status CancelUpload(Batch& batch, const ConversationId& conversation,
                          const MessageId& message);

// The upload under way for a message; none: it is over.
absl::StatusOr<std::optional<store::TransferRow>> FindUpload(Batch& batch,
                                                             const MessageId& message);
// It ends with `code`, as when the worker gives it up; `retry_after`: how long that lasts, where
// it is known.
absl::Status FailUpload(Batch& batch, const MessageId& message, Code code,
                        Duration retry_after = {});

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_TRANSFERS_H_
