#include "codec/writer.h"

#include <algorithm>

#include "codec/varint.h"

namespace pawl::codec {
namespace {

// The last `N` bytes of the big-endian form of `value`.
template <size_t N>
ByteArray<N> BigEndian(uint64_t value) {
  ByteArray<N> out;
  for (size_t i = 0; i < N; ++i) out[i] = static_cast<uint8_t>(value >> (8 * (N - 1 - i)));
  return out;
}

}  // namespace

Writer& Writer::Raw(ByteView bytes) {
  out_.insert(out_.end(), bytes.begin(), bytes.end());
  return *this;
}

Writer& Writer::U8(uint8_t v) { return Raw(BigEndian<1>(v)); }
Writer& Writer::U16(uint16_t v) { return Raw(BigEndian<2>(v)); }
Writer& Writer::U32(uint32_t v) { return Raw(BigEndian<4>(v)); }
Writer& Writer::U64(uint64_t v) { return Raw(BigEndian<8>(v)); }

Writer& Writer::Vector8(ByteView bytes) {
  if (bytes.size() > UINT8_MAX) ok_ = false;
  return U8(static_cast<uint8_t>(bytes.size())).Raw(bytes);
}

Writer& Writer::Vector16(ByteView bytes) {
  if (bytes.size() > UINT16_MAX) ok_ = false;
  return U16(static_cast<uint16_t>(bytes.size())).Raw(bytes);
}

Writer& Writer::Vector32(ByteView bytes) {
  if (bytes.size() > UINT32_MAX) ok_ = false;
  return U32(static_cast<uint32_t>(bytes.size())).Raw(bytes);
}

Writer& Writer::VectorV(ByteView bytes) {
  if (bytes.size() >= kVarIntFourBytes) ok_ = false;
  return VarInt(static_cast<uint32_t>(bytes.size())).Raw(bytes);
}

Writer& Writer::VarInt(uint32_t v) {
  if (v < kVarIntOneByte) return U8(static_cast<uint8_t>(v));
  if (v < kVarIntTwoBytes) return U16(static_cast<uint16_t>(v | 0x4000));
  if (v >= kVarIntFourBytes) ok_ = false;
  return U32(v | 0x8000'0000);
}

absl::StatusOr<Bytes> Writer::Finish() && {
  if (!ok_) return Fail(Code::kTooLarge, "value does not fit its length field");
  return std::move(out_);
}

FixedWriter& FixedWriter::Raw(ByteView bytes) {
  if (!ok_ || bytes.size() > out_.size() - at_) {
    ok_ = false;
    return *this;
  }
  std::copy(bytes.begin(), bytes.end(), out_.begin() + at_);
  at_ += bytes.size();
  return *this;
}

FixedWriter& FixedWriter::U8(uint8_t v) { return Raw(BigEndian<1>(v)); }
FixedWriter& FixedWriter::U16(uint16_t v) { return Raw(BigEndian<2>(v)); }
FixedWriter& FixedWriter::U32(uint32_t v) { return Raw(BigEndian<4>(v)); }
FixedWriter& FixedWriter::U64(uint64_t v) { return Raw(BigEndian<8>(v)); }

FixedWriter& FixedWriter::Vector8(ByteView bytes) {
  if (bytes.size() > UINT8_MAX) ok_ = false;
  return U8(static_cast<uint8_t>(bytes.size())).Raw(bytes);
}

FixedWriter& FixedWriter::Vector16(ByteView bytes) {
  if (bytes.size() > UINT16_MAX) ok_ = false;
  return U16(static_cast<uint16_t>(bytes.size())).Raw(bytes);
}

}  // namespace pawl::codec
