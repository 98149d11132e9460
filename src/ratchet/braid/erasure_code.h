#ifndef PAWL_RATCHET_BRAID_ERASURE_CODE_H_
#define PAWL_RATCHET_BRAID_ERASURE_CODE_H_

#include <optional>

#include "absl/container/inlined_vector.h"
#include "base/bytes.h"

namespace pawl::ratchet::braid {

// The Braid's systematic erasure code (ML-KEM Braid §3.3): a message, zero-padded to n whole
// chunks, is cut into big-endian 16-bit values; for each place k in a chunk one polynomial over
// GF(2^16) of degree < n goes through the points (i, value k of chunk i). Chunk x is the values of
// all of them at x: below n the message itself, from there on parity. Any n different chunks give
// the message back.
struct StreamShape {
  size_t message_size;
  size_t chunk_size;  // even
  size_t count() const { return (message_size + chunk_size - 1) / chunk_size; }
};

// Chunk `index` of `message` into `out`, whose size is the chunk size.
void EncodeChunk(ByteView message, uint16_t index, MutableByteView out);

// The chunks of one message as they come, in any order. What is stored is the peer's, public and
// not authenticated before the message is whole.
class ChunkCollector {
 public:
  static constexpr size_t kMaxMessageSize = 1152;

  // A message of at most kMaxMessageSize bytes.
  explicit ChunkCollector(StreamShape shape);

  const StreamShape& shape() const { return shape_; }
  size_t size() const { return indices_.size(); }
  bool Has(uint16_t index) const;
  // The message, if this chunk is the last one that it needs. Changes nothing.
  std::optional<Bytes> CompletedBy(uint16_t index, ByteView chunk) const;
  // Not the last one, and not there yet. `chunk` has the chunk size.
  void Add(uint16_t index, ByteView chunk);

  uint16_t index_at(size_t place) const { return indices_[place]; }
  ByteView chunk_at(size_t place) const {
    return ByteView(bytes_).subspan(place * shape_.chunk_size, shape_.chunk_size);
  }

 private:
  StreamShape shape_;
  absl::InlinedVector<uint16_t, 9> indices_;
  ByteArray<kMaxMessageSize> bytes_{};  // in the order of indices_
};

}  // namespace pawl::ratchet::braid

#endif  // PAWL_RATCHET_BRAID_ERASURE_CODE_H_
