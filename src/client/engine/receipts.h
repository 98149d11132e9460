#ifndef PAWL_CLIENT_ENGINE_RECEIPTS_H_
#define PAWL_CLIENT_ENGINE_RECEIPTS_H_

#include <vector>

#include "client/engine/batch.h"
#include "wire/content.h"

namespace pawl::client {

// Three things a sender may hear of a message, each only from someone who accepted it:
//   Confirmed  it is durable on a device (automatic, one envelope per device and Step)
//   Delivered  the app took it (it acknowledged the event)
//   Read       the user saw it (the app said so)

// Seals the confirmations of this Step; before the commit.
absl::Status ConfirmArrivals(Batch& batch);

// Says to a peer who has just been accepted, or who lost its state, what stands of its messages so
// far (the latest thousand): confirmed, delivered as far as the app took them, read.
// `device`: to that one alone, of its own messages.
absl::Status SayWhatWasHeldBack(Batch& batch, const identity::Address& peer,
                                std::optional<DeviceId> device = std::nullopt);

absl::Status OnConfirmed(Batch& batch, const identity::DeviceAddress& from,
                         const wire::fb::Confirmed& body);
absl::Status OnReceipt(Batch& batch, const identity::DeviceAddress& from,
                       const wire::fb::Receipt& body);

// Incoming messages of that conversation become read: their timers start, unread falls. Which of
// them were not before.
absl::StatusOr<std::vector<MessageId>> SetRead(Batch& batch, const identity::Address& peer,
                                               const std::vector<MessageId>& messages);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_RECEIPTS_H_
