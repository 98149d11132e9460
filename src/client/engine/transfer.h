#ifndef PAWL_CLIENT_ENGINE_TRANSFER_H_
#define PAWL_CLIENT_ENGINE_TRANSFER_H_

#include <string>
#include <variant>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "crypto/stream_aead.h"

namespace pawl::client {

// Files stream in the runner's worker (client/attachment); the engine keeps the rows that make them
// durable. A transfer is named by its message. After a restart every unfinished one is started
// again with its last checkpoint.

// --- Effects: jobs for the worker ---

struct StartUpload {
  MessageId message{};
  std::string path{};
  BlobId blob{};  // chosen and durable before the first byte leaves
  crypto::BlobKey key;
  Bytes checkpoint{};  // the worker's own, from its last UploadCheckpoint; empty: from the start
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
using TransferJob = std::variant<StartUpload, StartDownload, StopTransfer, ForgetUpload>;

// --- Inputs: what the worker reports ---

// Durable progress, at the worker's pace (every few MiB); `done` of `total` becomes kProgress.
struct TransferCheckpoint {
  MessageId message{};
  Bytes checkpoint{};
  uint64_t done = 0;
  uint64_t total = 0;
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
};

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_TRANSFER_H_
