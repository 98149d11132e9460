#include "store/anchor.h"

#include <stdlib.h>

#include <algorithm>

#include "codec/reader.h"
#include "codec/writer.h"
#include "crypto/kdf.h"
#include "store/file.h"

namespace pawl::store {
namespace {

constexpr std::string_view kAnchorMagic("PAWLANC\0", 8);
constexpr uint8_t kAnchorVersion = 1;
constexpr size_t kAnchorTagSize = 32;

std::string HexOf(const StoreId& id) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const uint8_t byte : id.value()) {
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

std::string PathOf(const std::string& dir, const StoreId& id) { return dir + "/" + HexOf(id); }

crypto::Secret<struct AnchorTagTag, kAnchorTagSize> TagOf(ByteView body, const AnchorKey& key) {
  auto tag = crypto::Secret<struct AnchorTagTag, kAnchorTagSize>::Zero();
  crypto::Blake2bKeyed(key.Expose(), {body}, tag.Writable());
  return tag;
}

}  // namespace

absl::StatusOr<std::string> DefaultAnchorDir() {
  if (const char* state = ::getenv("XDG_STATE_HOME"); state != nullptr && state[0] == '/') {
    return std::string(state) + "/pawl/anchors";
  }
  if (const char* home = ::getenv("HOME"); home != nullptr && home[0] == '/') {
    return std::string(home) + "/.local/state/pawl/anchors";
  }
  return Fail(Code::kInvalidArgument,
              "no folder for anchors: neither XDG_STATE_HOME nor HOME is set");
}

OpenedState CompareAnchor(std::optional<Generation> anchored, Generation database) {
  if (!anchored) return OpenedState::kAnchorMissing;
  return *anchored > database ? OpenedState::kDiverged : OpenedState::kCurrent;
}

Bytes EncodeAnchor(const StoreId& id, Generation generation, const AnchorKey& key) {
  Bytes out(kAnchorFileSize);
  codec::FixedWriter writer(out);
  writer.Raw(AsBytes(kAnchorMagic)).U8(kAnchorVersion).Raw(id.value()).U64(generation.value());
  const auto tag = TagOf(ByteView(out).first(writer.written()), key);
  writer.Raw(tag.Expose());
  return out;
}

absl::StatusOr<Generation> DecodeAnchor(ByteView file, const StoreId& id, const AnchorKey& key) {
  codec::Reader in(file);
  const ByteView magic = in.Fixed(kAnchorMagic.size());
  const uint8_t version = in.U8();
  const ByteArray<16> named = in.Array<16>();
  const Generation generation(in.U64());
  const ByteView tag = in.Fixed(kAnchorTagSize);
  if (!in.Finish().ok() || !SameBytes(magic, AsBytes(kAnchorMagic)) || version != kAnchorVersion) {
    return Fail(Code::kCorrupt, "anchor: not an anchor file");
  }
  const auto expected = TagOf(file.first(kAnchorFileSize - kAnchorTagSize), key);
  if (named != id.value() || !crypto::ConstantTimeEqual(expected.Expose(), tag)) {
    return Fail(Code::kCorrupt, "anchor: not this store's");
  }
  return generation;
}

absl::StatusOr<std::optional<Generation>> ReadAnchor(const std::string& dir, const StoreId& id,
                                                     const AnchorKey& key) {
  const auto file = ReadSmallFile(PathOf(dir, id), kAnchorFileSize);
  // Something else in its place says as little about the past as nothing does.
  if (CodeOf(file) == Code::kTooLarge) return std::optional<Generation>();
  if (!file.ok()) return file.status();
  if (!file->has_value()) return std::optional<Generation>();
  const absl::StatusOr<Generation> generation = DecodeAnchor(**file, id, key);
  if (!generation.ok()) return std::optional<Generation>();
  return std::optional<Generation>(*generation);
}

absl::Status WriteAnchor(const std::string& dir, const StoreId& id, Generation generation,
                         const AnchorKey& key) {
  PAWL_TRY(MakeDirs(dir));
  PAWL_ASSIGN(const std::optional<Generation> there, ReadAnchor(dir, id, key));
  if (there && *there >= generation) return OkStatus();
  return WriteFileAtomically(PathOf(dir, id), EncodeAnchor(id, generation, key));
}

void AnchorSchedule::Committed(Generation generation, Timestamp now) {
  committed_ = generation;
  ++waiting_commits_;
  // A clock that was set back must not stretch the delay.
  waiting_since_ = std::min(waiting_since_, now);
}

std::optional<Generation> AnchorSchedule::Pending() const {
  if (waiting_commits_ == 0) return std::nullopt;
  return committed_;
}

// By a clock that was set back meanwhile it was not just now.
bool AnchorSchedule::HasJustFailed(Timestamp now) const {
  return failed_at_ && now >= *failed_at_ && now < *failed_at_ + kTryAgain;
}

std::optional<Generation> AnchorSchedule::Due(Timestamp now) const {
  if (waiting_commits_ == 0 || HasJustFailed(now)) return std::nullopt;
  const bool due = !raised_since_open_ || waiting_commits_ >= kMaxCommits || now < waiting_since_ ||
                   now >= waiting_since_ + kMaxDelay;  // before: it was set back
  return due ? Pending() : std::nullopt;
}

Timestamp AnchorSchedule::Deadline() const {
  if (waiting_commits_ == 0) return kNever;
  const Timestamp due = raised_since_open_ ? waiting_since_ + kMaxDelay : waiting_since_;
  return failed_at_ ? std::max(due, *failed_at_ + kTryAgain) : due;
}

void AnchorSchedule::Raised(Generation generation, Timestamp now) {
  if (generation > committed_ || generation <= raised_) return;
  raised_since_open_ = true;
  failed_at_.reset();
  raised_ = generation;
  waiting_commits_ = std::min(waiting_commits_, committed_.value() - generation.value());
  waiting_since_ = waiting_commits_ == 0 ? kNever : now;
}

}  // namespace pawl::store
