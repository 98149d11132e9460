#ifndef PAWL_RELAY_ENGINE_BLOB_OPS_H_
#define PAWL_RELAY_ENGINE_BLOB_OPS_H_

#include "base/bytes.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/status.h"
#include "relay/engine/mail_ops.h"

namespace pawl::relay::engine {

// Blobs: opaque bytes that a device uploads in order, committed once, then read by whoever knows
// the id.

// Reserves `size` bytes of the account's quota, or finds an upload to go on with.
struct BeginBlob {
  MailboxRef mailbox;  // the uploading device's
  BlobId id;
  uint64_t size = 0;
  Timestamp now;
  Timestamp expires;  // unless it is committed
};
struct BlobBegun {
  // kQuotaExceeded; kRateLimited: too many uploads are open; kAlreadyExists: another account's, or
  // begun with another size; kNotFound.
  Code code = Code::kOk;
  uint64_t offset = 0;  // held so far; `size` when committed
};

struct AppendBlob {
  MailboxRef mailbox;
  BlobId id;
  uint64_t offset = 0;
  Bytes bytes;
};
struct BlobAppended {
  // kWrongState: `offset` is beyond what is held, the chunk goes past the size, or it was not
  // begun.
  Code code = Code::kOk;
  uint64_t held = 0;  // survives the end of this process; the machine's only after the commit
};

struct CommitBlob {
  MailboxRef mailbox;
  BlobId id;
  // From then on it is gone; a time before BeginBlob's changes nothing.
  Timestamp expires = Timestamp();
};
struct BlobCommitted {
  Code code = Code::kOk;  // kWrongState: bytes are missing; kNotFound
  uint64_t size = 0;      // all of it on the disk
};

struct ReadBlob {
  BlobId id;
  uint64_t offset = 0;
  uint32_t max = 0;
  Timestamp now;
};
struct BlobRead {
  Code code = Code::kOk;  // kNotFound: unknown, not committed, expired; kInvalidArgument: offset
                          // beyond the end
  uint64_t offset = 0;
  uint64_t total = 0;
  Bytes bytes;
};

struct DeleteBlob {
  MailboxRef mailbox;
  BlobId id;
};
struct BlobDeleted {
  Code code = Code::kOk;  // kNotFound when it is another account's; ok when there is none
};

}  // namespace pawl::relay::engine

#endif  // PAWL_RELAY_ENGINE_BLOB_OPS_H_
