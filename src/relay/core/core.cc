#include "relay/core/core.h"

#include "relay/core/delivery.h"
#include "relay/core/dispatch.h"
#include "relay/core/session.h"

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
    step.SetReading(connection, true);
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

// A peer that says too much is listened to more slowly, not thrown out: what it says may be fine.
void TakeFrameToken(Step& step, Connection& connection) {
  const BucketSpec spec = kFrameBucket.Scaled(step.state.config.rate_scale);
  if (connection.frames.Take(spec, step.now).ms == 0 || connection.held_for_rate) return;
  connection.held_for_rate = true;
  step.state.held_for_rate.insert(connection.id);
  step.SetReading(connection, false);
}

void ReleaseHeldForRate(Step& step) {
  const BucketSpec spec = kFrameBucket.Scaled(step.state.config.rate_scale);
  std::vector<ConnectionId> released;
  for (const ConnectionId id : step.state.held_for_rate) {
    Connection* const connection = step.state.Find(id);
    if (connection == nullptr || !connection->frames.HasToken(spec, step.now)) continue;
    connection->held_for_rate = false;
    step.SetReading(*connection, true);
    released.push_back(id);
  }
  for (const ConnectionId id : released) step.state.held_for_rate.erase(id);
}

void RetryStalled(Step& step) {
  const auto stalled = std::exchange(step.state.stalled, {});
  for (const ConnectionId id : stalled) {
    if (Connection* const connection = step.state.Find(id)) Pump(step, *connection);
  }
}

void BeginExpiry(Step& step) {
  if (step.state.expiring || step.now < step.state.next_expiry) return;
  step.state.expiring = true;
  step.AskSelf(ConnectionId(0), Purpose::kExpire, engine::Expire{step.now, kExpiryStretch});
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
  Open(step, connection);
}

void Core::Received(ConnectionId id, ByteView message, Timestamp now, Effects& effects) {
  Step step(state_, now, effects);
  Connection* const connection = state_.Find(id);
  if (connection == nullptr) return;
  wire::FrameReader reader(message);
  while (connection->stage != Stage::kClosing) {
    const auto frame = reader.Next();
    if (!frame) break;
    TakeFrameToken(step, *connection);
    OnFrame(step, *connection, *frame);
  }
  if (reader.status().ok() || connection->stage == Stage::kClosing) return;
  const bool too_large = CodeOf(reader.status()) == Code::kTooLarge;
  step.Violate(*connection, CodeOf(reader.status()),
               too_large ? CloseCode::kTooLarge : CloseCode::kMalformed);
}

void Core::ReceivedText(ConnectionId id, Timestamp now, Effects& effects) {
  Step step(state_, now, effects);
  if (Connection* const connection = state_.Find(id)) {
    step.Violate(*connection, Code::kMalformed, CloseCode::kTextMessage);
  }
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
}

void Core::ShutDown(Timestamp now, Effects& effects) {
  Step step(state_, now, effects);
  state_.shutting_down = true;
  for (const auto& [id, connection] : state_.connections) {
    step.Say(*connection, wire::GoAway{Code::kOk, kReconnectAfterShutdown});
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
