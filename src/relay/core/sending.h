#ifndef PAWL_RELAY_CORE_SENDING_H_
#define PAWL_RELAY_CORE_SENDING_H_

#include "relay/core/step.h"

namespace pawl::relay {

// SEND (PROTOCOL.md §4): from an anonymous connection into a mailbox.

void OnSend(Step& step, Connection& connection, const wire::FrameView& frame);
// `connection` may be gone: an ephemeral message is passed on all the same.
void FinishSend(Step& step, Connection* connection, const Pending& pending,
                const engine::Appended& appended);

}  // namespace pawl::relay

#endif  // PAWL_RELAY_CORE_SENDING_H_
