#include "client/attachment/download_flow.h"

#include <utility>

namespace pawl::attachment {

std::optional<DownloadFlow::Action> DownloadFlow::Next(Timestamp now) {
  if (retry_.Waits(now)) return std::nullopt;
  switch (state_) {
    case State::kResuming:
      if (disk_busy_) return std::nullopt;
      disk_busy_ = true;
      return Resume{};
    case State::kMoving:
      return NextMove();
    case State::kFinishing:
      if (disk_busy_) return std::nullopt;
      disk_busy_ = true;
      return Finish{};
    case State::kDone:
    case State::kFailed:
      break;
  }
  return std::nullopt;
}

std::optional<DownloadFlow::Action> DownloadFlow::NextMove() {
  if (!disk_busy_ && taken_ >= synced_ + kSyncEvery) {
    disk_busy_ = true;
    synced_ = taken_;
    return Sync{};
  }
  if (!disk_busy_ && !window_.empty() && window_.front().here) {
    disk_busy_ = true;
    return Take{std::move(window_.front().sealed)};
  }
  if (!up_ || blocked_) return std::nullopt;
  if (window_.size() < kWindow && next_ < layout_.chunks()) window_.push_back({.index = next_++});
  for (Waiting& waiting : window_) {
    if (waiting.asked) continue;
    waiting.asked = true;
    return Fetch{Layout::SealedOffset(waiting.index),
                 static_cast<uint32_t>(layout_.SealedSize(waiting.index))};
  }
  return std::nullopt;
}

void DownloadFlow::Refused(const Fetch& fetch) {
  blocked_ = true;
  for (Waiting& waiting : window_) {
    if (Layout::SealedOffset(waiting.index) == fetch.offset) waiting.asked = false;
  }
}

void DownloadFlow::ChannelUp() {
  up_ = true;
  blocked_ = false;
}

void DownloadFlow::ChannelDown() {
  up_ = false;
  ++epoch_;
  for (Waiting& waiting : window_) {
    if (!waiting.here) waiting.asked = false;
  }
}

void DownloadFlow::FailFor(Code code) {
  state_ = State::kFailed;
  failure_ = code;
}

void DownloadFlow::Fetched(uint64_t offset, uint64_t total, ByteView bytes) {
  if (state_ != State::kMoving) return;
  for (Waiting& waiting : window_) {
    if (Layout::SealedOffset(waiting.index) != offset || waiting.here) continue;
    if (total != layout_.sealed_size() || bytes.size() != layout_.SealedSize(waiting.index)) {
      return FailFor(Code::kAuthFailed);  // not the blob that was sealed
    }
    waiting.sealed = ToBytes(bytes);
    waiting.here = true;
  }
}

void DownloadFlow::RequestFailed(Code code, Duration retry_after, Timestamp now, Rng& rng) {
  if (state_ == State::kDone || state_ == State::kFailed) return;
  if (!MayPass(code)) {
    retry_after_ = retry_after;
    return FailFor(code);
  }
  retry_.Schedule(code, retry_after, now, rng);
  ++epoch_;
  for (Waiting& waiting : window_) {
    if (!waiting.here) waiting.asked = false;
  }
}

void DownloadFlow::Resumed(bool complete, uint64_t chunks) {
  disk_busy_ = false;
  if (state_ != State::kResuming || !complete) return;
  next_ = taken_ = synced_ = chunks;
  state_ = taken_ == layout_.chunks() ? State::kFinishing : State::kMoving;
}

void DownloadFlow::Taken() {
  disk_busy_ = false;
  if (state_ != State::kMoving || window_.empty()) return;
  window_.pop_front();
  ++taken_;
  retry_.Progress();
  if (taken_ == layout_.chunks()) state_ = State::kFinishing;
}

void DownloadFlow::Finished() {
  disk_busy_ = false;
  if (state_ == State::kFinishing) state_ = State::kDone;
}

void DownloadFlow::DiskFailed(Code code, Timestamp now, Rng& rng) {
  disk_busy_ = false;
  if (state_ == State::kDone || state_ == State::kFailed) return;
  if (!MayPass(code)) return FailFor(code);
  retry_.Schedule(code, Duration{}, now, rng);
  // The chunk that could not be written is asked for again: it went with the attempt.
  if (state_ == State::kMoving && !window_.empty() && window_.front().sealed.empty()) {
    window_.front().asked = window_.front().here = false;
  }
}

}  // namespace pawl::attachment
