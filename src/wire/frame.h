#ifndef PAWL_WIRE_FRAME_H_
#define PAWL_WIRE_FRAME_H_

#include <initializer_list>
#include <optional>

#include "base/bytes.h"
#include "base/status.h"
#include "wire/relay_generated.h"
#include "wire/verified.h"

namespace pawl::wire {

// The framing of PROTOCOL.md §2: one binary WebSocket message is
//   preamble[8] = version 1 || 7 zero bytes
//   then per frame: u32 BE header_size | u32 BE payload_size | header, zero-padded to 8 | payload,
//   zero-padded to 8
// The header is a FlatBuffers `fb::Frame`; bulk bytes stand beside it, so they are neither parsed
// nor copied into a builder.
constexpr uint8_t kProtocolVersion = 1;
constexpr size_t kPreambleSize = 8;
constexpr size_t kRecordPrefixSize = 8;
constexpr size_t kFrameAlignment = 8;
constexpr size_t kMaxFramesPerMessage = 256;
constexpr size_t kMaxHeaderSize = 4 * 1024;
constexpr size_t kMaxMessageSize = 256 * 1024;     // hard limit, both directions
constexpr size_t kTypicalMessageSize = 64 * 1024;  // writers begin a new message above this
constexpr size_t kMaxPayloadSize = kMaxMessageSize - kPreambleSize - kRecordPrefixSize - 64;
constexpr size_t kMaxEnvelopeSize = 64 * 1024;
constexpr size_t kMaxBlobChunkSize = 64 * 1024;
constexpr size_t kMaxAnchorSize = 256;

using Nonce32 = ByteArray<32>;

// One frame inside a message; borrows the message.
struct FrameView {
  Verified<fb::Frame> header;
  ByteView payload;

  fb::FrameBody type() const {
    return header->body_type();
  }  // may be a value this release does not know
};

// Walks the frames of one message from the peer. Stops for good at the first error: a frame handed
// out before it was complete and verified. Never allocates, never reads outside `message`.
class FrameReader {
 public:
  // `message` starts at an 8-aligned address (any vector's data() does); else kInvalidArgument.
  explicit FrameReader(ByteView message);

  // The next frame; nothing at the end or after an error (see status()).
  std::optional<FrameView> Next();
  // kMalformed, kUnsupportedVersion, kTooLarge.
  const absl::Status& status() const { return status_; }

 private:
  bool CheckPreamble(ByteView message);
  bool Take(size_t size, ByteView* out);
  void Stop(absl::Status why);

  ByteView rest_;
  size_t frames_ = 0;
  absl::Status status_;
};

// Collects frames into one reusable message buffer: after the first few messages nothing is
// allocated. frames.h has a typed Append for each frame.
class FrameWriter {
 public:
  // `headroom` bytes are kept free in front of the message for the socket library.
  explicit FrameWriter(size_t headroom = 0);

  // Begins a new message in the same memory.
  void Clear();

  bool empty() const { return frames_ == 0; }
  size_t frames() const { return frames_; }
  ByteView message() const { return ByteView(buffer_).subspan(headroom_); }
  // Headroom and message.
  MutableByteView buffer() { return buffer_; }
  // Moves the buffer (headroom included) out and begins a new message.
  Bytes Take();

  // For frames.cc: a cleared builder, and the finished header's way into the message. False, with
  // nothing appended, when the frame would break a limit of the framing: send this message, begin a
  // new one.
  flatbuffers::FlatBufferBuilder& Builder();
  [[nodiscard]] bool Commit(fb::FrameBody type, flatbuffers::Offset<void> body,
                            std::initializer_list<ByteView> payload_parts);
  [[nodiscard]] bool Commit(fb::FrameBody type, flatbuffers::Offset<void> body,
                            std::span<const ByteView> payload_parts);

 private:
  void AppendPadded(std::span<const ByteView> parts, size_t size);

  size_t headroom_;
  Bytes buffer_;
  flatbuffers::FlatBufferBuilder builder_;
  size_t frames_ = 0;
};

}  // namespace pawl::wire

#endif  // PAWL_WIRE_FRAME_H_
