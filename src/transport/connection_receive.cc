#include <algorithm>
#include <optional>
#include <utility>

#include "transport/connection.h"
#include "wire/frame_parts.h"

namespace pawl::transport {
namespace {

using wire::fb::FrameBody;

constexpr Duration kLongestWait = Hours(1);  // however long the relay would like us to stay away
constexpr auto kFirstRelayFrame = FrameBody::Challenge;

// After these, asking again gets the same answer.
constexpr Code kFinalRefusals[] = {
    Code::kAuthFailed,      Code::kInvalidArgument, Code::kInvalidKey,         Code::kNotFound,
    Code::kDeviceNotListed, Code::kUnsupported,     Code::kUnsupportedVersion, Code::kRelayRefused,
};

bool IsFinalRefusal(Code code) {
  return std::find(std::begin(kFinalRefusals), std::end(kFinalRefusals), code) !=
         std::end(kFinalRefusals);
}

// The `req` that a frame answers; nothing for frames that answer none.
std::optional<uint64_t> AnsweredBy(const wire::fb::Frame& header) {
  if (const auto* body = header.body_as_Ok()) return body->req();
  if (const auto* body = header.body_as_Sent()) return body->req();
  if (const auto* body = header.body_as_Error()) return body->req();
  if (const auto* body = header.body_as_DirResult()) return body->req();
  if (const auto* body = header.body_as_PrekeyResult()) return body->req();
  if (const auto* body = header.body_as_BlobBegun()) return body->req();
  if (const auto* body = header.body_as_BlobData()) return body->req();
  if (const auto* body = header.body_as_TokenKeys()) return body->req();
  if (const auto* body = header.body_as_TokensIssued()) return body->req();
  return std::nullopt;
}

Duration Bounded(uint32_t ms) { return std::min(Milliseconds(ms), kLongestWait); }

}  // namespace

void Connection::SocketMessage(Attempt attempt, ByteView message, Turn turn) {
  const Timestamp now = time_.Advance(turn.now);
  if (!Owns(attempt) || status_.state == State::kConnecting) return;
  keep_alive_.Heard(now);
  wire::FrameReader reader(message);
  while (std::optional<wire::FrameView> frame = reader.Next()) {
    OnFrame(*frame, turn);
    if (!Owns(attempt)) return;  // that frame was the socket's last
  }
  if (!reader.status().ok()) BadRelay(turn, "message does not parse");
}

void Connection::OnFrame(const wire::FrameView& frame, Turn turn) {
  const wire::fb::Frame& header = *frame.header;
  if (header.body_as_Challenge() != nullptr) return OnChallenge(frame, turn);
  if (header.body_as_Ready() != nullptr) return OnReady(frame, turn);
  if (const auto* away = header.body_as_GoAway()) {
    return OnDismissed(static_cast<Code>(away->code()), Bounded(away->reconnect_after_ms()), turn);
  }
  if (header.body_as_Replaced() != nullptr) {
    return OnDismissed(Code::kReplacedElsewhere, Milliseconds(0), turn);
  }
  const std::optional<uint64_t> request = AnsweredBy(header);
  if (request == 0) return OnUnasked(frame, turn);
  const bool is_mail = frame.type() == FrameBody::Message || frame.type() == FrameBody::Empty;
  if (!request && !is_mail) {
    // A relay of a later release may say more than we know of; it may not say what clients say.
    if (frame.type() < kFirstRelayFrame) BadRelay(turn, "the relay spoke like a client");
    return;
  }
  if (status_.state != State::kOnline) return BadRelay(turn, "frame before READY");
  if (request) return OnAnswer(requests_.FromWire(*request), frame, turn);
  OnMail(frame, turn);
}

// An answer to request 0, which is none: an error is about the connection.
void Connection::OnUnasked(const wire::FrameView& frame, Turn turn) {
  const auto* error = frame.header->body_as_Error();
  if (error == nullptr) return BadRelay(turn, "answer to no request");
  // An older relay that does not know a frame of ours cannot say which it was. What was asked ends
  // with its own time; the connection is good.
  if (status_.state == State::kOnline && CodeOf(wire::ToStatus(*error)) == Code::kUnsupported) {
    turn.effects.emplace_back(Noted{"the relay does not know a frame of ours"});
    return;
  }
  OnDismissed(CodeOf(wire::ToStatus(*error)), Bounded(error->retry_after_ms()), turn);
}

void Connection::OnChallenge(const wire::FrameView& frame, Turn turn) {
  const auto* challenge = frame.header->body_as_Challenge();
  if (!login_ || !login_->OnChallenge(wire::ToArray(*challenge->nonce()))) {
    return BadRelay(turn, "CHALLENGE out of turn");
  }
  relay_ = {.time = Timestamp{challenge->time_ms()},
            .max_message = challenge->max_message(),
            .max_envelope = challenge->max_envelope(),
            .domain = std::string(wire::ToText(challenge->domain())),
            .invitation_required = challenge->invitation_required()};
  if (relay_.max_message < SendQueue::kCoalescedSize) {
    return BadRelay(turn, "relay takes no messages of ordinary size");
  }
  if (login_->step() == Login::Step::kSigning) {
    turn.effects.emplace_back(NeedSignature{attempt_, login_->AuthMessage(config_.identity)});
  } else {
    QueueHello();
    Flush(turn);
  }
}

void Connection::QueueHello() {
  const wire::Hello hello = login_->Hello(config_.identity);
  QueueOwn([&](wire::FrameWriter& out) { return wire::Append(out, hello); });
}

void Connection::Signed(Attempt attempt, const ByteArray<64>& signature, Turn turn) {
  time_.Advance(turn.now);
  if (!Owns(attempt) || !login_ || !login_->OnSigned()) return;
  QueueHello();
  QueueOwn([&](wire::FrameWriter& out) { return wire::Append(out, wire::Auth{signature}); });
  Flush(turn);
}

void Connection::OnReady(const wire::FrameView& frame, Turn turn) {
  if (!login_ || !login_->OnReady()) return BadRelay(turn, "READY out of turn");
  const auto* ready = frame.header->body_as_Ready();
  const auto parts = wire::Split(*ready, frame.payload);
  if (!parts.ok()) return BadRelay(turn, "READY with parts that are not there");
  login_.reset();
  online_since_ = time_.now();
  turn.effects.emplace_back(Ready{.cursor = MailboxCursor(ready->cursor()),
                                  .queued = ready->queue(),
                                  .one_time_left = ready->one_time_left(),
                                  .list_version = ready->list_version(),
                                  .epoch = DeviceEpoch(ready->epoch()),
                                  .anchor = parts->anchor,
                                  .epoch_record = parts->epoch_record});
  SetState(State::kOnline, Code::kOk, turn, "READY");
  if (config_.mode == Mode::kDevice && config_.receive_window < kMaxReceiveWindow) {
    const wire::Credit credit{config_.receive_window};
    QueueOwn([&](wire::FrameWriter& out) { return wire::Append(out, credit); });
    Flush(turn);
  }
}

void Connection::OnAnswer(RequestNumber request, const wire::FrameView& frame, Turn turn) {
  // Late (it timed out here) or invented: nobody waits for it.
  if (!requests_.Finish(request)) return;
  if (frame.type() == FrameBody::Error) {
    const auto* error = frame.header->body_as_Error();
    turn.effects.emplace_back(
        RequestFailed{request, CodeOf(wire::ToStatus(*error)), Bounded(error->retry_after_ms())});
  } else {
    turn.effects.emplace_back(Answered{request, frame});
  }
  TellDrained(turn);
}

void Connection::OnMail(const wire::FrameView& frame, Turn turn) {
  if (config_.mode == Mode::kAnonymous) return BadRelay(turn, "mail on an anonymous connection");
  if (frame.type() == FrameBody::Message && config_.mode == Mode::kDevice &&
      !window_.Deliver(MailboxCursor(frame.header->body_as_Message()->cursor()))) {
    return BadRelay(turn, "relay overran the receive window");
  }
  turn.effects.emplace_back(Delivered{frame});
}

// GOAWAY, REPLACED, and errors that are about no request: the relay is about to close.
void Connection::OnDismissed(Code code, Duration retry_after, Turn turn) {
  const bool replaced = code == Code::kReplacedElsewhere && config_.mode == Mode::kDevice;
  const State next = replaced               ? State::kReplaced
                     : IsFinalRefusal(code) ? State::kRefused
                                            : State::kBackingOff;
  const Code cause = code == Code::kOk ? Code::kDisconnected : code;
  EndSocket({.cause = cause, .next = next, .floor = retry_after, .say = kCloseNormal}, turn,
            "dismissed by the relay");
}

void Connection::BadRelay(Turn turn, Literal reason) {
  EndSocket({.cause = Code::kMalformed, .say = kCloseProtocolError}, turn, reason);
}

}  // namespace pawl::transport
