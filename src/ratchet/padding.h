#ifndef PAWL_RATCHET_PADDING_H_
#define PAWL_RATCHET_PADDING_H_

#include <cstddef>

namespace pawl::ratchet {

constexpr size_t kMinPaddedSize = 256;
constexpr size_t kMaxPowerOfTwoSize = 64 * 1024;

// The size that `size` bytes are padded to: a power of two from 256 B to 64 KiB, Padmé above
// (PURBs, Nikitin et al. 2019 §4: at most 12 % more, O(log log n) bits leaked).
size_t PaddedSize(size_t size);
// True for sizes that PaddedSize gives: any other envelope is not ours.
bool IsPaddedSize(size_t size);

}  // namespace pawl::ratchet

#endif  // PAWL_RATCHET_PADDING_H_
