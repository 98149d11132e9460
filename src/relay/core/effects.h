#ifndef PAWL_RELAY_CORE_EFFECTS_H_
#define PAWL_RELAY_CORE_EFFECTS_H_

#include <vector>

#include "relay/core/peer.h"
#include "relay/engine/engine.h"

namespace pawl::relay {

// WebSocket close codes (PROTOCOL.md §5).
enum class CloseCode : uint16_t {
  kGoingAway = 1001,
  kTextMessage = 1003,
  kMalformed = 1007,
  kTooLarge = 1009,
  kTryAgainLater = 1013,
  kWrongOrder = 4400,
  kNotAuthenticated = 4401,
  kNotListed = 4403,
  kReadsTooSlowly = 4408,
  kReplaced = 4409,
};

struct SendMessage {
  ConnectionId to;
  Bytes message;  // Config::headroom free bytes, then one binary WebSocket message
};
struct CloseConnection {
  ConnectionId id;
  CloseCode code;
};
struct SetReading {
  ConnectionId id;
  bool on;
};

// What the core wants done, in this order: send, then close (after what was sent to the connection
// before), set reading, submit to the engine.
struct Effects {
  std::vector<SendMessage> sends;
  std::vector<CloseConnection> closes;
  std::vector<SetReading> readings;
  std::vector<engine::Request> requests;
};

}  // namespace pawl::relay

#endif  // PAWL_RELAY_CORE_EFFECTS_H_
