#ifndef PAWL_CRYPTO_HPKE_KEM_H_
#define PAWL_CRYPTO_HPKE_KEM_H_

#include "base/bytes.h"
#include "base/rng.h"
#include "base/status.h"
#include "crypto/secret.h"
#include "crypto/x25519.h"

namespace pawl::crypto {

// The KEMs of HPKE that Pawl speaks, by their IANA ids.
enum class HpkeKem : uint16_t {
  kX25519HkdfSha256 = 0x0020,  // RFC 9180 §4.1; public key and enc 32 bytes
  kXWing = 0x647a,             // draft-ietf-hpke-pq; public key 1,216 bytes, enc 1,120 bytes
};

// 32 bytes in both: an X25519 scalar, an X-Wing seed.
using HpkePrivate = Secret<struct HpkePrivateTag, 32>;

struct HpkeKeyPair {
  HpkePrivate secret;
  Bytes pub;
};

size_t HpkePublicSize(HpkeKem kem);  // Npk
size_t HpkeEncSize(HpkeKem kem);     // Nenc

HpkeKeyPair HpkeGenerateKeyPair(HpkeKem kem, Rng& rng);
// `ikm` SHOULD have at least 32 bytes of entropy (RFC 9180 §7.1.3). kInvalidArgument when shorter
// than 32 bytes.
absl::StatusOr<HpkeKeyPair> HpkeDeriveKeyPair(HpkeKem kem, ByteView ikm);
HpkeKeyPair HpkeKeyPairOf(HpkeKem kem, HpkePrivate secret);

struct HpkeEncapsulation {
  Bytes enc;
  SharedSecret shared;
};

// kInvalidKey for a key of another length or of small order, or one that fails the modulus check.
absl::StatusOr<HpkeEncapsulation> HpkeEncapsulate(HpkeKem kem, ByteView pub, Rng& rng);
// kInvalidKey when `enc` has another length or holds a point of small order.
absl::StatusOr<SharedSecret> HpkeDecapsulate(HpkeKem kem, ByteView enc, const HpkePrivate& secret);

}  // namespace pawl::crypto

#endif  // PAWL_CRYPTO_HPKE_KEM_H_
