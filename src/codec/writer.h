#ifndef PAWL_CODEC_WRITER_H_
#define PAWL_CODEC_WRITER_H_

#include "base/bytes.h"
#include "base/status.h"

namespace pawl::codec {

// Appends the same encodings to an owned buffer. A vector that does not fit its length field, or an
// integer that has no encoding, sticks as a failure that Finish() reports: an encoding is never
// silently cut. For public bytes; secret state is written with FixedWriter into wiped memory.
class Writer {
 public:
  Writer() = default;
  explicit Writer(size_t expected) { out_.reserve(expected); }

  Writer& U8(uint8_t v);
  Writer& U16(uint16_t v);
  Writer& U32(uint32_t v);
  Writer& U64(uint64_t v);
  Writer& Raw(ByteView bytes);
  Writer& Vector8(ByteView bytes);
  Writer& Vector16(ByteView bytes);
  Writer& Vector32(ByteView bytes);
  Writer& VectorV(ByteView bytes);
  Writer& VarInt(uint32_t v);

  bool ok() const { return ok_; }
  ByteView view() const { return out_; }
  absl::StatusOr<Bytes> Finish() &&;

 private:
  Bytes out_;
  bool ok_ = true;
};

// The same into caller's memory of fixed size; nothing is ever reallocated, so secrets leave no
// copies.
class FixedWriter {
 public:
  explicit FixedWriter(MutableByteView out) : out_(out) {}
  FixedWriter& U8(uint8_t v);
  FixedWriter& U16(uint16_t v);
  FixedWriter& U32(uint32_t v);
  FixedWriter& U64(uint64_t v);
  FixedWriter& Raw(ByteView bytes);
  FixedWriter& Vector8(ByteView bytes);
  FixedWriter& Vector16(ByteView bytes);

  bool ok() const { return ok_; }
  size_t written() const { return at_; }

 private:
  MutableByteView out_;
  size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace pawl::codec

#endif  // PAWL_CODEC_WRITER_H_
