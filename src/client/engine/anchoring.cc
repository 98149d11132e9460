#include "client/engine/anchoring.h"

#include <algorithm>
#include <utility>

#include "client/engine/reducers.h"

namespace pawl::client {

void RaiseAnchor(State& state, Timestamp now, Effects& effects) {
  // Not NextAnchor(): a clock that was set back must not put the anchor off.
  if (now < state.anchor_again && state.anchor_again <= now + kAnchorAgain) return;
  state.anchor_again = now + kAnchorAgain;
  if (const auto generation = state.store->AnchorToKeep(now)) {
    Event event;
    event.kind = EventKind::kAnchor;
    event.at = now;
    event.generation = *generation;
    effects.events.push_back(std::move(event));
  } else if (state.store->AnchorTick(now).ok()) {
    state.anchor_again = kLongAgo;
  }
}

Timestamp NextAnchor(const State& state) {
  const Timestamp due = state.store->AnchorDeadline();
  return due == kNever ? kNever : std::max(due, state.anchor_again);
}

absl::Status Reduce(Batch& batch, RequestId request, const AnchorKept& command) {
  batch.state.store->AnchorKept(command.generation, batch.now);
  batch.Complete(request, Code::kOk);
  return OkStatus();
}

}  // namespace pawl::client
