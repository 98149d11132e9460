#include "crypto/xwing.h"

#include <sodium.h>

namespace pawl::crypto {

static_assert(crypto_kem_xwing_PUBLICKEYBYTES == kXWingPublicSize);
static_assert(crypto_kem_xwing_CIPHERTEXTBYTES == kXWingCiphertextSize);
static_assert(crypto_kem_xwing_SECRETKEYBYTES == XWingSeed::kSize);
static_assert(crypto_kem_xwing_SEEDBYTES == XWingSeed::kSize);
static_assert(crypto_kem_xwing_SHAREDSECRETBYTES == SharedSecret::kSize);

namespace {

constexpr size_t kEncapsSeedSize = 64;  // m of ML-KEM, then the ephemeral X25519 scalar

using EncapsSeed = Secret<struct XWingEncapsSeedTag, kEncapsSeedSize>;

}  // namespace

XWingKeyPair XWingKeyPair::Generate(Rng& rng) { return FromSeed(XWingSeed::Random(rng)); }

XWingKeyPair XWingKeyPair::FromSeed(XWingSeed seed) {
  XWingKeyPair pair{XWingSeed::Zero(), {}};
  crypto_kem_xwing_seed_keypair(pair.pub.data(), pair.secret.Writable().data(),
                                seed.Expose().data());
  return pair;
}

absl::StatusOr<XWingEncapsulation> XWingEncapsulate(const XWingPublic& key, Rng& rng) {
  return XWingEncapsulateDeterministic(key, EncapsSeed::Random(rng).Expose());
}

absl::StatusOr<XWingEncapsulation> XWingEncapsulateDeterministic(const XWingPublic& key,
                                                                 ByteView eseed64) {
  if (eseed64.size() != kEncapsSeedSize) {
    return Fail(Code::kInvalidArgument, "eseed must be 64 bytes");
  }
  XWingEncapsulation out{{}, SharedSecret::Zero()};
  if (crypto_kem_xwing_enc_deterministic(out.ciphertext.data(), out.shared.Writable().data(),
                                         key.data(), eseed64.data()) != 0) {
    return Fail(Code::kInvalidKey, "X-Wing encapsulation key is not valid");
  }
  return out;
}

absl::StatusOr<SharedSecret> XWingDecapsulate(const XWingSeed& key,
                                              const XWingCiphertext& ciphertext) {
  SharedSecret shared = SharedSecret::Zero();
  if (crypto_kem_xwing_dec(shared.Writable().data(), ciphertext.data(), key.Expose().data()) != 0) {
    return Fail(Code::kInvalidKey, "X-Wing ciphertext holds a point of small order");
  }
  return shared;
}

}  // namespace pawl::crypto
