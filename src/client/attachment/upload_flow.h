#ifndef PAWL_CLIENT_ATTACHMENT_UPLOAD_FLOW_H_
#define PAWL_CLIENT_ATTACHMENT_UPLOAD_FLOW_H_

#include <deque>
#include <optional>
#include <variant>

#include "base/clock.h"
#include "base/rng.h"
#include "base/status.h"
#include "client/attachment/retry.h"
#include "client/attachment/upload.h"

namespace pawl::attachment {

// The network side of an upload: what to ask of the relay and of the disk next. Pure; holds the
// chunks that the relay has not answered for, so that a broken connection costs no second sealing.
//
//   kBegin --BlobBegun--> kResuming --disk--> kMoving --all held--> kCommitting --Ok--> kDone
//     ^  ^                    |                  |                       |
//     |  +--- kDeleting <-----+ log lost         |                       |
//     +------ channel lost, time out, refusal that passes, chunk out of place
//   kFailed: from everywhere, for good.
class UploadFlow {
 public:
  // Chunks sealed and not yet held by the relay: half a MiB in memory and on the wire, so that
  // messages still find room beside a file.
  static constexpr size_t kWindow = 8;
  // Times that what the relay holds is thrown away because the log does not go with it.
  static constexpr int kMaxRestarts = 5;

  explicit UploadFlow(uint64_t sealed_size) : total_(sealed_size) {}

  // --- what to do: each once; the answer comes below ---
  struct Begin {
    uint64_t size = 0;
  };
  struct ResumeFrom {  // Upload::Resume
    uint64_t offset = 0;
  };
  struct SealNext {};
  struct Send {  // borrowed until the next call
    uint64_t offset = 0;
    ByteView bytes;
  };
  struct Commit {};
  struct Delete {};
  using Action = std::variant<Begin, ResumeFrom, SealNext, Send, Commit, Delete>;
  // Nothing: wait for an answer, for the channel or for deadline().
  std::optional<Action> Next(Timestamp now);
  // The action could not be carried out now: it will be proposed again once RoomAgain is called.
  void Refused(const Action& action);
  void RoomAgain() { blocked_ = false; }

  // --- the channel ---
  void ChannelUp();
  void ChannelDown();

  // --- the relay's answers; those to requests of an earlier epoch() must not be passed on ---
  uint32_t epoch() const { return epoch_; }
  void Begun(uint64_t offset);
  void Held(uint64_t chunk_offset);
  void Committed();
  void Deleted();
  void RequestFailed(Code code, Duration retry_after, Timestamp now, Rng& rng);

  // --- the disk's answers ---
  void Resumed(bool complete);
  void Sealed(SealedChunk chunk);
  // The source has nothing yet (kWouldBlock); SourceReady when it has.
  void SourceDry() { sealing_ = discard_next_ = false, dry_ = !ready_meanwhile_; }
  // May overtake the SourceDry that it answers: the disk's answer has a way to go.
  void SourceReady() { dry_ = false, ready_meanwhile_ = true; }
  void DiskFailed(Code code, Timestamp now, Rng& rng);

  bool done() const { return state_ == State::kDone; }
  bool failed() const { return state_ == State::kFailed; }
  Code failure() const { return failure_; }
  // What the relay said with it: when it may have passed; 0: it did not say.
  Duration retry_after() const { return retry_after_; }
  // Why it waits at the moment; kOk when it does not.
  Code obstacle() const { return retry_.cause(); }
  Timestamp deadline() const { return retry_.at(); }
  // Sealed bytes that the relay holds.
  uint64_t held() const { return held_; }

 private:
  enum class State { kBegin, kResuming, kMoving, kCommitting, kDeleting, kDone, kFailed };
  struct Waiting {
    SealedChunk chunk;
    bool sent = false;
    bool held = false;
  };

  void BeginAgain();
  void Forget();
  void Settle();
  std::optional<Action> NextMove();

  State state_ = State::kBegin;
  bool up_ = false;
  bool asked_ = false;         // the state's one question is under way
  bool sealing_ = false;       // the disk is asked for a chunk
  bool discard_next_ = false;  // which the log will have dropped again
  bool dry_ = false;
  bool ready_meanwhile_ = false;  // said since the disk was asked for a chunk
  bool blocked_ = false;
  std::optional<uint64_t> resuming_;  // the disk is asked to resume there
  uint32_t epoch_ = 0;
  uint64_t total_;
  uint64_t resume_at_ = 0;
  uint64_t sealed_ = 0;  // sealed so far, in order
  uint64_t held_ = 0;
  std::deque<Waiting> window_;
  int restarts_ = 0;
  Retry retry_;
  Code failure_ = Code::kOk;
  Duration retry_after_;
};

}  // namespace pawl::attachment

#endif  // PAWL_CLIENT_ATTACHMENT_UPLOAD_FLOW_H_
