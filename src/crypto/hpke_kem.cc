#include "crypto/hpke_kem.h"

#include "crypto/hpke_labeled.h"
#include "crypto/xwing.h"

namespace pawl::crypto {
namespace {

constexpr size_t kLeastIkm = 32;

// "KEM" || I2OSP(kem_id, 2)
ByteArray<5> SuiteId(HpkeKem kem) {
  const auto id = static_cast<uint16_t>(kem);
  return {'K', 'E', 'M', static_cast<uint8_t>(id >> 8), static_cast<uint8_t>(id)};
}

template <size_t N>
ByteArray<N> ArrayOf(ByteView bytes) {
  ByteArray<N> out;
  std::copy_n(bytes.begin(), N, out.begin());
  return out;
}

// RFC 9180 §7.1.3, DHKEM: sk = LabeledExpand(dkp_prk, "sk", "", Nsk).
absl::StatusOr<HpkePrivate> DeriveX25519(ByteView ikm) {
  const auto suite_id = SuiteId(HpkeKem::kX25519HkdfSha256);
  const Prk256 prk = LabeledExtract(suite_id, {}, "dkp_prk", ikm);
  HpkePrivate secret = HpkePrivate::Zero();
  PAWL_TRY(LabeledExpand(suite_id, prk, "sk", {}, secret.Writable()));
  return secret;
}

HpkePrivate DeriveXWing(ByteView ikm) {
  HpkePrivate secret = HpkePrivate::Zero();
  LabeledDeriveShake256(SuiteId(HpkeKem::kXWing), "DeriveKeyPair", ikm, secret.Writable());
  return secret;
}

// RFC 9180 §4.1, ExtractAndExpand with kem_context = enc || pkRm.
absl::StatusOr<SharedSecret> ExtractAndExpand(const SharedSecret& dh, ByteView enc, ByteView pub) {
  const auto suite_id = SuiteId(HpkeKem::kX25519HkdfSha256);
  const Prk256 prk = LabeledExtract(suite_id, {}, "eae_prk", dh.Expose());
  SharedSecret shared = SharedSecret::Zero();
  PAWL_TRY(LabeledExpand(suite_id, prk, "shared_secret", {enc, pub}, shared.Writable()));
  return shared;
}

absl::StatusOr<HpkeEncapsulation> EncapsulateX25519(ByteView pub, Rng& rng) {
  // GenerateKeyPair() as DeriveKeyPair(random(Nsk)) (RFC 9180 §4), which the vectors can replay.
  const auto ikm = Secret<struct EphemeralIkmTag, kLeastIkm>::Random(rng);
  PAWL_ASSIGN(const HpkePrivate secret, DeriveX25519(ikm.Expose()));
  const auto ephemeral = X25519KeyPair::FromPrivate(X25519Private::From(secret.Expose()));
  PAWL_ASSIGN(const SharedSecret dh, X25519(ephemeral.secret, ArrayOf<32>(pub)));
  PAWL_ASSIGN(SharedSecret shared, ExtractAndExpand(dh, ephemeral.pub, pub));
  return HpkeEncapsulation{ToBytes(ephemeral.pub), std::move(shared)};
}

absl::StatusOr<SharedSecret> DecapsulateX25519(ByteView enc, const HpkePrivate& secret) {
  const auto pair = X25519KeyPair::FromPrivate(X25519Private::From(secret.Expose()));
  PAWL_ASSIGN(const SharedSecret dh, X25519(pair.secret, ArrayOf<32>(enc)));
  return ExtractAndExpand(dh, enc, pair.pub);
}

}  // namespace

size_t HpkePublicSize(HpkeKem kem) { return kem == HpkeKem::kXWing ? kXWingPublicSize : 32; }
size_t HpkeEncSize(HpkeKem kem) { return kem == HpkeKem::kXWing ? kXWingCiphertextSize : 32; }

HpkeKeyPair HpkeKeyPairOf(HpkeKem kem, HpkePrivate secret) {
  if (kem == HpkeKem::kXWing) {
    const auto pair = XWingKeyPair::FromSeed(XWingSeed::From(secret.Expose()));
    return {std::move(secret), ToBytes(pair.pub)};
  }
  const auto pair = X25519KeyPair::FromPrivate(X25519Private::From(secret.Expose()));
  return {std::move(secret), ToBytes(pair.pub)};
}

HpkeKeyPair HpkeGenerateKeyPair(HpkeKem kem, Rng& rng) {
  return HpkeKeyPairOf(kem, HpkePrivate::Random(rng));
}

absl::StatusOr<HpkeKeyPair> HpkeDeriveKeyPair(HpkeKem kem, ByteView ikm) {
  if (ikm.size() < kLeastIkm) return Fail(Code::kInvalidArgument, "ikm shorter than 32 bytes");
  if (kem == HpkeKem::kXWing) return HpkeKeyPairOf(kem, DeriveXWing(ikm));
  PAWL_ASSIGN(HpkePrivate secret, DeriveX25519(ikm));
  return HpkeKeyPairOf(kem, std::move(secret));
}

absl::StatusOr<HpkeEncapsulation> HpkeEncapsulate(HpkeKem kem, ByteView pub, Rng& rng) {
  if (pub.size() != HpkePublicSize(kem)) return Fail(Code::kInvalidKey, "HPKE key of wrong size");
  if (kem == HpkeKem::kX25519HkdfSha256) return EncapsulateX25519(pub, rng);
  PAWL_ASSIGN(XWingEncapsulation made, XWingEncapsulate(ArrayOf<kXWingPublicSize>(pub), rng));
  return HpkeEncapsulation{ToBytes(made.ciphertext), std::move(made.shared)};
}

absl::StatusOr<SharedSecret> HpkeDecapsulate(HpkeKem kem, ByteView enc, const HpkePrivate& secret) {
  if (enc.size() != HpkeEncSize(kem)) return Fail(Code::kInvalidKey, "HPKE enc of wrong size");
  if (kem == HpkeKem::kX25519HkdfSha256) return DecapsulateX25519(enc, secret);
  return XWingDecapsulate(XWingSeed::From(secret.Expose()), ArrayOf<kXWingCiphertextSize>(enc));
}

}  // namespace pawl::crypto
