#ifndef PAWL_CLIENT_ENGINE_FANOUT_H_
#define PAWL_CLIENT_ENGINE_FANOUT_H_

#include <optional>

#include "base/bytes.h"
#include "client/engine/batch.h"
#include "identity/device_list.h"
#include "store/outbox.h"

namespace pawl::client {

// One content on its way to devices. Borrows.
struct Outgoing {
  ByteView content{};
  ConversationId conversation{};
  store::OutboxClass cls = store::OutboxClass::kControl;
  MessageId message{};  // kMessage alone: the app hears what becomes of it
  Timestamp not_before{};
  std::optional<Timestamp>
      expires_at{};  // of what was to leave before; none: envelope_ttl from now
};

// The list by which an account's devices are known: its own row's or ours; null when none is.
const identity::DeviceList* ListOf(const Batch& batch, const identity::Address& account);

// To every device of the account but this one: sealed into the outbox where there is a session and
// nothing waits before it, else kept until list or prekeys have been fetched. Order per device is
// the order of the calls.
absl::Status SendToAccount(Batch& batch, const identity::Address& account, const Outgoing& out);
absl::Status SendToDevice(Batch& batch, const identity::DeviceAddress& to, const Outgoing& out);

// Content that waits may go on: the list came, a session began, the identity was accepted.
absl::Status ResolveAccount(Batch& batch, const identity::Address& account);
absl::Status ResolveDevice(Batch& batch, const identity::DeviceAddress& to);

// Why what waits for the device has to wait; the app hears it once per message. `not_before`: the
// next try.
absl::Status Postpone(Batch& batch, const identity::DeviceAddress& to, store::PendingReason reason,
                      Code code, Timestamp not_before);

// The session to send to a device on; null when a fresh one is needed: there is none, too many
// messages on it are unanswered, or its handshake stayed unanswered for too long.
const SessionEntry* SendableSession(const Batch& batch, const identity::DeviceAddress& to);

// Seals on that session and commits the step with this Step, without an outbox row: for what may be
// lost (typing). kNotFound without a session.
absl::StatusOr<Bytes> SealOnly(Batch& batch, const identity::DeviceAddress& to, ByteView content);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_FANOUT_H_
