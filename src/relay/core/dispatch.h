#ifndef PAWL_RELAY_CORE_DISPATCH_H_
#define PAWL_RELAY_CORE_DISPATCH_H_

#include "relay/core/step.h"

namespace pawl::relay {

// One frame from a client: to the reducer of its type, if the connection's stage and mode allow it.
void OnFrame(Step& step, Connection& connection, const wire::FrameView& frame);

// One answer of the storage: to the reducer that asked. `connection` is null when it is gone.
void OnResult(Step& step, Connection* connection, const Pending& pending, engine::Result result);

}  // namespace pawl::relay

#endif  // PAWL_RELAY_CORE_DISPATCH_H_
