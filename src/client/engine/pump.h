#ifndef PAWL_CLIENT_ENGINE_PUMP_H_
#define PAWL_CLIENT_ENGINE_PUMP_H_

#include <vector>

#include "client/engine/batch.h"
#include "client/engine/effect.h"
#include "client/engine/state.h"

namespace pawl::client {

// After a commit: everything that is due, allowed and within the bounds becomes a call. `fresh`:
// the envelopes sealed by this Step, which need not be read back from the store; all others are
// read, never re-sealed. An error is the store's; what could be done was done, the rest is tried
// again.
absl::Status Pump(State& state, std::vector<Batch::NewItem> fresh,
                  std::vector<Batch::EphemeralFrame> ephemeral, Timestamp now, Effects& effects);

// When there would be something to pump or to maintain without any input.
Timestamp NextPump(const State& state);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_PUMP_H_
