#include "relay/core/core.h"

#include <algorithm>

#include "relay/core/delivery.h"
#include "relay/core/dispatch.h"
#include "relay/core/reading.h"
#include "relay/core/session.h"
#include "relay/core/tokens.h"

namespace pawl::relay {
namespace {

void Account(Step& step, Connection& connection, const Pending& pending) {
  if (!pending.counted) return;
  --connection.unanswered;
  connection.unanswered_bytes -= pending.bytes;
  const bool has_room = connection.unanswered <= kMaxUnansweredRequests / 2 &&
                        connection.unanswered_bytes <= kMaxUnansweredBytes / 2;
  if (connection.held_for_answers && has_room) {
    connection.held_for_answers = false;
    ReadOn(step, connection);
  }
}

void CompleteOne(Step& step, engine::Completion completion) {
  State& state = step.state;
  const auto found = state.pending.find(completion.id);
  if (found == state.pending.end()) return;
  const Pending pending = std::move(found->second);
  state.pending.erase(found);
  state.pending_bytes -= pending.bytes;
  Connection* const connection = state.Find(pending.connection);
  if (connection != nullptr) Account(step, *connection, pending);
  OnResult(step, connection, pending, std::move(completion.result));
}

void RetryStalled(Step& step) {
  const auto stalled = std::exchange(step.state.stalled, {});
  for (const ConnectionId id : stalled) {
    Connection* const connection = step.state.Find(id);
    if (connection == nullptr) continue;
    RetryAcks(step, *connection);
    Pump(step, *connection);
  }
}

// Of the period before the last no token is taken, whatever the clocks of a relay's processes say.
uint32_t OldestTokens(Timestamp now) {
  const uint32_t period = wire::PeriodAt(now);
  return period == 0 ? 0 : period - 1;
}

void BeginExpiry(Step& step) {
  if (step.state.expiring || step.now < step.state.next_expiry) return;
  step.state.expiring = true;
  step.AskSelf(ConnectionId(0), Purpose::kExpire,
               engine::Expire{step.now, kExpiryStretch, OldestTokens(step.now)});
}

void AskForRemovals(Step& step) {
  if (step.state.asking_removals || step.now < step.state.next_removals) return;
  step.state.asking_removals = true;
  step.AskSelf(ConnectionId(0), Purpose::kRemovals, engine::TakeRemovals());
}

// When to come back after a shutdown: another time for each, and the more there are the wider
// apart. Its nonce is as random as anything.
Duration ReconnectAfter(const Connection& connection, size_t connections) {
  const auto needed = Milliseconds(static_cast<int64_t>(connections) * 1000 / kReconnectsPerSecond);
  const Duration spread = std::clamp(needed, kReconnectSpreadLeast, kReconnectSpreadMost);
  const int64_t draw = connection.nonce[0] << 8 | connection.nonce[1];
  return Milliseconds(kReconnectAfter.ms + spread.ms * draw / 0x10000);
}

}  // namespace

void Core::Opened(ConnectionId id, const PeerInfo& peer, Timestamp now, Rng& rng,
                  Effects& effects) {
  Step step(state_, now, effects);
  const BucketSpec frames = kFrameBucket.Scaled(state_.config.rate_scale);
  auto owned = std::make_unique<Connection>(id, peer, rng.Array<32>(), frames, now);
  Connection& connection = *owned;
  state_.connections.emplace(id, std::move(owned));
  ++state_.stats.connections;
  ++state_.opening_count;
  if (state_.shutting_down || state_.opening_count > kMaxOpening) {
    step.Refuse(connection, 0, Code::kWouldBlock);
    return step.Close(connection, CloseCode::kTryAgainLater);
  }
  state_.opening.push_back(id);
  LearnTokenSeed(step, rng);
  Open(step, connection);
}

void Core::Received(ConnectionId id, ByteView message, Timestamp now, Effects& effects) {
  Step step(state_, now, effects);
  Connection* const connection = state_.Find(id);
  if (connection != nullptr) ReadMessage(step, *connection, message);
}

void Core::ReceivedText(ConnectionId id, Timestamp now, Effects& effects) {
  Step step(state_, now, effects);
  if (Connection* const connection = state_.Find(id)) {
    step.Violate(*connection, Code::kMalformed, CloseCode::kTextMessage);
  }
}

void Core::Busy(ConnectionId id, bool busy, Timestamp now, Effects& effects) {
  Step step(state_, now, effects);
  Connection* const connection = state_.Find(id);
  if (connection == nullptr) return;
  connection->busy = busy;
  if (busy) return;
  ReadOn(step, *connection);
  Pump(step, *connection);
}

void Core::Closed(ConnectionId id, Timestamp now, Effects& effects) {
  Step step(state_, now, effects);
  Connection* const connection = state_.Find(id);
  if (connection == nullptr) return;
  Forget(step, *connection);
  state_.connections.erase(id);
}

void Core::Completed(engine::Completions completions, Timestamp now, Effects& effects) {
  Step step(state_, now, effects);
  for (engine::Completion& completion : completions.done) {
    CompleteOne(step, std::move(completion));
  }
  WakeUp(step, completions.woken);
}

void Core::CloseLateOpeners(Timestamp now, Effects& effects) {
  Step step(state_, now, effects);
  while (!state_.opening.empty()) {
    Connection* const connection = state_.Find(state_.opening.front());
    if (connection != nullptr && !connection->was_ready) {
      if (now < connection->opened_at + kOpeningTimeout) return;
      step.Violate(*connection, Code::kTimeout, CloseCode::kNotAuthenticated);
    }
    state_.opening.pop_front();
  }
}

void Core::Tick(Timestamp now, Effects& effects) {
  CloseLateOpeners(now, effects);
  Step step(state_, now, effects);
  ReleaseHeldForRate(step);
  RetryStalled(step);
  BeginExpiry(step);
  AskForRemovals(step);
}

void Core::ShutDown(Timestamp now, Effects& effects) {
  Step step(state_, now, effects);
  state_.shutting_down = true;
  for (const auto& [id, connection] : state_.connections) {
    step.Say(*connection,
             wire::GoAway{Code::kOk, ReconnectAfter(*connection, state_.connections.size())});
    step.Close(*connection, CloseCode::kGoingAway);
  }
}

Stats Core::stats() const {
  Stats stats = state_.stats;
  stats.opening_connections = state_.opening_count;
  stats.pending_requests = state_.pending.size();
  stats.pending_bytes = state_.pending_bytes;
  return stats;
}

}  // namespace pawl::relay
