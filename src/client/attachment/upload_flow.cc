#include "client/attachment/upload_flow.h"

#include <algorithm>
#include <utility>

namespace pawl::attachment {

std::optional<UploadFlow::Action> UploadFlow::Next(Timestamp now) {
  if (blocked_ || retry_.Waits(now)) return std::nullopt;
  switch (state_) {
    case State::kBegin:
      if (!up_ || asked_) return std::nullopt;
      asked_ = true;
      return Begin{total_};
    case State::kResuming:
      if (resuming_) return std::nullopt;
      resuming_ = resume_at_;
      return ResumeFrom{resume_at_};
    case State::kMoving:
      return NextMove();
    case State::kCommitting:
      if (!up_ || asked_) return std::nullopt;
      asked_ = true;
      return Commit{};
    case State::kDeleting:
      if (!up_ || asked_) return std::nullopt;
      asked_ = true;
      return Delete{};
    case State::kDone:
    case State::kFailed:
      break;
  }
  return std::nullopt;
}

std::optional<UploadFlow::Action> UploadFlow::NextMove() {
  for (Waiting& waiting : window_) {
    if (waiting.sent) continue;
    waiting.sent = true;
    return Send{waiting.chunk.offset, waiting.chunk.bytes};
  }
  if (!sealing_ && !dry_ && sealed_ < total_ && window_.size() < kWindow) {
    sealing_ = true;
    ready_meanwhile_ = false;
    return SealNext{};
  }
  return std::nullopt;
}

void UploadFlow::Refused(const Action& action) {
  blocked_ = true;
  if (const Send* send = std::get_if<Send>(&action)) {
    for (Waiting& waiting : window_) {
      if (waiting.chunk.offset == send->offset) waiting.sent = false;
    }
  } else {
    asked_ = false;
  }
}

void UploadFlow::BeginAgain() {
  if (state_ == State::kDone || state_ == State::kFailed) return;
  state_ = State::kBegin;
  asked_ = false;
  ++epoch_;
}

// What was sealed is of no use any more; a chunk that is being sealed is not either.
void UploadFlow::Forget() {
  window_.clear();
  sealed_ = held_ = 0;
  discard_next_ = sealing_;
}

// Where to go from held_.
void UploadFlow::Settle() {
  state_ = held_ == total_ ? State::kCommitting : State::kMoving;
  asked_ = false;
}

void UploadFlow::ChannelUp() {
  up_ = true;
  blocked_ = false;
}

void UploadFlow::ChannelDown() {
  up_ = false;
  BeginAgain();
}

void UploadFlow::Begun(uint64_t offset) {
  if (state_ != State::kBegin) return;
  asked_ = false;
  const bool in_window =
      offset == sealed_ || std::any_of(window_.begin(), window_.end(), [&](const Waiting& waiting) {
        return waiting.chunk.offset == offset;
      });
  if (sealed_ == 0 || !in_window) {
    // An earlier process was here, or the relay has lost what it had not synced.
    Forget();
    resume_at_ = offset;
    state_ = State::kResuming;
    return;
  }
  while (!window_.empty() && window_.front().chunk.offset < offset) window_.pop_front();
  for (Waiting& waiting : window_) waiting.sent = waiting.held = false;
  held_ = offset;
  Settle();
}

void UploadFlow::Resumed(bool complete) {
  const std::optional<uint64_t> asked = std::exchange(resuming_, std::nullopt);
  // The channel may have gone and come back with another offset meanwhile.
  if (state_ != State::kResuming || !complete || asked != resume_at_) return;
  sealed_ = held_ = resume_at_;
  Settle();
}

void UploadFlow::Sealed(SealedChunk chunk) {
  sealing_ = false;
  if (std::exchange(discard_next_, false)) return;
  sealed_ = chunk.offset + chunk.bytes.size();
  window_.push_back({.chunk = std::move(chunk)});
}

void UploadFlow::Held(uint64_t chunk_offset) {
  if (state_ != State::kMoving) return;
  for (Waiting& waiting : window_) {
    if (waiting.chunk.offset == chunk_offset) waiting.held = true;
  }
  // Answers may overtake each other; what counts is how far it is without a gap.
  while (!window_.empty() && window_.front().held) {
    held_ = window_.front().chunk.offset + window_.front().chunk.bytes.size();
    window_.pop_front();
    retry_.Progress();
  }
  if (held_ == total_) Settle();
}

void UploadFlow::Committed() {
  if (state_ == State::kCommitting) state_ = State::kDone;
}

void UploadFlow::Deleted() {
  if (state_ == State::kDeleting) BeginAgain();
}

void UploadFlow::RequestFailed(Code code, Duration retry_after, Timestamp now, Rng& rng) {
  if (state_ == State::kDone || state_ == State::kFailed) return;
  // What cannot be deleted to begin anew is committed, and nobody knows its root any more.
  const bool lost = state_ == State::kDeleting && code == Code::kWrongState;
  if (lost || !MayPass(code)) {
    state_ = State::kFailed;
    failure_ = lost ? Code::kCorrupt : code;
    retry_after_ = lost ? Duration{} : retry_after;
    return;
  }
  retry_.Schedule(code, retry_after, now, rng);
  if (state_ == State::kDeleting) {
    asked_ = false;
  } else {
    BeginAgain();
  }
}

void UploadFlow::DiskFailed(Code code, Timestamp now, Rng& rng) {
  resuming_.reset();
  sealing_ = discard_next_ = false;
  if (state_ == State::kDone || state_ == State::kFailed) return;
  if (code == Code::kCorrupt && state_ == State::kResuming) {
    if (++restarts_ > kMaxRestarts) {
      state_ = State::kFailed;
      failure_ = code;
      return;
    }
    Forget();
    state_ = State::kDeleting;
    asked_ = false;
    retry_.Schedule(code, Duration{}, now, rng);
    return;
  }
  if (!MayPass(code)) {
    state_ = State::kFailed;
    failure_ = code;
    return;
  }
  retry_.Schedule(code, Duration{}, now, rng);
}

}  // namespace pawl::attachment
