#include "crypto/x25519.h"

#include <sodium.h>

namespace pawl::crypto {

X25519KeyPair X25519KeyPair::Generate(Rng& rng) { return FromPrivate(X25519Private::Random(rng)); }

X25519KeyPair X25519KeyPair::FromPrivate(X25519Private secret) {
  X25519Public pub;
  crypto_scalarmult_curve25519_base(pub.data(), secret.Expose().data());
  return {std::move(secret), pub};
}

absl::StatusOr<SharedSecret> X25519(const X25519Private& secret, const X25519Public& peer) {
  SharedSecret shared = SharedSecret::Zero();
  // RFC 7748 §6.1: "without leaking extra information about the value of K". libsodium compares in
  // constant time, and also refuses the encodings of small-order points before the ladder.
  if (crypto_scalarmult_curve25519(shared.Writable().data(), secret.Expose().data(), peer.data()) !=
      0) {
    return Fail(Code::kInvalidKey, "X25519 point of small order");
  }
  return shared;
}

bool IsCanonicalX25519(const X25519Public& key) {
  // p = 2^255 - 19, little-endian: ed ff … ff 7f.
  constexpr uint8_t kLowestByteOfP = 0xed;
  if (key[31] < 0x7f) return true;
  if (key[31] > 0x7f) return false;
  const bool middle_all_ones =
      std::all_of(key.begin() + 1, key.end() - 1, [](uint8_t byte) { return byte == 0xff; });
  return !middle_all_ones || key[0] < kLowestByteOfP;
}

}  // namespace pawl::crypto
