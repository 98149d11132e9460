#ifndef PAWL_BASE_IDS_H_
#define PAWL_BASE_IDS_H_

#include <cstdint>

#include "base/bytes.h"
#include "base/strong_alias.h"

namespace pawl {

// A device of an account: `name@domain/<id>`. 0 is a valid wire value for nobody: ids start at 1.
using DeviceId = StrongAlias<struct DeviceIdTag, uint32_t>;
// Raised by the device whenever it re-keys itself; starts at 1.
using DeviceEpoch = StrongAlias<struct DeviceEpochTag, uint32_t>;
// 128 random bits, chosen by the sender when a message is enqueued; the same for every recipient
// device.
using MessageId = StrongAlias<struct MessageIdTag, ByteArray<16>>;
// 128 random bits, fresh for every envelope, fixed when it is sealed: the relay's idempotency key.
using EnvelopeId = StrongAlias<struct EnvelopeIdTag, ByteArray<16>>;
// 128 bits naming a conversation; for two people both sides derive the same one from their
// addresses.
using ConversationId = StrongAlias<struct ConversationIdTag, ByteArray<16>>;
// 256 random bits naming a blob at the relay; knowing it is the capability to read it.
using BlobId = StrongAlias<struct BlobIdTag, ByteArray<32>>;
// Local to one store: a row of the session table.
using SessionId = StrongAlias<struct SessionIdTag, int64_t>;
// Position in a client's inbox; 0 marks an ephemeral event.
using InboxSeq = StrongAlias<struct InboxSeqTag, uint64_t>;
// Names one asynchronous request of a client until its completion event.
using RequestId = StrongAlias<struct RequestIdTag, uint64_t>;
// Relay's position of an envelope in a mailbox; monotone, gaps allowed, never reused.
using MailboxCursor = StrongAlias<struct MailboxCursorTag, int64_t>;

}  // namespace pawl

#endif  // PAWL_BASE_IDS_H_
