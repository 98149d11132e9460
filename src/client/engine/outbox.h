#ifndef PAWL_CLIENT_ENGINE_OUTBOX_H_
#define PAWL_CLIENT_ENGINE_OUTBOX_H_

#include "client/engine/batch.h"
#include "client/engine/relay_call.h"

namespace pawl::client {

// The relay has the envelope (or had it): its row ends, or waits for the device's confirmation.
absl::Status OnSent(Batch& batch, const CarriesEnvelope& call, const Sent& sent);

// It has not. What may pass is tried again, the same bytes under the same id, when the relay says
// or after a growing random wait; what is behind it for that device waits too. A reason that the
// app should know (kQuotaExceeded, kRateLimited) is told once per message; what will not pass ends
// the row.
absl::Status OnSendRefused(Batch& batch, const CarriesEnvelope& call, const Refused& refused);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_OUTBOX_H_
