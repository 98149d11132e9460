#include "transport/connection.h"

#include <algorithm>
#include <utility>

namespace pawl::transport {
namespace {

// IANA on 1012 (service restart): "clients reconnecting should use a randomized delay of 5 - 30s".
constexpr Duration kRestartDelay = Seconds(5);
constexpr Duration kRestartSpread = Seconds(25);
constexpr Duration kTryAgainLaterDelay = Seconds(10);

// Beyond queue_bytes there may be a HELLO and an AUTH, or the acknowledgements of a window.
constexpr size_t kOwnFramesBound = 4096;

bool IsFinal(State state) { return state == State::kReplaced || state == State::kRefused; }

Code CauseOf(const SocketEnd& end) {
  switch (end.ws_code) {
    case kCloseUnauthenticated:
      return Code::kAuthFailed;
    case kCloseReplaced:
      return Code::kReplacedElsewhere;
    case kCloseNotListed:
      return Code::kDeviceNotListed;
    case kCloseRateLimited:
      return Code::kRateLimited;
    default:
      return CauseOf(end.failure);
  }
}

State NextOf(const SocketEnd& end, Mode mode) {
  if (end.ws_code == kCloseReplaced && mode == Mode::kDevice) return State::kReplaced;
  if (end.ws_code == kCloseNotListed) return State::kRefused;
  return State::kBackingOff;
}

Duration FloorOf(const SocketEnd& end, Rng& rng) {
  switch (end.ws_code) {
    case kCloseServiceRestart:
      return Milliseconds(kRestartDelay.ms + static_cast<int64_t>(rng.Below(
                                                 static_cast<uint64_t>(kRestartSpread.ms))));
    case kCloseTryAgainLater:
    case kCloseRateLimited:
      return kTryAgainLaterDelay;
    default:
      return Milliseconds(0);
  }
}

}  // namespace

absl::StatusOr<Connection> Connection::Create(ConnectionConfig config) {
  PAWL_TRY(Check(config));
  return Connection(std::move(config));
}

Connection::Connection(ConnectionConfig config)
    : config_(std::move(config)),
      backoff_(config_.backoff_base, config_.backoff_cap),
      keep_alive_(config_.ping_after, config_.dead_after),
      requests_(config_.max_requests),
      queue_(kSocketHeadroom) {}

void Connection::Start(Turn turn) {
  time_.Advance(turn.now);
  if (!has_socket_) Connect(turn, "asked to start");
}

void Connection::Stop(Turn turn) {
  time_.Advance(turn.now);
  if (status_.state == State::kOffline) return;
  if (has_socket_) {
    if (status_.state == State::kOnline) QueueAcks();
    while (!queue_.empty()) HandOver(turn);
    EndSocket({.cause = Code::kOk, .next = State::kOffline, .say = kCloseNormal}, turn, "stopped");
  } else {
    SetState(State::kOffline, Code::kOk, turn, "stopped");
  }
}

void Connection::Connect(Turn turn, Literal reason) {
  attempt_ = Attempt(*attempt_ + 1);
  has_socket_ = true;
  requests_.BeginSocket();
  deadline_ = time_.now() + config_.connect_timeout;
  SetState(State::kConnecting, status_.cause, turn, reason);
  turn.effects.emplace_back(OpenSocket{attempt_, config_.endpoint});
}

void Connection::SocketOpened(Attempt attempt, const ChannelInfo& channel, Turn turn) {
  const Timestamp now = time_.Advance(turn.now);
  if (!Owns(attempt) || status_.state != State::kConnecting) return;
  deadline_ = now + config_.authenticate_timeout;
  keep_alive_.Heard(now);
  window_.Restart();
  login_.emplace(config_.mode, channel, turn.rng);
  SetState(State::kAuthenticating, status_.cause, turn, "socket open");
}

void Connection::SocketClosed(Attempt attempt, SocketEnd end, Turn turn) {
  time_.Advance(turn.now);
  if (!Owns(attempt)) return;
  EndSocket(
      {.cause = CauseOf(end), .next = NextOf(end, config_.mode), .floor = FloorOf(end, turn.rng)},
      turn, "socket closed");
}

void Connection::EndSocket(Ending ending, Turn turn, Literal reason) {
  const Timestamp now = time_.now();
  const bool was_stable =
      status_.state == State::kOnline && now >= online_since_ + config_.stable_after;
  if (was_stable) backoff_.Reset();
  if (ending.say != kCloseNone) turn.effects.emplace_back(CloseSocket{attempt_, ending.say});
  has_socket_ = false;
  login_.reset();
  queue_.Clear();
  in_flight_ = 0;
  owes_drained_ = false;
  for (RequestNumber request : requests_.TakeAll()) {
    turn.effects.emplace_back(RequestFailed{request, Code::kDisconnected, {}});
  }
  if (ending.next == State::kBackingOff) {
    deadline_ = now + ending.floor;
    deadline_ = deadline_ + backoff_.Next(turn.rng, ending.floor);
  }
  SetState(ending.next, ending.cause, turn, reason);
}

// The one writer of status_.
void Connection::SetState(State state, Code cause, Turn turn, Literal reason) {
  const Timestamp until = state == State::kBackingOff ? time_.ToWall(deadline_) : kNever;
  status_ = {state, cause, until};
  turn.effects.emplace_back(StateChanged{status_, reason});
}

void Connection::SocketPong(Attempt attempt, Turn turn) {
  const Timestamp now = time_.Advance(turn.now);
  if (Owns(attempt)) keep_alive_.Heard(now);
}

Timestamp Connection::NextDeadline() const {
  switch (status_.state) {
    case State::kConnecting:
    case State::kAuthenticating:
    case State::kBackingOff:
      return time_.ToWall(deadline_);
    case State::kOnline:
      return time_.ToWall(std::min(
          {keep_alive_.NextDeadline(), requests_.NextDeadline(), NextFlush(), StalledAt()}));
    case State::kOffline:
    case State::kReplaced:
    case State::kRefused:
      break;
  }
  return kNever;
}

void Connection::Tick(Turn turn) {
  const Timestamp now = time_.Advance(turn.now);
  switch (status_.state) {
    case State::kConnecting:
    case State::kAuthenticating:
      if (now < deadline_) return;
      return EndSocket({.cause = Code::kTimeout, .say = kCloseGoingAway}, turn, "took too long");
    case State::kBackingOff:
      if (now < deadline_) return;
      return Connect(turn, "waited long enough");
    case State::kOnline:
      return TickOnline(turn);
    case State::kOffline:
    case State::kReplaced:
    case State::kRefused:
      return;
  }
}

void Connection::TickOnline(Turn turn) {
  const Timestamp now = time_.now();
  const KeepAlive::Verdict verdict = keep_alive_.Check(now);
  if (verdict == KeepAlive::Verdict::kDead || now >= StalledAt()) {
    return EndSocket({.cause = Code::kTimeout, .say = kCloseGoingAway}, turn, "relay is silent");
  }
  if (verdict == KeepAlive::Verdict::kPing) turn.effects.emplace_back(PingSocket{attempt_});
  for (RequestNumber request : requests_.Expire(now)) {
    turn.effects.emplace_back(RequestFailed{request, Code::kTimeout, {}});
  }
  TellDrained(turn);
  Flush(turn);
}

bool Connection::IsConsistent() const {
  const bool idle = !login_ && requests_.empty() && queue_.empty() && in_flight_ == 0;
  if ((status_.state == State::kBackingOff) != (status_.until != kNever)) return false;
  switch (status_.state) {
    case State::kOffline:
    case State::kBackingOff:
    case State::kReplaced:
    case State::kRefused:
      return !has_socket_ && idle && (!IsFinal(status_.state) || status_.cause != Code::kOk);
    case State::kConnecting:
      return has_socket_ && idle;
    case State::kAuthenticating:
      return has_socket_ && login_ && requests_.empty();
    case State::kOnline:
      return has_socket_ && !login_ && status_.cause == Code::kOk &&
             queue_.bytes() <= config_.queue_bytes + kOwnFramesBound &&
             requests_.size() <= config_.max_requests;
  }
  return false;
}

}  // namespace pawl::transport
