#ifndef PAWL_CLIENT_ENGINE_OUTBOUND_H_
#define PAWL_CLIENT_ENGINE_OUTBOUND_H_

#include "client/engine/batch.h"
#include "wire/content.h"

namespace pawl::client {

// The life of a message of ours on this side: a row in history, an event, and one envelope for each
// device that is to have it.

// Whether anything may be sent to them now: kWrongState, kBlocked, kIdentityChanged,
// kQuotaExceeded.
absl::Status CheckRecipient(const Batch& batch, const identity::Address& to);
// `from`: the device of ours that wrote it. kAlreadyExists when it is there.
absl::Status InsertOwnMessage(Batch& batch, const identity::Address& to, ByteView content,
                              const wire::fb::Content& parsed, store::MessageState state,
                              DeviceId from);
// Fans out: the recipient's devices (a contact request before it, to a stranger) and our own.
absl::Status DispatchMessage(Batch& batch, const identity::Address& to, const MessageId& message,
                             ByteView content);
absl::Status RecordQueued(Batch& batch, const identity::Address& to, const MessageId& message,
                          store::MessageState state);
// The conversation exists and was active now.
absl::Status TouchConversation(Batch& batch, const ConversationId& conversation,
                               const identity::Address& peer, uint32_t unread);
// What a message does to those before it: a deletion erases the content of one by the same sender.
absl::Status ApplyToHistory(Batch& batch, const identity::Address& peer,
                            const identity::Address& sender, const wire::fb::Content& content);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_OUTBOUND_H_
