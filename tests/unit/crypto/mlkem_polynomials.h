#ifndef PAWL_TESTS_UNIT_CRYPTO_MLKEM_POLYNOMIALS_H_
#define PAWL_TESTS_UNIT_CRYPTO_MLKEM_POLYNOMIALS_H_

#include <gtest/gtest.h>

#include <cstdlib>
#include <vector>

#include "crypto/mlkem_ring.h"
#include "support/seeded_rng.h"

namespace pawl::crypto::mlkem {

// Polynomials as the tests reckon with them: residues in [0, q), slowly and by definition.
using Residues = std::vector<int64_t>;

inline int64_t Modulo(int64_t x) { return ((x % kQ) + kQ) % kQ; }

// Each coefficient must be in (-q, q).
template <typename Tag>
Residues ResiduesOf(const Coefficients<Tag>& f) {
  Residues residues;
  for (int16_t c : f.c) {
    EXPECT_LT(std::abs(c), kQ);
    residues.push_back(Modulo(c));
  }
  return residues;
}

// FIPS 203, Algorithm 6 (ByteDecode_12), of the polynomial at `index` among several.
inline Residues Decode12(ByteView bytes, size_t index = 0) {
  Residues residues;
  for (size_t at = 384 * index; at + 3 <= std::min(bytes.size(), 384 * (index + 1)); at += 3) {
    residues.push_back(bytes[at] | (bytes[at + 1] & 15) << 8);
    residues.push_back(bytes[at + 1] >> 4 | bytes[at + 2] << 4);
  }
  return residues;
}

// The other way, of values up to 4,095.
inline Bytes Encode12(const Residues& residues) {
  Bytes bytes;
  for (size_t i = 0; i + 1 < residues.size(); i += 2) {
    const auto pair = static_cast<uint32_t>(residues[i] | residues[i + 1] << 12);
    for (int shift : {0, 8, 16}) bytes.push_back(static_cast<uint8_t>(pair >> shift));
  }
  return bytes;
}

template <typename Polynomial>
Polynomial FromResidues(const Residues& residues) {
  Polynomial f;
  for (int i = 0; i < kN; ++i) f.c[i] = static_cast<int16_t>(residues[i]);
  return f;
}

// Coefficients all over (-q, q).
template <typename Polynomial>
Polynomial RandomPolynomial(Rng& rng) {
  Polynomial f;
  for (int16_t& c : f.c) c = static_cast<int16_t>(static_cast<int>(rng.Below(2 * kQ - 1)) - kQ + 1);
  return f;
}

// What sums and products are largest for.
template <typename Polynomial>
std::vector<Polynomial> ExtremePolynomials() {
  std::vector<Polynomial> extremes(6);
  for (int i = 0; i < kN; ++i) {
    extremes[0].c[i] = 0;
    extremes[1].c[i] = kQ - 1;
    extremes[2].c[i] = -(kQ - 1);
    extremes[3].c[i] = i % 2 == 0 ? kQ - 1 : -(kQ - 1);
    extremes[4].c[i] = i % 4 < 2 ? kQ - 1 : -(kQ - 1);
    extremes[5].c[i] = i < kN / 2 ? kQ - 1 : -(kQ - 1);
  }
  return extremes;
}

}  // namespace pawl::crypto::mlkem

#endif  // PAWL_TESTS_UNIT_CRYPTO_MLKEM_POLYNOMIALS_H_
