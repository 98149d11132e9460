#include "client/attachment/layout.h"

#include <algorithm>
#include <bit>

namespace pawl::attachment {

uint64_t PaddedFileSize(uint64_t size) {
  constexpr uint64_t kMin = 256;
  constexpr uint64_t kPowersUpTo = 64 * 1024;
  if (size <= kPowersUpTo) return std::max(kMin, std::bit_ceil(size));
  // PURBs §4: with E = floor(log2 L), keep the E - (floor(log2 E) + 1) lowest bits zero.
  const auto exponent = static_cast<unsigned>(std::bit_width(size)) - 1;
  const auto kept = static_cast<unsigned>(std::bit_width(exponent));
  const uint64_t mask = (uint64_t{1} << (exponent - kept)) - 1;
  return (size + mask) & ~mask;
}

absl::StatusOr<Layout> Layout::ForFile(uint64_t size) {
  if (size > kMaxFileSize) return Fail(Code::kTooLarge, "the file is too large");
  return Layout(size, PaddedFileSize(size));
}

size_t Layout::PlainSize(uint64_t index) const {
  return static_cast<size_t>(
      std::min<uint64_t>(crypto::kBlobChunkPlain, padded_size_ - PlainOffset(index)));
}

size_t Layout::FileBytes(uint64_t index) const {
  const uint64_t begin = std::min(PlainOffset(index), size_);
  return static_cast<size_t>(std::min<uint64_t>(PlainSize(index), size_ - begin));
}

absl::StatusOr<uint64_t> Layout::ChunksBefore(uint64_t sealed_offset) const {
  if (sealed_offset == sealed_size()) return chunks();
  if (sealed_offset > sealed_size() || sealed_offset % crypto::kBlobChunkSealed != 0) {
    return Fail(Code::kMalformed, "the offset is not between two chunks");
  }
  return sealed_offset / crypto::kBlobChunkSealed;
}

}  // namespace pawl::attachment
