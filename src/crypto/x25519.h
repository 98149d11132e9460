#ifndef PAWL_CRYPTO_X25519_H_
#define PAWL_CRYPTO_X25519_H_

#include "base/bytes.h"
#include "base/rng.h"
#include "base/status.h"
#include "crypto/secret.h"

namespace pawl::crypto {

using X25519Public = ByteArray<32>;
using X25519Private = Secret<struct X25519PrivateTag, 32>;
using SharedSecret = Secret<struct SharedSecretTag, 32>;

struct X25519KeyPair {
  X25519Private secret;
  X25519Public pub;
  static X25519KeyPair Generate(Rng& rng);
  static X25519KeyPair FromPrivate(X25519Private secret);
  X25519KeyPair Clone() const { return {secret.Clone(), pub}; }
};

// RFC 7748 §6.1. kInvalidKey when the output is all zero (a point of small order), in constant
// time.
absl::StatusOr<SharedSecret> X25519(const X25519Private& secret, const X25519Public& peer);

// False for encodings >= 2^255-19 or with the top bit set: two byte strings for one key would split
// a transcript.
bool IsCanonicalX25519(const X25519Public& key);

}  // namespace pawl::crypto

#endif  // PAWL_CRYPTO_X25519_H_
