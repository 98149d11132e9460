#ifndef PAWL_CLIENT_ENGINE_DEVICES_H_
#define PAWL_CLIENT_ENGINE_DEVICES_H_

#include "client/engine/batch.h"
#include "identity/device_list.h"
#include "session/devices.h"
#include "store/outbox.h"

namespace pawl::client {

// A newer list of an account took the place of an older one: devices that are gone are forgotten
// with their sessions and with what waits for them, new ones are told to the app.
absl::Status FollowDevices(Batch& batch, const identity::Address& account,
                           const identity::DeviceList& before, const identity::DeviceList& after);
// All devices of a list that counts no more (another identity took its place).
absl::Status DropDevices(Batch& batch, const identity::Address& account,
                         const identity::DeviceList& list);

// What waits in the outbox, or for list or prekeys, ends; a message that no device can get any more
// is failed with `code`.
absl::Status FailQueued(Batch& batch, const identity::DeviceAddress& to, Code code);
absl::Status FailWaiting(Batch& batch, const identity::DeviceAddress& to, Code code);
absl::Status FailRow(Batch& batch, const store::OutboxRow& row, Code code);
absl::Status FailPendingRow(Batch& batch, const store::PendingRow& row, Code code);

// The message is at the relay if nothing of it is still on this side, for whatever device.
absl::Status NoteAtRelay(Batch& batch, const identity::Address& peer,
                         const ConversationId& conversation, const MessageId& message);

// What of it has not left for one device is held up: the app hears why, unless the message has
// reached another device meanwhile.
absl::Status NoteHeldUp(Batch& batch, const identity::Address& peer,
                        const ConversationId& conversation, const MessageId& message, Code code);

// A device as its account's verified list names it. kNotFound: no list; kDeviceNotListed.
absl::StatusOr<session::RemoteDevice> RemoteOf(const Batch& batch,
                                               const identity::DeviceAddress& device);

// The relay's answers to TakePrekeys: verified against the list, a session is begun and what waits
// for it is sealed.
absl::Status OnPrekeys(Batch& batch, const identity::DeviceAddress& device,
                       const PrekeyRecords& records);
absl::Status OnPrekeysRefused(Batch& batch, const identity::DeviceAddress& device,
                              const Refused& refused);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_DEVICES_H_
