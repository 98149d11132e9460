#ifndef PAWL_RATCHET_BRAID_GF65536_H_
#define PAWL_RATCHET_BRAID_GF65536_H_

#include <array>
#include <cstddef>
#include <cstdint>

namespace pawl::ratchet::braid {

// GF(2^16) as polynomials over GF(2) modulo x^16 + x^12 + x^3 + x + 1 (0x1100b); addition is xor.
// Values are those of public streams, so nothing here needs to hide them; no branch depends on them
// all the same.
using GfElement = uint16_t;

GfElement GfMultiply(GfElement a, GfElement b);
// a^-1; 0 for 0.
GfElement GfInverse(GfElement a);

// Multiplication by one factor, for many values: the products of it with every nibble.
class GfMultiplier {
 public:
  explicit GfMultiplier(GfElement factor);
  GfElement operator()(GfElement value) const {
    return static_cast<GfElement>(table_[0][value & 15] ^ table_[1][value >> 4 & 15] ^
                                  table_[2][value >> 8 & 15] ^ table_[3][value >> 12]);
  }

 private:
  std::array<std::array<GfElement, 16>, 4> table_;
};

}  // namespace pawl::ratchet::braid

#endif  // PAWL_RATCHET_BRAID_GF65536_H_
