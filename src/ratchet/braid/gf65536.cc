#include "ratchet/braid/gf65536.h"

namespace pawl::ratchet::braid {
namespace {

// value * x^16, for values that stay below x^32.
uint32_t TimesTail(uint32_t value) { return value ^ value << 1 ^ value << 3 ^ value << 12; }

// Each fold takes away at least four of the (at most 15) bits above x^15.
GfElement Reduce(uint32_t product) {
  for (int i = 0; i < 4; ++i) product = (product & 0xffff) ^ TimesTail(product >> 16);
  return static_cast<GfElement>(product);
}

}  // namespace

GfElement GfMultiply(GfElement a, GfElement b) {
  uint32_t product = 0;
  for (int bit = 0; bit < 16; ++bit) {
    product ^= (uint32_t{a} << bit) & (0u - (uint32_t{b} >> bit & 1u));
  }
  return Reduce(product);
}

// a^(2^16 - 2): the multiplicative group has 2^16 - 1 elements.
GfElement GfInverse(GfElement a) {
  GfElement power = a;
  GfElement result = 1;
  for (int i = 0; i < 15; ++i) {
    power = GfMultiply(power, power);
    result = GfMultiply(result, power);
  }
  return result;
}

GfMultiplier::GfMultiplier(GfElement factor) {
  GfElement power = factor;  // factor * x^i
  for (auto& nibble : table_) {
    nibble[0] = 0;
    for (size_t bit = 1; bit < 16; bit *= 2) {
      for (size_t low = 0; low < bit; ++low) {
        nibble[bit + low] = static_cast<GfElement>(nibble[low] ^ power);
      }
      power = Reduce(uint32_t{power} << 1);
    }
  }
}

}  // namespace pawl::ratchet::braid
