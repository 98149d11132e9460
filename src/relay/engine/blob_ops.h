#ifndef PAWL_RELAY_ENGINE_BLOB_OPS_H_
#define PAWL_RELAY_ENGINE_BLOB_OPS_H_

#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/status.h"
#include "relay/engine/mail_ops.h"

namespace pawl::relay::engine {

// Blobs: opaque bytes that somebody uploads in order, committed once, then read by whoever knows
// the id.

// Whose a blob is: a device's account, or whoever knows the secret behind a hash, which is nobody's
// name.
struct BlobOwner {
  BlobOwner() = default;
  BlobOwner(MailboxRef device) : mailbox(device) {}  // NOLINT(google-explicit-constructor)
  explicit BlobOwner(const ByteArray<32>& secret_hash) : hash(secret_hash) {}

  MailboxRef mailbox{};  // the uploading device's; 0: see `hash`
  std::optional<ByteArray<32>> hash{};
};
// A quota token that pays for an upload: good once.
struct SpentToken {
  uint32_t period = 0;
  ByteArray<16> serial{};
};

// Reserves `size` bytes of the account's quota, takes the tokens, or finds an upload to go on with:
// then nothing is reserved or taken, and one that was paid with tokens has time until `expires`
// again.
struct BeginBlob {
  BlobOwner owner;
  BlobId id;
  uint64_t size = 0;
  Timestamp now;
  Timestamp expires;   // unless it is committed
  Timestamp latest{};  // however often it is begun again; as it was first said
  std::vector<SpentToken> tokens{};
  Code unpaid = Code::kOk;  // why they do not pay, should it not be begun already
};
struct BlobBegun {
  // kQuotaExceeded: too little is left; `unpaid`; kReplayed, kExpired: a token was taken before, or
  // may have been;
  // kRateLimited: too many uploads are open; kAlreadyExists: another owner's, or begun with another
  // size; kNotFound.
  Code code = Code::kOk;
  uint64_t offset = 0;  // held so far; `size` when committed
};

struct AppendBlob {
  BlobOwner owner;
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
  BlobOwner owner;
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
  BlobOwner owner;
  BlobId id;
  bool restart = false;  // only what is held: the upload stays begun
};
struct BlobDeleted {
  // kNotFound when it is another owner's; kWrongState: committed, it cannot be restarted; ok when
  // there is none.
  Code code = Code::kOk;
};

}  // namespace pawl::relay::engine

#endif  // PAWL_RELAY_ENGINE_BLOB_OPS_H_
