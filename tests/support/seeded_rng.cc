#include "support/seeded_rng.h"

#include <gtest/gtest.h>

#include "crypto/aead.h"

namespace pawl::test {
namespace {

template <size_t N>
ByteArray<N> BigEndian(uint64_t value) {
  ByteArray<N> out{};
  for (size_t i = 0; i < 8; ++i) out[N - 1 - i] = static_cast<uint8_t>(value >> (8 * i));
  return out;
}

constexpr auto kStream = crypto::Suite::kXChaCha20Poly1305;

}  // namespace

SeededRng::SeededRng(uint64_t seed) : key_(crypto::AeadKey::From(BigEndian<32>(seed))) {}

// The encryption of zeros is the key stream; the draw's number is the nonce.
void SeededRng::Fill(MutableByteView out) {
  std::fill(out.begin(), out.end(), uint8_t{0});
  ByteArray<crypto::TagSize(kStream)> tag;
  crypto::SealInPlace(kStream, key_, BigEndian<crypto::NonceSize(kStream)>(draws_++), {}, out, tag);
}

void ScriptedRng::Fill(MutableByteView out) {
  if (out.size() > remaining()) {
    ADD_FAILURE() << "script holds " << remaining() << " bytes, asked for " << out.size();
    std::fill(out.begin(), out.end(), uint8_t{0});
    return;
  }
  std::copy_n(script_.begin() + static_cast<std::ptrdiff_t>(at_), out.size(), out.begin());
  at_ += out.size();
}

}  // namespace pawl::test
