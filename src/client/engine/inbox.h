#ifndef PAWL_CLIENT_ENGINE_INBOX_H_
#define PAWL_CLIENT_ENGINE_INBOX_H_

#include "client/engine/batch.h"
#include "client/engine/event.h"
#include "store/transaction.h"

namespace pawl::client {

// A durable event of this Step; its number is given by the store.
absl::Status Record(Batch& batch, const Event& event);

// A row of the inbox without its message's content. kCorrupt when Record did not make the row.
absl::StatusOr<Event> DecodeEvent(const store::InboxRow& row);
// The same with it: as the app gets it. `own`: our address.
absl::StatusOr<Event> ReadEvent(store::Transaction& tx, const identity::Address& own,
                                const store::InboxRow& row);

// Sets the state of a message of ours and tells the app, if that is further than it was (kQueued >
// kAtRelay > kConfirmed > kDelivered > kRead; kFailed ends the first two). What was not sent from
// this store is left alone.
absl::StatusOr<bool> Advance(Batch& batch, const identity::Address& peer, const MessageId& message,
                             store::MessageState state, Code code = Code::kOk);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_INBOX_H_
