#include "crypto/mlkem_sampling.h"

#include <sodium.h>

namespace pawl::crypto::mlkem {
namespace {

constexpr size_t kPrfSize = 64 * 2;  // 64 * eta

using PrfOutput = Secret<struct MlKemPrfOutputTag, kPrfSize>;

// Not libsodium's one call: that one leaves its state, which gives the output away, on the stack.
PrfOutput Prf(const EncryptionRandomness& r, uint8_t n) {
  PrfOutput out = PrfOutput::Zero();
  crypto_xof_shake256_state state;
  crypto_xof_shake256_init(&state);
  crypto_xof_shake256_update(&state, r.Expose().data(), r.kSize);
  crypto_xof_shake256_update(&state, &n, 1);
  crypto_xof_shake256_squeeze(&state, out.Writable().data(), out.kSize);
  sodium_memzero(&state, sizeof state);
  return out;
}

}  // namespace

Tq SampleNtt(std::span<const uint8_t, 32> rho, uint8_t j, uint8_t i) {
  const ByteArray<2> position = {j, i};
  crypto_xof_shake128_state xof;
  crypto_xof_shake128_init(&xof);
  crypto_xof_shake128_update(&xof, rho.data(), rho.size());
  crypto_xof_shake128_update(&xof, position.data(), position.size());

  Tq a;
  int filled = 0;
  while (filled < kN) {
    ByteArray<crypto_xof_shake128_BLOCKBYTES> block;
    static_assert(sizeof block % 3 == 0);
    crypto_xof_shake128_squeeze(&xof, block.data(), block.size());
    for (size_t at = 0; at < block.size() && filled < kN; at += 3) {
      const int d1 = block[at] | (block[at + 1] & 0xf) << 8;
      const int d2 = block[at + 1] >> 4 | block[at + 2] << 4;
      // Written first and kept if below q: branches that a fifth of them refutes cost more.
      a.c[filled] = static_cast<int16_t>(d1);
      filled += d1 < kQ ? 1 : 0;
      if (filled == kN) break;
      a.c[filled] = static_cast<int16_t>(d2);
      filled += d2 < kQ ? 1 : 0;
    }
  }
  return a;
}

Rq SamplePolyCbd(const EncryptionRandomness& r, uint8_t n) {
  const PrfOutput bits = Prf(r, n);
  Rq f;
  for (size_t i = 0; i < kPrfSize; ++i) {
    // A byte has x and y of two coefficients, two bits each; first each pair of bits is added.
    const uint32_t byte = bits.Expose()[i];
    const uint32_t sums = (byte & 0x55) + ((byte >> 1) & 0x55);
    f.c[2 * i] = static_cast<int16_t>((sums & 3) - ((sums >> 2) & 3));
    f.c[2 * i + 1] = static_cast<int16_t>(((sums >> 4) & 3) - (sums >> 6));
  }
  return f;
}

}  // namespace pawl::crypto::mlkem
