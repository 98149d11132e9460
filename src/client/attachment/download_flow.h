#ifndef PAWL_CLIENT_ATTACHMENT_DOWNLOAD_FLOW_H_
#define PAWL_CLIENT_ATTACHMENT_DOWNLOAD_FLOW_H_

#include <deque>
#include <optional>
#include <variant>

#include "base/clock.h"
#include "base/rng.h"
#include "base/status.h"
#include "client/attachment/layout.h"
#include "client/attachment/retry.h"

namespace pawl::attachment {

// The network side of a download: which pieces to ask for, and in which order the disk gets them.
// Pure.
//
//   kResuming --disk: chunks so far--> kMoving --all taken--> kFinishing --disk--> kDone
//   kFailed: from everywhere, for good.
class DownloadFlow {
 public:
  // Chunks asked for and not yet on disk: half a MiB.
  static constexpr size_t kWindow = 8;
  // Chunks between two syncs: 4 MiB may be fetched again after a power cut.
  static constexpr uint64_t kSyncEvery = 64;

  explicit DownloadFlow(const Layout& layout) : layout_(layout) {}

  // --- what to do: each once; the answer comes below ---
  struct Resume {};
  struct Fetch {
    uint64_t offset = 0;
    uint32_t size = 0;
  };
  struct Take {  // Download::Take, the bytes move out
    Bytes sealed;
  };
  struct Sync {};
  struct Finish {};
  using Action = std::variant<Resume, Fetch, Take, Sync, Finish>;
  std::optional<Action> Next(Timestamp now);
  void Refused(const Fetch& fetch);
  void RoomAgain() { blocked_ = false; }

  // --- the channel ---
  void ChannelUp();
  void ChannelDown();

  // --- the relay's answers; those to requests of an earlier epoch() must not be passed on ---
  uint32_t epoch() const { return epoch_; }
  void Fetched(uint64_t offset, uint64_t total, ByteView bytes);
  void RequestFailed(Code code, Duration retry_after, Timestamp now, Rng& rng);

  // --- the disk's answers ---
  void Resumed(bool complete, uint64_t chunks);
  void Taken();
  void Synced() { disk_busy_ = false; }
  void Finished();
  void DiskFailed(Code code, Timestamp now, Rng& rng);

  bool done() const { return state_ == State::kDone; }
  bool failed() const { return state_ == State::kFailed; }
  Code failure() const { return failure_; }
  // What the relay said with it: when it may have passed; 0: it did not say.
  Duration retry_after() const { return retry_after_; }
  Code obstacle() const { return retry_.cause(); }
  Timestamp deadline() const { return retry_.at(); }
  uint64_t chunks_taken() const { return taken_; }

 private:
  enum class State { kResuming, kMoving, kFinishing, kDone, kFailed };
  struct Waiting {
    uint64_t index = 0;
    Bytes sealed{};
    bool asked = false;
    bool here = false;
  };

  std::optional<Action> NextMove();
  void FailFor(Code code);

  Layout layout_;
  State state_ = State::kResuming;
  bool up_ = false;
  bool disk_busy_ = false;  // one question at a time
  bool blocked_ = false;
  uint32_t epoch_ = 0;
  uint64_t next_ = 0;   // the first chunk not in the window
  uint64_t taken_ = 0;  // chunks on disk
  uint64_t synced_ = 0;
  std::deque<Waiting> window_;
  Retry retry_;
  Code failure_ = Code::kOk;
  Duration retry_after_;
};

}  // namespace pawl::attachment

#endif  // PAWL_CLIENT_ATTACHMENT_DOWNLOAD_FLOW_H_
