#ifndef PAWL_CLIENT_ATTACHMENT_LAYOUT_H_
#define PAWL_CLIENT_ATTACHMENT_LAYOUT_H_

#include <cstdint>

#include "base/status.h"
#include "crypto/stream_aead.h"

namespace pawl::attachment {

// The largest file: far above any relay's quota, far below where sizes could overflow.
constexpr uint64_t kMaxFileSize = uint64_t{1} << 40;

// What a file of `size` bytes is padded to before it is sealed: a power of two from 256 B to 64
// KiB, Padmé above (PURBs, Nikitin et al. 2019 §4: at most 12 % more, O(log log n) bits leaked).
// The same steps as for envelopes.
uint64_t PaddedFileSize(uint64_t size);

// How a file lies in its chunks (crypto/stream_aead.h): all full but the last, the padding at the
// end as zeros. Plain offsets are into the padded file, sealed offsets into the blob.
class Layout {
 public:
  // kTooLarge.
  static absl::StatusOr<Layout> ForFile(uint64_t size);

  uint64_t size() const { return size_; }
  uint64_t padded_size() const { return padded_size_; }
  uint64_t chunks() const { return (padded_size_ - 1) / crypto::kBlobChunkPlain + 1; }
  uint64_t sealed_size() const { return padded_size_ + chunks() * crypto::kBlobChunkOverhead; }

  // Of chunk `index` < chunks().
  static uint64_t PlainOffset(uint64_t index) { return index * crypto::kBlobChunkPlain; }
  static uint64_t SealedOffset(uint64_t index) { return index * crypto::kBlobChunkSealed; }
  crypto::LastChunk IsLast(uint64_t index) const {
    return crypto::LastChunk{index + 1 == chunks()};
  }
  size_t PlainSize(uint64_t index) const;
  size_t SealedSize(uint64_t index) const { return PlainSize(index) + crypto::kBlobChunkOverhead; }
  // How many of its plain bytes are the file's; the rest is padding.
  size_t FileBytes(uint64_t index) const;
  // The number of whole chunks before a sealed offset. kMalformed where no chunk begins or ends.
  absl::StatusOr<uint64_t> ChunksBefore(uint64_t sealed_offset) const;

 private:
  Layout(uint64_t size, uint64_t padded_size) : size_(size), padded_size_(padded_size) {}
  uint64_t size_;
  uint64_t padded_size_;
};

}  // namespace pawl::attachment

#endif  // PAWL_CLIENT_ATTACHMENT_LAYOUT_H_
