#ifndef PAWL_CLIENT_ENGINE_OWN_DEVICES_H_
#define PAWL_CLIENT_ENGINE_OWN_DEVICES_H_

#include <vector>

#include "client/engine/batch.h"
#include "wire/content_builder.h"

namespace pawl::client {

// What one device of an account tells the others, each after a random delay (DESIGN §7). All of it
// is nothing when there are no others.

// A longer wait would not hide more, and the other devices would show an old conversation.
constexpr Duration kMaxOwnCopyDelay = Hours(1);
// When a copy that is sealed now may leave: drawn anew for each. It is stored with the envelope, so
// that a restart does not shorten it.
Timestamp OwnCopyTime(Batch& batch);
// When an answer to a device of that account may: to our own as a copy, so that the relay cannot
// tell by the clock whose devices they are.
Timestamp AnswerTime(Batch& batch, const identity::Address& account);

// A message that this device sent to `to`.
absl::Status CopyToOwnDevices(Batch& batch, const identity::Address& to, const MessageId& message,
                              ByteView content);
// A contact as this device has it now.
absl::Status SyncContact(Batch& batch, const identity::Address& address);
// All of them, to one that lost its state.
absl::Status SyncAllContacts(Batch& batch, const identity::DeviceAddress& to);
absl::Status SyncRead(Batch& batch, const identity::Address& peer,
                      const std::vector<MessageId>& messages);

// The same from another device of ours.
absl::Status OnSyncSent(Batch& batch, DeviceId from, const wire::fb::SyncSent& body);
absl::Status OnSyncContact(Batch& batch, DeviceId from, const wire::fb::SyncContact& body);
absl::Status OnSyncRead(Batch& batch, const wire::fb::SyncRead& body);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_OWN_DEVICES_H_
