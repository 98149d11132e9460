#ifndef PAWL_RATCHET_LIMITS_H_
#define PAWL_RATCHET_LIMITS_H_

#include <cstddef>
#include <cstdint>

#include "base/clock.h"

namespace pawl::ratchet {

// A message may be at most so far ahead of the last one read, the rest of the previous chain
// included. It is the most work (3 ms) and memory that one authenticated header can ask for; an
// honest sender stays below it, because it stops at kMaxUnanswered.
constexpr uint32_t kMaxJump = 2000;

// Keys kept for messages that have not arrived, per session. Full: the oldest go first, as the most
// likely to be lost for good; never is a key refused that the newest message needs.
constexpr size_t kMaxSkippedKeys = 2000;

// How long the key of a message that did not arrive can still open it: longer keeps old messages
// readable by whoever takes the device.
constexpr Duration kSkippedKeyLifetime = Days(30);

// The open receiving chain and the closed ones before it whose late messages can still be read. The
// sender opens a chain for each answer, so five survive reordering over five turns of the
// conversation.
constexpr size_t kMaxReceivingChains = 5;

// Messages on one sending chain, that is, since the peer last answered. Then only a fresh session
// helps: the peer may be gone for good, and its jump limit must hold.
constexpr uint32_t kMaxUnanswered = 1000;

// Tags announced to the route table ahead of the last message, for the current and for the next
// chain.
constexpr uint32_t kTagWindow = 32;

}  // namespace pawl::ratchet

#endif  // PAWL_RATCHET_LIMITS_H_
