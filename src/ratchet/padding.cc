#include "ratchet/padding.h"

#include <bit>
#include <cstdint>

namespace pawl::ratchet {

size_t PaddedSize(size_t size) {
  if (size <= kMinPaddedSize) return kMinPaddedSize;
  if (size <= kMaxPowerOfTwoSize) return std::bit_ceil(size);
  // Padmé: E = floor(log2 L), S = floor(log2 E) + 1, and the last E - S bits of L become zero by
  // rounding up.
  const size_t exponent = static_cast<size_t>(std::bit_width(size)) - 1;
  const size_t kept = static_cast<size_t>(std::bit_width(exponent));
  const size_t mask = (size_t{1} << (exponent - kept)) - 1;
  return size > SIZE_MAX - mask ? SIZE_MAX : (size + mask) & ~mask;
}

bool IsPaddedSize(size_t size) { return size >= kMinPaddedSize && PaddedSize(size) == size; }

}  // namespace pawl::ratchet
