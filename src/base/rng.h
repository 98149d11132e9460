#ifndef PAWL_BASE_RNG_H_
#define PAWL_BASE_RNG_H_

#include <cstddef>

#include "base/bytes.h"

namespace pawl {

// Where randomness comes from. Production uses crypto::SystemRng (the kernel, unbuffered); tests a
// seeded one. Thread-compatible.
class Rng {
 public:
  virtual ~Rng() = default;
  virtual void Fill(MutableByteView out) = 0;

  template <size_t N>
  ByteArray<N> Array() {
    ByteArray<N> out;
    Fill(out);
    return out;
  }
  uint64_t U64() {
    uint64_t value = 0;
    for (uint8_t byte : Array<8>()) value = (value << 8) | byte;
    return value;
  }
  // Uniform in [0, bound) without modulo bias; bound 0 gives 0.
  uint64_t Below(uint64_t bound) {
    if (bound == 0) return 0;
    const uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
    uint64_t value = U64();
    while (value >= limit) value = U64();
    return value % bound;
  }
};

}  // namespace pawl

#endif  // PAWL_BASE_RNG_H_
