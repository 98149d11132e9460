#include "crypto/mlkem_compress.h"

namespace pawl::crypto::mlkem {
namespace {

// Hides from the compiler that a value is 0 or 1. One that knows may make of a multiplication by it
// a choice, and of that a branch on the secret.
uint32_t Opaque(uint32_t value) {
  __asm__("" : "+r"(value));
  return value;
}

}  // namespace

void CompressU(const Rq& f, std::span<uint8_t, kEncodedUSize> out) {
  for (size_t i = 0; i < kN / 4; ++i) {
    uint64_t four = 0;
    for (size_t j = 0; j < 4; ++j) four |= uint64_t{Compress<10>(f.c[4 * i + j])} << (10 * j);
    for (size_t j = 0; j < 5; ++j) out[5 * i + j] = static_cast<uint8_t>(four >> (8 * j));
  }
}

void CompressV(const Rq& f, std::span<uint8_t, kEncodedVSize> out) {
  for (size_t i = 0; i < kN / 2; ++i) {
    out[i] = static_cast<uint8_t>(Compress<4>(f.c[2 * i]) | Compress<4>(f.c[2 * i + 1]) << 4);
  }
}

Rq MessagePolynomial(std::span<const uint8_t, 32> m) {
  constexpr uint32_t kHalfOfQ = (kQ + 1) / 2;  // round(q / 2), q being odd
  Rq f;
  for (size_t i = 0; i < kN; ++i) {
    const uint32_t bit = Opaque((m[i / 8] >> (i % 8)) & 1u);
    f.c[i] = static_cast<int16_t>(bit * kHalfOfQ);
  }
  return f;
}

absl::StatusOr<TqVector> DecodeVector(std::span<const uint8_t, kVectorSize> encoded) {
  TqVector vector;
  int greatest = 0;
  size_t at = 0;
  for (Tq& t : vector) {
    for (size_t i = 0; i < kN; i += 2, at += 3) {
      const int first = encoded[at] | (encoded[at + 1] & 0xf) << 8;
      const int second = encoded[at + 1] >> 4 | encoded[at + 2] << 4;
      t.c[i] = static_cast<int16_t>(first);
      t.c[i + 1] = static_cast<int16_t>(second);
      greatest = std::max({greatest, first, second});
    }
  }
  if (greatest >= kQ) return Fail(Code::kInvalidKey, "ML-KEM key fails the modulus check");
  return vector;
}

}  // namespace pawl::crypto::mlkem
