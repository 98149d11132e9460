#ifndef PAWL_RELAY_CORE_READING_H_
#define PAWL_RELAY_CORE_READING_H_

#include "relay/core/step.h"

namespace pawl::relay {

// How fast a connection is listened to. One that has too much unanswered, says too much in a second
// or does not take its answers is held: from the next frame on, what it says waits, also in the
// middle of a message. Nobody is thrown out for it.

// A message has come. Malformed ones, and those without a frame, end the connection.
void ReadMessage(Step& step, Connection& connection, ByteView message);
// Something that held the connection is over: looks at what waits, then reads on.
void ReadOn(Step& step, Connection& connection);
// With time come tokens.
void ReleaseHeldForRate(Step& step);

}  // namespace pawl::relay

#endif  // PAWL_RELAY_CORE_READING_H_
