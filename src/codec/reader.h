#ifndef PAWL_CODEC_READER_H_
#define PAWL_CODEC_READER_H_

#include "base/bytes.h"
#include "base/status.h"
#include "codec/varint.h"

namespace pawl::codec {

// Reads big-endian integers, fixed arrays and length-prefixed vectors (TLS presentation language,
// RFC 8446 §3) from untrusted bytes. The first failure sticks: later reads give zeros or empty
// views and change nothing, so a parser reads straight through and asks Finish() once. Never reads
// outside the view, never allocates.
class Reader {
 public:
  explicit Reader(ByteView bytes) : rest_(bytes) {}

  uint8_t U8();
  uint16_t U16();
  uint32_t U32();
  uint64_t U64();
  ByteView Fixed(size_t size);
  // The next out.size() bytes into `out`, which stays as it was when they are not there: secrets go
  // straight to where they are wiped.
  void Copy(MutableByteView out);
  template <size_t N>
  ByteArray<N> Array() {
    ByteArray<N> out{};
    Copy(out);
    return out;
  }
  // opaque x<0..max>; longer than `max` is an error even when the bytes are there.
  ByteView Vector8(size_t max = 255);
  ByteView Vector16(size_t max = 65535);
  ByteView Vector32(size_t max);
  // RFC 9420 §2.1.2 variable-size length header (minimal encoding enforced), then that many bytes.
  ByteView VectorV(size_t max);
  // RFC 9000 §16 style integer of 1, 2 or 4 bytes, minimal encoding enforced.
  uint32_t VarInt();
  ByteView Rest();

  size_t remaining() const { return rest_.size(); }
  bool ok() const { return ok_; }
  void SetFailed() {
    ok_ = false;
    rest_ = {};
  }
  // kMalformed when a read failed or bytes are left over.
  absl::Status Finish() const;

 private:
  ByteView Bounded(uint32_t size, size_t max);

  ByteView rest_;
  bool ok_ = true;
};

}  // namespace pawl::codec

#endif  // PAWL_CODEC_READER_H_
