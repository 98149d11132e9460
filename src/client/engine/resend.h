#ifndef PAWL_CLIENT_ENGINE_RESEND_H_
#define PAWL_CLIENT_ENGINE_RESEND_H_

#include "client/engine/batch.h"

namespace pawl::client {

// A recipient drops a first message whose handshake it cannot accept: made with prekeys that are
// gone, for an epoch that is over, with a one-time pair that the relay gave away twice. It answers
// nothing, and whatever repeats that handshake is lost with it. From here that looks like somebody
// who is away. So after some hours a fresh session is begun beside the unanswered one, ever more
// seldom, and carries the oldest message once more under its own id; what was away reads both and
// shows one. When the fresh session is answered, the rest that was sent in vain follows.
//
// Only to those who would answer: our own devices, and contacts who gave us their delivery key.

// The first renewal; each further one waits twice as long.
constexpr Duration kRenewHandshakeAfter = Hours(6);

// Hourly: asks for prekeys where it is time, and sends again what a session that works can carry.
absl::Status RenewHandshakes(Batch& batch);

// The oldest message that went out on handshakes which that device did not answer, on the session
// to be used now.
absl::Status ResendOldest(Batch& batch, const identity::DeviceAddress& to);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_RESEND_H_
