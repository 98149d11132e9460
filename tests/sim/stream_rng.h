#ifndef PAWL_TESTS_SIM_STREAM_RNG_H_
#define PAWL_TESTS_SIM_STREAM_RNG_H_

#include <array>
#include <bit>
#include <cstdint>
#include <initializer_list>

#include "base/rng.h"

namespace pawl::sim {

// One of a world's independent streams of numbers: xoshiro256++, seeded through splitmix64 from
// what names the stream. A stand-in for a kernel's generator, not a cipher: a world needs it fast,
// even and repeatable.
class StreamRng final : public Rng {
 public:
  explicit StreamRng(std::initializer_list<uint64_t> name) {
    uint64_t x = 0x9e3779b97f4a7c15;
    for (const uint64_t part : name) x = SplitMix(x ^ part);
    for (uint64_t& word : state_) word = x = SplitMix(x);
  }
  void Fill(MutableByteView out) override {
    for (size_t i = 0; i < out.size();) {
      uint64_t word = Next();
      for (int k = 0; k < 8 && i < out.size(); ++k, word >>= 8) {
        out[i++] = static_cast<uint8_t>(word);
      }
    }
  }
  uint64_t Next() {
    const uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0];
    const uint64_t t = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }
  // Uniform enough in [0, bound).
  uint64_t Pick(uint64_t bound) { return bound == 0 ? 0 : Next() % bound; }
  int64_t Between(int64_t low, int64_t high) {
    return low + static_cast<int64_t>(Pick(static_cast<uint64_t>(high - low + 1)));
  }
  bool OneIn(uint64_t n) { return Pick(n) == 0; }

 private:
  static uint64_t SplitMix(uint64_t x) {
    x += 0x9e3779b97f4a7c15;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
  }
  std::array<uint64_t, 4> state_{};
};

}  // namespace pawl::sim

#endif  // PAWL_TESTS_SIM_STREAM_RNG_H_
