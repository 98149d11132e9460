#include "codec/reader.h"

#include <algorithm>

namespace pawl::codec {
namespace {

uint64_t BigEndian(ByteView bytes) {
  uint64_t value = 0;
  for (uint8_t byte : bytes) value = (value << 8) | byte;
  return value;
}

}  // namespace

ByteView Reader::Fixed(size_t size) {
  if (size > rest_.size()) {
    SetFailed();
    return {};
  }
  const ByteView taken = rest_.first(size);
  rest_ = rest_.subspan(size);
  return taken;
}

void Reader::Copy(MutableByteView out) {
  const ByteView bytes = Fixed(out.size());
  if (ok_) std::copy(bytes.begin(), bytes.end(), out.begin());
}

uint8_t Reader::U8() { return static_cast<uint8_t>(BigEndian(Fixed(1))); }
uint16_t Reader::U16() { return static_cast<uint16_t>(BigEndian(Fixed(2))); }
uint32_t Reader::U32() { return static_cast<uint32_t>(BigEndian(Fixed(4))); }
uint64_t Reader::U64() { return BigEndian(Fixed(8)); }

ByteView Reader::Bounded(uint32_t size, size_t max) {
  if (size > max) SetFailed();
  return ok_ ? Fixed(size) : ByteView();
}

ByteView Reader::Vector8(size_t max) { return Bounded(U8(), max); }
ByteView Reader::Vector16(size_t max) { return Bounded(U16(), max); }
ByteView Reader::Vector32(size_t max) { return Bounded(U32(), max); }
ByteView Reader::VectorV(size_t max) { return Bounded(VarInt(), max); }

uint32_t Reader::VarInt() {
  const uint8_t first = U8();
  const uint32_t high = first & 0x3f;
  switch (first >> 6) {
    case 0:
      return high;
    case 1: {
      const uint32_t value = (high << 8) | U8();
      // RFC 9420 §2.1.2: a length that a shorter form could hold is an error.
      if (value < kVarIntOneByte) SetFailed();
      return ok_ ? value : 0;
    }
    case 2: {
      const uint32_t value = (high << 24) | static_cast<uint32_t>(BigEndian(Fixed(3)));
      if (value < kVarIntTwoBytes) SetFailed();
      return ok_ ? value : 0;
    }
    default:  // RFC 9420 §2.1.2: the prefix 11 is invalid
      SetFailed();
      return 0;
  }
}

ByteView Reader::Rest() { return Fixed(rest_.size()); }

absl::Status Reader::Finish() const {
  if (!ok_) return Fail(Code::kMalformed, "encoding is cut short or out of bounds");
  if (!rest_.empty()) return Fail(Code::kMalformed, "bytes left over after the encoding");
  return OkStatus();
}

}  // namespace pawl::codec
