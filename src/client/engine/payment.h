#ifndef PAWL_CLIENT_ENGINE_PAYMENT_H_
#define PAWL_CLIENT_ENGINE_PAYMENT_H_

#include "client/engine/batch.h"
#include "store/transfers.h"
#include "wire/tokens.h"

namespace pawl::client {

// Which tokens pay for which upload, and which are of no use any more. Nothing here asks the relay.

// Its time, as far as its periods tell.
Timestamp RelayTime(const Batch& batch);

// The free ones; those of a time that is over go.
absl::StatusOr<wire::TokenCounts> Stock(Batch& batch);

// What an upload takes besides what it was given already. kTooLarge: no blob can be paid so.
absl::StatusOr<wire::TokenCounts> MissingFor(Batch& batch, const store::TransferRow& row,
                                             uint64_t size);

// Out of the stock, if that covers it. True: the upload does not wait any more.
absl::StatusOr<bool> Pay(Batch& batch, const MessageId& message, const PurseState::Unpaid& what);

// The relay did not take what the upload was given: that goes, and what would be refused like it.
absl::Status DropRefused(Batch& batch, const store::TransferRow& row, const UploadUnpaid& unpaid);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_PAYMENT_H_
