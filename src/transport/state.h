#ifndef PAWL_TRANSPORT_STATE_H_
#define PAWL_TRANSPORT_STATE_H_

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "base/status.h"
#include "base/strong_alias.h"

namespace pawl::transport {

// One try to have a socket. Inputs about a socket name its attempt; those of another attempt are
// ignored.
using Attempt = StrongAlias<struct AttemptTag, uint64_t>;
// The `req` of a frame: names one request of one connection until it ends. Never 0, never reused.
using RequestNumber = StrongAlias<struct RequestNumberTag, uint64_t>;

//            Start                SocketOpened                 READY
//   kOffline ------> kConnecting -------------> kAuthenticating ------> kOnline
//      ^               ^      |                       |                   |
//      | Stop, from    |      v  closed or timed out  v                   v
//      | everywhere    +- kBackingOff <-----------------------------------+
//
//   kReplaced: REPLACED or close 4409.   kRefused: the relay will not have us, trying again is
//   useless.
enum class State : uint8_t {
  kOffline,         // not started, or stopped
  kConnecting,      // a socket has been asked for
  kAuthenticating,  // it is open; READY has not come yet
  kOnline,
  kBackingOff,  // tries again by itself at `until`
  kReplaced,    // another connection of this device took over; stays so until Start
  kRefused,     // `cause` says why; stays so until Start
};

struct Status {
  State state = State::kOffline;
  Code cause = Code::kOk;    // what ended the last connection; kOk once online and after Stop
  Timestamp until = kNever;  // kBackingOff: when the next attempt starts, in the caller's time

  friend bool operator==(const Status&, const Status&) = default;
};

// What the relay's CHALLENGE said of itself: hints, except that exceeding the limits is refused.
struct RelayInfo {
  Timestamp time;             // its clock
  uint32_t max_message = 0;   // bytes of one ws message
  uint32_t max_envelope = 0;  // bytes
  std::string domain;         // the part after @ of its accounts
  bool invitation_required = false;
};

}  // namespace pawl::transport

#endif  // PAWL_TRANSPORT_STATE_H_
