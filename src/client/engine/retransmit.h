#ifndef PAWL_CLIENT_ENGINE_RETRANSMIT_H_
#define PAWL_CLIENT_ENGINE_RETRANSMIT_H_

#include <vector>

#include "client/engine/batch.h"
#include "store/outbox.h"

namespace pawl::client {

// The retransmit window: what was sent to a device and not confirmed by it. Its rows are those of
// the outbox, without their frames once the relay has them; the content stands in the history and
// nowhere else, so that what is deleted there cannot be sent again. A row ends with the device's
// confirmation, with its message's expiry, with its device, or envelope_ttl after it was first
// sent.

// Rows that can be sent again, oldest first.
absl::StatusOr<std::vector<store::OutboxRow>> WindowOf(Batch& batch,
                                                       const identity::DeviceAddress& to);
// In the place of the row, under the message's own id, on the session to be used now: the recipient
// takes one message of an id, however often it comes.
absl::Status Retransmit(Batch& batch, const identity::DeviceAddress& to,
                        const store::OutboxRow& row);
// All of the window, but what is about to go out as it is.
absl::Status RetransmitWindow(Batch& batch, const identity::DeviceAddress& to);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_RETRANSMIT_H_
