#ifndef PAWL_RELAY_CORE_CORE_H_
#define PAWL_RELAY_CORE_CORE_H_

#include "base/rng.h"
#include "relay/core/effects.h"
#include "relay/core/state.h"

namespace pawl::relay {

// The relay as a state machine: inputs in, effects out, appended to what `effects` holds already.
// It has no clock, no thread and no socket; the ws adapter or the simulator drives it, and carries
// out the effects. One thread at a time.
class Core {
 public:
  explicit Core(Config config) : state_(std::move(config)) {}

  // A WebSocket was opened. `id` was never used before.
  void Opened(ConnectionId id, const PeerInfo& peer, Timestamp now, Rng& rng, Effects& effects);
  // One binary message, 8-aligned. Anything a peer can send is answered or ends its connection, and
  // costs bounded time and memory.
  void Received(ConnectionId id, ByteView message, Timestamp now, Effects& effects);
  // It sent a text message.
  void ReceivedText(ConnectionId id, Timestamp now, Effects& effects);
  // The peer does not take what it has been sent (true), or has taken most of it. Until then
  // nothing more is read for it from the storage, and nothing it says is looked at.
  void Busy(ConnectionId id, bool busy, Timestamp now, Effects& effects);
  // The WebSocket is gone, whoever closed it. Nothing with this id comes out any more.
  void Closed(ConnectionId id, Timestamp now, Effects& effects);
  // News from the engine.
  void Completed(engine::Completions completions, Timestamp now, Effects& effects);
  // About once a second.
  void Tick(Timestamp now, Effects& effects);
  // Says goodbye to everybody (GOAWAY, 1001) and accepts nobody any more.
  void ShutDown(Timestamp now, Effects& effects);

  Stats stats() const;

 private:
  void CloseLateOpeners(Timestamp now, Effects& effects);
  State state_;
};

}  // namespace pawl::relay

#endif  // PAWL_RELAY_CORE_CORE_H_
