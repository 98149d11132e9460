#ifndef PAWL_CLIENT_ENGINE_TRANSFER_H_
#define PAWL_CLIENT_ENGINE_TRANSFER_H_

#include <string>
#include <variant>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "crypto/stream_aead.h"

namespace pawl::client {

// Files stream in the runner's worker (client/attachment); the engine keeps the rows that make them
// durable. A transfer is named by its message. After a restart every unfinished one is started
// again with its last checkpoint.

// --- Effects: jobs for the worker ---

// Whoever knows it goes on with the upload, or deletes the blob. Each blob has its own, and no
// recipient learns it.
using BlobSecret = crypto::Secret<struct BlobSecretTag, 32>;

struct StartUpload {
  MessageId message{};
  std::string path{};
  BlobId blob{};  // chosen and durable before the first byte leaves
  crypto::BlobKey key;
  Bytes checkpoint{};  // the worker's own, from its last UploadCheckpoint; empty: from the start
  BlobSecret secret = BlobSecret::Zero();  // durable, as the blob
  bool begun = false;                      // and paid, as far as is known
  bool shown = false;                      // it may be: an earlier process had what pays for it
};
// The answer to UploadUnpaid: quota tokens, encoded, that are this upload's alone from now on.
struct PayUpload {
  MessageId message{};
  crypto::SecretBytes tokens{};
};
struct StartDownload {
  MessageId message{};
  std::string path{};
  BlobId blob{};
  crypto::BlobKey key;
  crypto::Hash32 root{};
  uint64_t size = 0;         // of the file
  uint64_t padded_size = 0;  // of what was sealed
  Bytes checkpoint{};
};
struct StopTransfer {
  MessageId message{};
};
// The end of an upload is durable: what the worker kept to go on with it is of no use any more.
struct ForgetUpload {
  MessageId message{};
};
using TransferJob = std::variant<StartUpload, PayUpload, StartDownload, StopTransfer, ForgetUpload>;

// --- Inputs: what the worker reports ---

// Durable progress, at the worker's pace (every few MiB); `done` of `total` becomes kProgress.
struct TransferCheckpoint {
  MessageId message{};
  Bytes checkpoint{};
  uint64_t done = 0;
  uint64_t total = 0;
};
// The upload cannot begin before it is paid: by what it was given already, in an earlier process,
// or by other tokens.
struct UploadUnpaid {
  MessageId message{};
  uint64_t size = 0;   // of the blob
  uint64_t total = 0;  // of the file
  // Why the relay did not take those that it was given; kOk: none were shown, or it has forgotten
  // the upload that they paid for.
  Code refused = Code::kOk;
};
// The relay has begun it: the tokens are spent.
struct UploadBegun {
  MessageId message{};
};
// The blob is committed at the relay: the pointer message goes out now.
struct UploadFinished {
  MessageId message{};
  crypto::Hash32 root{};
  uint64_t size = 0;
  uint64_t padded_size = 0;
};
// The file stands at its path, every chunk and the root verified.
struct DownloadFinished {
  MessageId message{};
};
// For good; what may pass (no connection, relay busy) the worker waits out itself.
struct TransferFailed {
  MessageId message{};
  Code code = Code::kInternal;
  Duration retry_after{};  // what the relay said with it, if anything
};

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_TRANSFER_H_
