#ifndef PAWL_CLIENT_RUNNER_TRANSFER_HOST_H_
#define PAWL_CLIENT_RUNNER_TRANSFER_HOST_H_

#include <cstdint>
#include <string>

#include "absl/functional/any_invocable.h"
#include "base/rng.h"
#include "base/status.h"
#include "client/engine/input.h"
#include "wire/client_frames.h"

namespace pawl::runner {

class Transfer;

// What a request of a transfer was about, kept until its answer.
struct RequestTag {
  enum class What : uint8_t { kBegin, kChunk, kCommit, kDelete, kGet };
  What what = What::kBegin;
  uint64_t offset = 0;
  uint32_t epoch = 0;
};

// A disk job: runs on the IO worker, gives back what runs then on the client's thread, unless the
// transfer is gone by that time.
using DiskAnswer = absl::AnyInvocable<void(Transfer& transfer, Timestamp now)>;
using DiskJob = absl::AnyInvocable<DiskAnswer()>;

// What a transfer may ask for.
class TransferHost {
 public:
  virtual ~TransferHost() = default;
  // kWouldBlock, kDisconnected: nothing was sent.
  virtual absl::Status Request(const wire::BlobBegin& frame, RequestTag tag, Timestamp now) = 0;
  virtual absl::Status Request(const wire::BlobChunk& frame, RequestTag tag, Timestamp now) = 0;
  virtual absl::Status Request(const wire::BlobCommit& frame, RequestTag tag, Timestamp now) = 0;
  virtual absl::Status Request(const wire::BlobDelete& frame, RequestTag tag, Timestamp now) = 0;
  virtual absl::Status Request(const wire::BlobGet& frame, RequestTag tag, Timestamp now) = 0;
  virtual void OnDisk(DiskJob job) = 0;
  // To the engine.
  virtual void Report(client::Input input) = 0;
  // To the app.
  virtual void Progress(const MessageId& message, uint64_t done, uint64_t total, Code obstacle,
                        Timestamp retry_at) = 0;
  // For this thread, and one for disk jobs.
  virtual Rng& rng() = 0;
  virtual Rng& disk_rng() = 0;
};

}  // namespace pawl::runner

#endif  // PAWL_CLIENT_RUNNER_TRANSFER_HOST_H_
