#ifndef PAWL_RELAY_CORE_PREKEYS_H_
#define PAWL_RELAY_CORE_PREKEYS_H_

#include "relay/core/step.h"

namespace pawl::relay {

// Bundles and one-time pairs (PROTOCOL.md §4 PREKEY_PUT, PREKEY_TAKE).

void OnPrekeyPut(Step& step, Connection& connection, const wire::FrameView& frame);
void OnPrekeyTake(Step& step, Connection& connection, const wire::fb::PrekeyTake& take);

void FinishPrekeyPut(Step& step, Connection& connection, uint64_t req,
                     const engine::PrekeysPut& put);
void FinishPrekeyTake(Step& step, Connection& connection, uint64_t req,
                      const engine::PrekeyTaken& taken);

}  // namespace pawl::relay

#endif  // PAWL_RELAY_CORE_PREKEYS_H_
