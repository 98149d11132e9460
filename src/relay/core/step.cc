#include "relay/core/step.h"

namespace pawl::relay {
namespace {

// What a client is told of the storage's troubles: whether to come back, not what broke.
Code ForClient(Code code) {
  switch (static_cast<int32_t>(code) / 100) {
    case 4:
      return code == Code::kDiskFull ? code : Code::kStorage;
    case 9:
      return Code::kStorage;
    default:
      return code;
  }
}

Duration RetryAfter(Code code) {
  if (code == Code::kDiskFull) return kRetryDiskFull;
  if (code == Code::kStorage) return kRetryStorage;
  if (code == Code::kWouldBlock) return kRetryBusy;
  if (code == Code::kQuotaExceeded) return kRetryMailboxFull;
  if (code == Code::kRateLimited) return kRetryUploads;  // said by the storage of nothing else
  return Duration();
}

constexpr size_t kMaxIdleWriters = 16;

}  // namespace

Step::~Step() {
  for (const ConnectionId id : spoken_to_) {
    if (Connection* connection = state.Find(id)) Flush(*connection);
  }
}

wire::FrameWriter& Step::WriterOf(Connection& connection) {
  if (connection.writer == nullptr) {
    if (state.idle_writers.empty()) {
      state.idle_writers.push_back(std::make_unique<wire::FrameWriter>(state.config.headroom));
    }
    connection.writer = std::move(state.idle_writers.back());
    state.idle_writers.pop_back();
    spoken_to_.push_back(connection.id);
  }
  return *connection.writer;
}

void Step::Flush(Connection& connection) {
  if (connection.writer == nullptr) return;
  if (!connection.writer->empty()) {
    effects_.sends.push_back({connection.id, connection.writer->Take()});
  }
  if (state.idle_writers.size() < kMaxIdleWriters) {
    state.idle_writers.push_back(std::move(connection.writer));
  }
  connection.writer.reset();
}

void Step::Refuse(Connection& to, uint64_t req, Code code) {
  const Code told = ForClient(code);
  if (told == Code::kStorage || told == Code::kDiskFull) ++state.stats.storage_failures;
  Refuse(to, req, told, RetryAfter(told));
}

void Step::Refuse(Connection& to, uint64_t req, Code code, Duration retry_after) {
  Say(to, wire::Error{req, code, retry_after});
}

void Step::Violate(Connection& connection, Code code, CloseCode close) {
  ++state.stats.protocol_violations;
  Refuse(connection, 0, code, Duration());
  Close(connection, close);
}

void Step::Close(Connection& connection, CloseCode code) {
  if (connection.stage == Stage::kClosing) return;
  Flush(connection);
  connection.stage = Stage::kClosing;
  effects_.closes.push_back({connection.id, code});
}

engine::OpId Step::Submit(engine::Op op, Pending pending) {
  const engine::OpId id(++state.last_op);
  state.pending_bytes += pending.bytes;
  state.pending.emplace(id, std::move(pending));
  effects_.requests.push_back({id, std::move(op)});
  return id;
}

bool Step::Ask(Connection& connection, Purpose purpose, uint64_t req, engine::Op op, size_t bytes) {
  const bool full = state.pending.size() >= kMaxOutstandingRequests ||
                    (bytes > 0 && state.pending_bytes >= kMaxOutstandingBytes);
  if (full && purpose != Purpose::kAcknowledge) {
    Refuse(connection, req, Code::kWouldBlock);
    return false;
  }
  Pending pending;
  pending.connection = connection.id;
  pending.purpose = purpose;
  pending.req = req;
  pending.bytes = bytes;
  pending.counted = true;
  ++connection.unanswered;
  connection.unanswered_bytes += bytes;
  Submit(std::move(op), std::move(pending));
  const bool hold = connection.unanswered >= kMaxUnansweredRequests ||
                    connection.unanswered_bytes >= kMaxUnansweredBytes;
  if (hold && !connection.held_for_answers) {
    connection.held_for_answers = true;
    SetReading(connection, false);
  }
  return true;
}

bool Step::AskPassing(Connection& connection, uint64_t req, engine::Op op, Passing passing) {
  const size_t bytes = 2 * passing.envelope.size();
  if (!Ask(connection, Purpose::kSend, req, std::move(op), bytes)) return false;
  state.pending.find(engine::OpId(state.last_op))->second.passing =
      std::make_unique<Passing>(std::move(passing));
  return true;
}

bool Step::AskIssuing(Connection& connection, uint64_t req, engine::Op op, Issuing issuing) {
  const size_t bytes = issuing.blinded.size();
  if (!Ask(connection, Purpose::kTokenIssue, req, std::move(op), bytes)) return false;
  state.pending.find(engine::OpId(state.last_op))->second.issuing =
      std::make_unique<Issuing>(std::move(issuing));
  return true;
}

void Step::AskSelf(ConnectionId connection, Purpose purpose, engine::Op op) {
  Pending pending;
  pending.connection = connection;
  pending.purpose = purpose;
  Submit(std::move(op), std::move(pending));
}

bool Step::TakeToken(Connection& connection, uint64_t req, const BucketKey& key,
                     const BucketSpec& spec) {
  const Duration wait = state.buckets.Take(key, spec.Scaled(state.config.rate_scale), now);
  if (wait.ms == 0) return true;
  ++state.stats.rate_limited;
  Refuse(connection, req, Code::kRateLimited, wait);
  return false;
}

void Step::SetReading(Connection& connection, bool on) {
  if (on && (connection.IsHeld() || !connection.unread.empty())) return;
  effects_.readings.push_back({connection.id, on});
}

}  // namespace pawl::relay
