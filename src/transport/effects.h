#ifndef PAWL_TRANSPORT_EFFECTS_H_
#define PAWL_TRANSPORT_EFFECTS_H_

#include <cstdint>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/rng.h"
#include "base/status.h"
#include "transport/endpoint.h"
#include "transport/state.h"
#include "wire/frame.h"

namespace pawl::transport {

// --- for whoever owns the socket ---
struct OpenSocket {
  Attempt attempt;
  Endpoint endpoint;
};
// One whole binary ws message at buffer[kSocketHeadroom...]; the headroom is the socket library's
// scratch space. The buffer is the receiver's to scribble on (masking); it comes back through
// SocketSent and is used again.
struct SendMessage {
  Attempt attempt;
  Bytes buffer;
};
struct PingSocket {
  Attempt attempt;
};
// Let out what SendMessage handed over (in bounded time), then close. The machine has already
// forgotten the socket.
struct CloseSocket {
  Attempt attempt;
  uint16_t ws_code;
};

// --- for whoever holds the device's key ---
// Answer with Connection::Signed: the device's Ed25519 signature under wire::kAuthLabel.
struct NeedSignature {
  Attempt attempt;
  Bytes message;  // wire::AuthMessage
};

// --- for the engine ---
struct StateChanged {
  Status status;
  Literal reason;  // for the log
};
// What READY said; comes before the StateChanged to kOnline. All zero in anonymous mode.
struct Ready {
  MailboxCursor cursor;        // the newest envelope in the mailbox
  uint32_t queued = 0;         // envelopes waiting
  uint32_t one_time_left = 0;  // one-time prekeys the relay still has
  uint32_t list_version = 0;
  DeviceEpoch epoch;
  ByteView anchor;        // what AnchorPut left there, or empty; a view as in Delivered
  ByteView epoch_record;  // this device's, unverified, or empty; likewise
};
// A frame nobody asked for: fb::Message or fb::Empty. It borrows the ws message given to
// SocketMessage.
struct Delivered {
  wire::FrameView frame;
};
// The answer to a request: any response but fb::Error. Borrows as above. The request has ended.
struct Answered {
  RequestNumber request;
  wire::FrameView frame;
};
// The request has ended without an answer: the relay's error (its code, retry_after), kTimeout, or
// kDisconnected. After the latter two it may or may not have been carried out.
struct RequestFailed {
  RequestNumber request;
  Code code = Code::kInternal;
  Duration retry_after;
};
// Follows a refusal with kWouldBlock: there is room again.
struct Drained {};
// Nothing has changed, but somebody who reads the log should know.
struct Noted {
  Literal text;
};

using Effect =
    std::variant<OpenSocket, SendMessage, PingSocket, CloseSocket, NeedSignature, StateChanged,
                 Ready, Delivered, Answered, RequestFailed, Drained, Noted>;
// In the order in which they happened. The machine appends, the caller carries out and clears.
using Effects = std::vector<Effect>;

// What every input carries: the time, where randomness comes from, and where effects go.
// `now` may jump: a jump back delays nothing, a jump forward (sleep) makes what is overdue happen
// at once.
struct Turn {
  Timestamp now;
  Rng& rng;
  Effects& effects;
};

// Free bytes in front of the message in SendMessage::buffer.
inline constexpr size_t kSocketHeadroom = 16;

}  // namespace pawl::transport

#endif  // PAWL_TRANSPORT_EFFECTS_H_
