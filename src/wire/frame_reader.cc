#include <algorithm>

#include "wire/frame.h"
#include "wire/internal/verified_access.h"

namespace pawl::wire {
namespace {

// A frame is Frame -> body table -> leaves: deeper or wider is not one of ours.
constexpr flatbuffers::uoffset_t kFrameDepth = 4;
constexpr flatbuffers::uoffset_t kFrameTables = 4;

uint32_t BigEndian32(ByteView bytes) {
  return uint32_t{bytes[0]} << 24 | uint32_t{bytes[1]} << 16 | uint32_t{bytes[2]} << 8 | bytes[3];
}

constexpr size_t PaddingOf(size_t size) { return (0 - size) % kFrameAlignment; }

bool AllZero(ByteView bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](uint8_t byte) { return byte == 0; });
}

// FlatBuffers' verifier asks for the alignment of a vector's length, not of its elements. These are
// the only ones wider than the length.
bool CursorsAligned(const fb::Frame& frame) {
  const fb::Ack* ack = frame.body_as_Ack();
  return ack == nullptr || ack->cursors()->size() == 0 ||
         reinterpret_cast<uintptr_t>(ack->cursors()->Data()) % alignof(int64_t) == 0;
}

const fb::Frame* VerifiedRoot(ByteView header) {
  flatbuffers::Verifier::Options options;
  options.max_depth = kFrameDepth;
  options.max_tables = kFrameTables;
  flatbuffers::Verifier verifier(header.data(), header.size(), options);
  if (!fb::VerifyFrameBuffer(verifier)) return nullptr;
  const fb::Frame* frame = fb::GetFrame(header.data());
  return CursorsAligned(*frame) ? frame : nullptr;
}

}  // namespace

FrameReader::FrameReader(ByteView message) {
  if (reinterpret_cast<uintptr_t>(message.data()) % kFrameAlignment != 0) {
    Stop(Fail(Code::kInvalidArgument, "message is not 8-aligned"));
  } else if (message.size() > kMaxMessageSize) {
    Stop(Fail(Code::kTooLarge, "message above limit"));
  } else if (CheckPreamble(message)) {
    rest_ = message.subspan(kPreambleSize);
  }
}

bool FrameReader::CheckPreamble(ByteView message) {
  if (message.size() < kPreambleSize) {
    Stop(Fail(Code::kMalformed, "message without preamble"));
  } else if (message[0] != kProtocolVersion) {
    Stop(Fail(Code::kUnsupportedVersion, "message of another protocol version"));
  } else if (!AllZero(message.subspan(1, kPreambleSize - 1))) {
    Stop(Fail(Code::kMalformed, "preamble not zero"));
  }
  return status_.ok();
}

// A part of `size` bytes and its padding, which must be there and zero: one encoding per message.
bool FrameReader::Take(size_t size, ByteView* out) {
  const size_t padding = PaddingOf(size);
  if (size > rest_.size() || padding > rest_.size() - size) return false;
  if (!AllZero(rest_.subspan(size, padding))) return false;
  *out = rest_.first(size);
  rest_ = rest_.subspan(size + padding);
  return true;
}

std::optional<FrameView> FrameReader::Next() {
  if (rest_.empty()) return std::nullopt;
  if (++frames_ > kMaxFramesPerMessage) {
    Stop(Fail(Code::kTooLarge, "too many frames in a message"));
    return std::nullopt;
  }
  ByteView prefix, header, payload;
  if (!Take(kRecordPrefixSize, &prefix)) {
    Stop(Fail(Code::kMalformed, "frame cut short"));
    return std::nullopt;
  }
  const uint32_t header_size = BigEndian32(prefix.first(4));
  const uint32_t payload_size = BigEndian32(prefix.subspan(4));
  if (header_size > kMaxHeaderSize || payload_size > kMaxPayloadSize) {
    Stop(Fail(Code::kTooLarge, "frame above limit"));
    return std::nullopt;
  }
  const fb::Frame* root = nullptr;
  if (!Take(header_size, &header) || !Take(payload_size, &payload) ||
      (root = VerifiedRoot(header)) == nullptr) {
    Stop(Fail(Code::kMalformed, "frame does not verify"));
    return std::nullopt;
  }
  return FrameView{internal::VerifiedAccess::Make(root), payload};
}

void FrameReader::Stop(absl::Status why) {
  status_ = std::move(why);
  rest_ = {};
}

}  // namespace pawl::wire
