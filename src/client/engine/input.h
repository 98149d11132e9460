#ifndef PAWL_CLIENT_ENGINE_INPUT_H_
#define PAWL_CLIENT_ENGINE_INPUT_H_

#include <variant>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/status.h"
#include "client/engine/command.h"
#include "client/engine/relay_call.h"
#include "client/engine/transfer.h"

namespace pawl::client {

// --- From the connections. Everything here is the relay's word: hostile until proven. ---

// The channel is ready for calls. For kDevice: after authentication, with what READY said.
struct ChannelUp {
  Channel channel = Channel::kAnonymous;
  uint32_t one_time_left = 0;  // prekeys of this device still at the relay
  uint32_t list_version = 0;   // of our own account
  DeviceEpoch epoch{};         // of this device; 0: none put yet
  Bytes note{};                // what PutNote left there, or empty
  Bytes epoch_record{};        // of this device, unverified, or empty
};
// Calls without a reply are lost and will be repeated. `code`: why; kOk: closed on purpose.
struct ChannelDown {
  Channel channel = Channel::kAnonymous;
  Code code = Code::kDisconnected;
  Timestamp retry_at = kNever;
};
// The transport is trying; for the kConnection event alone.
struct ChannelConnecting {
  Channel channel = Channel::kDevice;
};
// One envelope of our mailbox; `bytes` is borrowed for the Step.
struct EnvelopeArrived {
  MailboxCursor cursor{};
  EnvelopeId id{};
  Timestamp received_at{};  // by the relay's clock
  ByteView bytes{};
};
// The backlog is drained.
struct MailboxEmpty {};

// Nothing but time passed: NextDeadline() has come.
struct TimePassed {};

// Inputs are read, not consumed: after a failed Step the same ones can be stepped again.
using Input = std::variant<TimePassed, Command, ChannelUp, ChannelDown, ChannelConnecting, Reply,
                           EnvelopeArrived, MailboxEmpty, TransferCheckpoint, UploadUnpaid,
                           UploadBegun, UploadFinished, DownloadFinished, TransferFailed>;

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_INPUT_H_
