#ifndef PAWL_CRYPTO_ED25519_H_
#define PAWL_CRYPTO_ED25519_H_

#include "base/bytes.h"
#include "base/rng.h"
#include "base/status.h"
#include "crypto/secret.h"

namespace pawl::crypto {

using Ed25519Public = ByteArray<32>;
using Ed25519Signature = ByteArray<64>;
using Ed25519Seed = Secret<struct Ed25519SeedTag, 32>;

// RFC 8032 signing key, kept as its 32-byte seed.
class Ed25519KeyPair {
 public:
  static Ed25519KeyPair Generate(Rng& rng);
  static Ed25519KeyPair FromSeed(Ed25519Seed seed);

  const Ed25519Public& pub() const { return pub_; }
  const Ed25519Seed& seed() const { return seed_; }
  // Signs len8(label) || label || message: no signature for one purpose verifies for another. The
  // label is a constant of at most 255 bytes; a longer one gives zeros, which never verify.
  Ed25519Signature Sign(std::string_view label, ByteView message) const;
  Ed25519KeyPair Clone() const { return {seed_.Clone(), pub_}; }

 private:
  Ed25519KeyPair(Ed25519Seed seed, const Ed25519Public& pub) : seed_(std::move(seed)), pub_(pub) {}
  Ed25519Seed seed_;
  Ed25519Public pub_;
};

// kAuthFailed when the signature is wrong or malleable, or the key has small order.
absl::Status Verify(const Ed25519Public& key, std::string_view label, ByteView message,
                    const Ed25519Signature& signature);

// RFC 8032 without a label, for third-party formats and vectors.
absl::Status VerifyRaw(const Ed25519Public& key, ByteView message, ByteView signature);
Ed25519Signature SignRaw(const Ed25519Seed& seed, ByteView message);

}  // namespace pawl::crypto

#endif  // PAWL_CRYPTO_ED25519_H_
