#ifndef PAWL_STORE_TRANSFERS_H_
#define PAWL_STORE_TRANSFERS_H_

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/status.h"
#include "crypto/secret.h"
#include "store/gateway.h"
#include "store/ids.h"

namespace pawl::store {

enum class TransferKind : uint8_t { kUpload = 1, kDownload = 2 };
enum class TransferState : uint8_t {
  kActive = 1,  // to be moved on
  kPaused = 2,
  kDone = 3,
  kFailed = 4,  // with `failure`
};

// One attachment on its way. Sizes in bytes.
struct TransferRow {
  TransferId id;
  TransferKind kind = TransferKind::kUpload;
  TransferState state = TransferState::kActive;
  Code failure = Code::kOk;
  ConversationId conversation;
  MessageId message;   // the message that points, or will point, to the blob
  std::string sender;  // account address of that message
  BlobId blob;
  std::string path;  // source (upload) or destination (download) on this machine
  std::string name;
  std::string media_type;
  uint64_t size = 0;         // plaintext
  uint64_t padded_size = 0;  // plaintext with padding
  uint64_t done = 0;         // bytes that need not move again
  crypto::SecretBytes key;
  ByteArray<32> root{};            // upload: known once all is sealed
  crypto::SecretBytes checkpoint;  // client/attachment's own: chunk hashes, source's stamp, …
  crypto::SecretBytes content;     // upload: the pointer message to finish and send; may be empty
  uint32_t attempts = 0;
  Timestamp not_before;
  Timestamp created_at;
  // Upload: whose hash is the blob's owner; empty: begun by a release that uploaded in the
  // account's name.
  crypto::SecretBytes secret;
  bool begun = false;  // the relay has said that it is begun, and so paid
};

// What moving on changes; `checkpoint` is bound where it lies.
struct TransferProgress {
  TransferId id;
  uint64_t done = 0;
  ByteView checkpoint;
};

class Transfers : Gateway {
 public:
  using Gateway::Gateway;
  absl::StatusOr<TransferId> Insert(
      const TransferRow& row);  // the row's id is ignored and assigned
  absl::StatusOr<std::optional<TransferRow>> Find(TransferId id);
  // Of messages with this id, by row id; at most 16.
  absl::StatusOr<std::vector<TransferRow>> LoadMessage(const MessageId& message);
  // By id.
  absl::StatusOr<std::vector<TransferRow>> LoadState(TransferState state);
  absl::Status Save(const TransferRow& row);                                            // kNotFound
  absl::Status Progress(const TransferProgress& progress);                              // kNotFound
  absl::Status SetState(TransferId id, TransferState state, Code failure = Code::kOk);  // kNotFound
  // From now on the upload is another blob, which nothing has been paid for yet.
  absl::Status SetBlob(TransferId id, const BlobId& blob,
                       const crypto::SecretBytes& secret);     // kNotFound
  absl::Status SetBegun(TransferId id, bool begun);            // kNotFound
  absl::Status SetAttempts(TransferId id, uint32_t attempts);  // kNotFound
  absl::Status Erase(TransferId id);
};

}  // namespace pawl::store

#endif  // PAWL_STORE_TRANSFERS_H_
