#ifndef PAWL_CLIENT_ENGINE_ANCHORING_H_
#define PAWL_CLIENT_ENGINE_ANCHORING_H_

#include "client/engine/effect.h"
#include "client/engine/state.h"

namespace pawl::client {

// The anchor that remembers, outside the store, a generation it has reached (store/anchor.h): a
// file that is written here, or a number that the host is asked to keep. Neither undoes a commit
// when it fails, and neither is tried more often than this.
constexpr Duration kAnchorAgain = Seconds(10);

// After a commit, and when it is time.
void RaiseAnchor(State& state, Timestamp now, Effects& effects);
Timestamp NextAnchor(const State& state);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_ANCHORING_H_
