#ifndef PAWL_CRYPTO_XWING_H_
#define PAWL_CRYPTO_XWING_H_

#include "base/bytes.h"
#include "base/rng.h"
#include "base/status.h"
#include "crypto/secret.h"
#include "crypto/x25519.h"

namespace pawl::crypto {

// X-Wing (draft-connolly-cfrg-xwing-kem): ML-KEM-768 and X25519. The private key is its 32-byte
// seed.
constexpr size_t kXWingPublicSize = 1216;
constexpr size_t kXWingCiphertextSize = 1120;
using XWingPublic = ByteArray<kXWingPublicSize>;
using XWingCiphertext = ByteArray<kXWingCiphertextSize>;
using XWingSeed = Secret<struct XWingSeedTag, 32>;

struct XWingKeyPair {
  XWingSeed secret;
  XWingPublic pub;
  static XWingKeyPair Generate(Rng& rng);
  static XWingKeyPair FromSeed(XWingSeed seed);
};

struct XWingEncapsulation {
  XWingCiphertext ciphertext;
  SharedSecret shared;
};

absl::StatusOr<XWingEncapsulation> XWingEncapsulate(const XWingPublic& key, Rng& rng);
absl::StatusOr<XWingEncapsulation> XWingEncapsulateDeterministic(const XWingPublic& key,
                                                                 ByteView eseed64);
absl::StatusOr<SharedSecret> XWingDecapsulate(const XWingSeed& key,
                                              const XWingCiphertext& ciphertext);

}  // namespace pawl::crypto

#endif  // PAWL_CRYPTO_XWING_H_
