#include "crypto/ed25519.h"

#include <sodium.h>

namespace pawl::crypto {
namespace {

constexpr size_t kMaxLabel = 255;

// libsodium's signing key is seed || public key.
using ExpandedKey = Secret<struct ExpandedKeyTag, 64>;

ExpandedKey Expand(const Ed25519Seed& seed, const Ed25519Public& pub) {
  ExpandedKey key = ExpandedKey::Zero();
  std::copy(seed.Expose().begin(), seed.Expose().end(), key.Writable().begin());
  std::copy(pub.begin(), pub.end(), key.Writable().begin() + 32);
  return key;
}

Ed25519Public PublicOf(const Ed25519Seed& seed) {
  ExpandedKey key = ExpandedKey::Zero();
  Ed25519Public pub;
  crypto_sign_ed25519_seed_keypair(pub.data(), key.Writable().data(), seed.Expose().data());
  return pub;
}

// len8(label) || label || message.
Bytes Labelled(std::string_view label, ByteView message) {
  Bytes text;
  text.reserve(1 + label.size() + message.size());
  text.push_back(static_cast<uint8_t>(label.size()));
  text.insert(text.end(), label.begin(), label.end());
  text.insert(text.end(), message.begin(), message.end());
  return text;
}

Ed25519Signature SignWith(const ExpandedKey& key, ByteView message) {
  Ed25519Signature signature;
  crypto_sign_ed25519_detached(signature.data(), nullptr, message.data(), message.size(),
                               key.Expose().data());
  return signature;
}

}  // namespace

Ed25519KeyPair Ed25519KeyPair::Generate(Rng& rng) { return FromSeed(Ed25519Seed::Random(rng)); }

Ed25519KeyPair Ed25519KeyPair::FromSeed(Ed25519Seed seed) {
  const Ed25519Public pub = PublicOf(seed);
  return {std::move(seed), pub};
}

Ed25519Signature Ed25519KeyPair::Sign(std::string_view label, ByteView message) const {
  if (label.size() > kMaxLabel) return {};
  return SignWith(Expand(seed_, pub_), Labelled(label, message));
}

absl::Status Verify(const Ed25519Public& key, std::string_view label, ByteView message,
                    const Ed25519Signature& signature) {
  if (label.size() > kMaxLabel) return Fail(Code::kAuthFailed, "signature label too long");
  return VerifyRaw(key, Labelled(label, message), signature);
}

absl::Status VerifyRaw(const Ed25519Public& key, ByteView message, ByteView signature) {
  // libsodium refuses S >= L, and keys and R of small order or non-canonical encoding: RFC 8032
  // §5.1.7 without its optional cofactored leniency.
  if (signature.size() != crypto_sign_ed25519_BYTES ||
      crypto_sign_ed25519_verify_detached(signature.data(), message.data(), message.size(),
                                          key.data()) != 0) {
    return Fail(Code::kAuthFailed, "signature does not verify");
  }
  return OkStatus();
}

Ed25519Signature SignRaw(const Ed25519Seed& seed, ByteView message) {
  return SignWith(Expand(seed, PublicOf(seed)), message);
}

}  // namespace pawl::crypto
