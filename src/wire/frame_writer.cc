#include "wire/frame.h"

namespace pawl::wire {
namespace {

constexpr size_t kBuilderSize = 512;  // most headers fit: one allocation in a writer's life

constexpr size_t Padded(size_t size) {
  return (size + kFrameAlignment - 1) / kFrameAlignment * kFrameAlignment;
}

void AppendBigEndian32(Bytes& out, size_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<uint8_t>(value >> shift));
}

}  // namespace

FrameWriter::FrameWriter(size_t headroom) : headroom_(headroom), builder_(kBuilderSize) { Clear(); }

void FrameWriter::Clear() {
  buffer_.assign(headroom_ + kPreambleSize, 0);
  buffer_[headroom_] = kProtocolVersion;
  frames_ = 0;
}

Bytes FrameWriter::Take() {
  Bytes taken = std::move(buffer_);
  buffer_ = Bytes();
  Clear();
  return taken;
}

flatbuffers::FlatBufferBuilder& FrameWriter::Builder() {
  builder_.Clear();
  return builder_;
}

bool FrameWriter::Commit(fb::FrameBody type, flatbuffers::Offset<void> body,
                         std::initializer_list<ByteView> payload_parts) {
  return Commit(type, body, std::span(payload_parts.begin(), payload_parts.size()));
}

bool FrameWriter::Commit(fb::FrameBody type, flatbuffers::Offset<void> body,
                         std::span<const ByteView> payload_parts) {
  builder_.Finish(fb::CreateFrame(builder_, type, body));
  const ByteView header(builder_.GetBufferPointer(), builder_.GetSize());
  size_t payload_size = 0;
  for (ByteView part : payload_parts) payload_size += part.size();
  if (header.size() > kMaxHeaderSize || payload_size > kMaxPayloadSize) return false;
  const size_t record = kRecordPrefixSize + Padded(header.size()) + Padded(payload_size);
  if (frames_ == kMaxFramesPerMessage || message().size() + record > kMaxMessageSize) return false;

  buffer_.reserve(buffer_.size() + record);
  AppendBigEndian32(buffer_, header.size());
  AppendBigEndian32(buffer_, payload_size);
  AppendPadded({&header, 1}, header.size());
  AppendPadded(payload_parts, payload_size);
  ++frames_;
  return true;
}

void FrameWriter::AppendPadded(std::span<const ByteView> parts, size_t size) {
  for (ByteView part : parts) buffer_.insert(buffer_.end(), part.begin(), part.end());
  buffer_.resize(buffer_.size() + Padded(size) - size, 0);
}

}  // namespace pawl::wire
