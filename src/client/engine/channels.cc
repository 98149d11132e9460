#include "client/engine/own_prekeys.h"
#include "client/engine/reducers.h"
#include "client/engine/setup.h"
#include "client/engine/standing.h"

namespace pawl::client {
namespace {

void Tell(Batch& batch, ConnectionState state, Code code = Code::kOk, Timestamp retry_at = kNever) {
  Event event;
  event.kind = EventKind::kConnection;
  event.at = batch.now;
  event.connection = state;
  event.code = code;
  event.retry_at = retry_at;
  batch.effects.events.push_back(std::move(event));
}

// Whoever is behind the relay's list of our own devices, or ahead of it, must look.
void CompareList(Batch& batch, uint32_t at_relay) {
  const uint32_t ours = batch.self->list.ref().version;
  if (at_relay == ours) return;
  // A put of ours that was taken and whose answer was lost: the same record again is acknowledged.
  if (batch.duties[Duty::kPutList].due && at_relay == ours + 1) return;
  batch.HintList(batch.own_address());
}

}  // namespace

absl::Status Reduce(Batch& batch, const ChannelUp& input) {
  if (input.channel == Channel::kAnonymous) {
    batch.anonymous_up = true;
    return OkStatus();
  }
  batch.device_up = true;
  Tell(batch, ConnectionState::kCatchingUp);
  if (!batch.self) return OkStatus();
  CompareList(batch, input.list_version);
  batch.relay_epoch = input.epoch;
  if (input.epoch < batch.self->device.epoch) PAWL_TRY(PutEpochAgain(batch));
  PAWL_TRY(ReviewStanding(batch, input));
  batch.one_time_left = input.one_time_left;
  return TopUpAtTheirWord(batch);
}

absl::Status Reduce(Batch& batch, const ChannelDown& input) {
  if (input.channel == Channel::kAnonymous) {
    batch.anonymous_up = false;
    batch.anonymous_lost = true;
    return OkStatus();
  }
  batch.device_up = false;
  batch.device_lost = true;
  // What was delivered and not acknowledged comes again with the next connection.
  batch.parked.clear();
  for (const auto& [id, envelope] : batch.state.parked.envelopes) batch.unparked.push_back(id);
  if (input.code == Code::kOk) {
    Tell(batch, ConnectionState::kOffline);
  } else if (input.retry_at == kNever) {
    Tell(batch, ConnectionState::kStopped, input.code);
  } else {
    Tell(batch, ConnectionState::kWaiting, input.code, input.retry_at);
  }
  return OkStatus();
}

absl::Status Reduce(Batch& batch, const ChannelConnecting& input) {
  if (input.channel == Channel::kDevice) Tell(batch, ConnectionState::kConnecting);
  return OkStatus();
}

absl::Status Reduce(Batch& batch, const MailboxEmpty&) {
  Tell(batch, ConnectionState::kOnline);
  return OkStatus();
}

}  // namespace pawl::client
