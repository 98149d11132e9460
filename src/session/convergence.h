#ifndef PAWL_SESSION_CONVERGENCE_H_
#define PAWL_SESSION_CONVERGENCE_H_

#include <span>

#include "session/session.h"

namespace pawl::session {

// What an accepted handshake means for the sessions that we had with that device.
enum class Displacement : uint8_t {
  kFirst,         // there was none
  kSimultaneous,  // we had begun one too that is not answered yet: both receive, the rule below
                  // picks one
  kResumed,       // takes the place of one, and its initiator proved to hold that one
  kReset,         // takes the place of a confirmed one without that proof: the peer lost it, or is
                  // somebody else
};

// The session to send on, null when there is none: among those that no other one displaces and that
// can seal, a confirmed one before an unconfirmed one, then the smaller transcript hash. Both sides
// come to the same one after a round trip, whoever began, and whatever was lost.
const Session* SendingSession(std::span<const Session* const> sessions);

// True when `session` was displaced or lost the convergence more than 30 days ago and nothing came
// on it since.
bool DueForErasure(const Session& session, std::span<const Session* const> all, Timestamp now);

}  // namespace pawl::session

#endif  // PAWL_SESSION_CONVERGENCE_H_
