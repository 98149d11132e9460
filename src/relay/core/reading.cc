#include "relay/core/reading.h"

#include "relay/core/dispatch.h"

namespace pawl::relay {
namespace {

void TakeFrameToken(Step& step, Connection& connection) {
  const BucketSpec spec = kFrameBucket.Scaled(step.state.config.rate_scale);
  if (connection.frames.Take(spec, step.now).ms == 0 || connection.held_for_rate) return;
  connection.held_for_rate = true;
  step.state.held_for_rate.insert(connection.id);
  step.SetReading(connection, false);
}

// Looks at the frames of a message from `first` on, until the connection is held: then which frame
// is the next.
std::optional<size_t> WorkOn(Step& step, Connection& connection, ByteView message, size_t first) {
  wire::FrameReader reader(message);
  size_t number = 0;
  while (connection.stage != Stage::kClosing) {
    const auto frame = reader.Next();
    if (!frame) break;
    if (number++ < first) continue;
    if (connection.IsHeld()) return number - 1;
    TakeFrameToken(step, connection);
    OnFrame(step, connection, *frame);
  }
  if (connection.stage == Stage::kClosing) return std::nullopt;
  if (!reader.status().ok()) {
    const bool too_large = CodeOf(reader.status()) == Code::kTooLarge;
    step.Violate(connection, CodeOf(reader.status()),
                 too_large ? CloseCode::kTooLarge : CloseCode::kMalformed);
  } else if (number == 0) {
    // It would cost its sender nothing, not even a token.
    step.Violate(connection, Code::kMalformed, CloseCode::kMalformed);
  }
  return std::nullopt;
}

// Whoever holds too much of what there is room for says it again another time.
void GiveUpUnread(Step& step, const PeerNetwork& peer) {
  while (const auto victim = step.state.unread.Victim(peer)) {
    step.state.unread.ReleaseAll(*victim);
    Connection* const connection = step.state.Find(*victim);
    if (connection == nullptr) continue;
    connection->unread.clear();
    step.Refuse(*connection, 0, Code::kWouldBlock);
    step.Close(*connection, CloseCode::kTryAgainLater);
  }
}

void Keep(Step& step, Connection& connection, ByteView message) {
  connection.unread.push_back(ToBytes(message));
  step.state.unread.Add(connection.id, connection.peer.network, message.size());
  GiveUpUnread(step, connection.peer.network);
}

}  // namespace

void ReadMessage(Step& step, Connection& connection, ByteView message) {
  if (connection.stage == Stage::kClosing) return;
  if (!connection.unread.empty()) return Keep(step, connection, message);
  const auto next = WorkOn(step, connection, message, 0);
  if (!next) return;
  connection.first_unread = *next;
  Keep(step, connection, message);
}

void ReadOn(Step& step, Connection& connection) {
  while (!connection.unread.empty() && !connection.IsHeld()) {
    Bytes message = std::move(connection.unread.front());
    connection.unread.pop_front();
    const auto next = WorkOn(step, connection, message, connection.first_unread);
    connection.first_unread = next.value_or(0);
    if (next) {
      connection.unread.push_front(std::move(message));
    } else {
      step.state.unread.Release(connection.id, message.size());
    }
  }
  step.SetReading(connection, true);
}

void ReleaseHeldForRate(Step& step) {
  const BucketSpec spec = kFrameBucket.Scaled(step.state.config.rate_scale);
  std::vector<Connection*> released;
  for (const ConnectionId id : step.state.held_for_rate) {
    Connection* const connection = step.state.Find(id);
    if (connection != nullptr && connection->frames.HasToken(spec, step.now)) {
      released.push_back(connection);
    }
  }
  for (Connection* const connection : released) {
    step.state.held_for_rate.erase(connection->id);
    connection->held_for_rate = false;
    ReadOn(step, *connection);
  }
}

}  // namespace pawl::relay
