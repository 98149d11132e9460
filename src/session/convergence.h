#ifndef PAWL_SESSION_CONVERGENCE_H_
#define PAWL_SESSION_CONVERGENCE_H_

#include <optional>
#include <span>

#include "session/session.h"

namespace pawl::session {

// What an accepted handshake means for the sessions that we had with that device.
enum class Displacement : uint8_t {
  kFirst,         // there was none to send on
  kSimultaneous,  // we had begun one too that is not answered yet: both receive, SendingSession
                  // picks
  kResumed,       // takes the place of one, and its initiator proved to hold that one
  kReset,  // puts itself in the place of a confirmed one without that proof: the peer lost it,
           // or is somebody else
};

struct Arrival {
  Displacement displacement = Displacement::kFirst;
  std::optional<TranscriptHash> displaces;  // for the new session's facts
};
// `resumed`: the one among `sessions` that the initiator proved to have held, or null.
Arrival JudgeArrival(std::span<const Session* const> sessions, const Session* resumed);

// The session to send on, null when there is none: among those that no other displaces and that are
// not retired, a confirmed one before an unconfirmed one, then the smaller transcript hash. Both
// sides come to the same one within a round trip, whoever began.
const Session* SendingSession(std::span<const Session* const> sessions);

// A session that is not sent on is kept this long after the last message that came on it.
constexpr Duration kIdleSessionLifetime = Days(30);
bool DueForErasure(const Session& session, std::span<const Session* const> all, Timestamp now);

}  // namespace pawl::session

#endif  // PAWL_SESSION_CONVERGENCE_H_
