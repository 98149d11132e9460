#include "session/sealed_block.h"

#include <algorithm>

#include "codec/writer.h"
#include "crypto/aead.h"
#include "crypto/kdf.h"

namespace pawl::session {
namespace {

constexpr std::string_view kSealedLabel = "Pawl sealed handshake v1";
constexpr auto kSealedSuite = crypto::Suite::kXChaCha20Poly1305;

struct SealKeys {
  crypto::AeadKey key = crypto::AeadKey::Zero();
  ByteArray<24> nonce{};
};

// The shared secret is of one encapsulation, so key and nonce meet once.
SealKeys Derive(const crypto::SharedSecret& shared) {
  using Scratch = crypto::Secret<struct ScratchTag, 56>;
  Scratch okm = Scratch::Zero();
  crypto::Blake2bKeyed(shared.Expose(), {AsBytes(kSealedLabel)}, okm.Writable());
  SealKeys keys;
  std::copy_n(okm.Expose().begin(), 32, keys.key.Writable().begin());
  std::copy_n(okm.Expose().begin() + 32, 24, keys.nonce.begin());
  return keys;
}

Bytes AssociatedData(ByteView envelope, const identity::DeviceAddress& mailbox) {
  codec::Writer out(512);
  out.Raw(envelope.first(kPrefixSize));
  identity::Write(out, mailbox);
  return ToBytes(out.view());
}

}  // namespace

absl::Status SealBlock(const crypto::XWingPublic& seal_key, const identity::DeviceAddress& mailbox,
                       const HandshakeBlock& block, Rng& rng, MutableByteView frame) {
  PAWL_ASSIGN(const crypto::XWingEncapsulation kem, crypto::XWingEncapsulate(seal_key, rng));
  const MutableByteView part = frame.subspan(kPrefixSize, kHandshakePartSize);
  const MutableByteView sealed = part.subspan(crypto::kXWingCiphertextSize);
  PAWL_TRY(EncodeBlock(block, sealed.first<kHandshakeBlockSize>()));
  std::copy(kem.ciphertext.begin(), kem.ciphertext.end(), part.begin());
  const SealKeys keys = Derive(kem.shared);
  crypto::SealInPlace(kSealedSuite, keys.key, keys.nonce, AssociatedData(frame, mailbox),
                      sealed.first<kHandshakeBlockSize>(), sealed.subspan(kHandshakeBlockSize));
  return OkStatus();
}

absl::StatusOr<HandshakeBlock> OpenBlock(const crypto::XWingSeed& seal_key,
                                         const identity::DeviceAddress& mailbox,
                                         ByteView envelope) {
  if (envelope.size() < kPrefixSize + kHandshakePartSize) {
    return Fail(Code::kMalformed, "no room for a handshake");
  }
  const ByteView part = envelope.subspan(kPrefixSize, kHandshakePartSize);
  crypto::XWingCiphertext ciphertext;
  std::copy_n(part.begin(), ciphertext.size(), ciphertext.begin());
  PAWL_ASSIGN(const crypto::SharedSecret shared, crypto::XWingDecapsulate(seal_key, ciphertext));
  const ByteView sealed = part.subspan(ciphertext.size());
  const SealKeys keys = Derive(shared);
  // It says who writes to whom: wiped like a secret.
  crypto::SecretBytes block(kHandshakeBlockSize);
  PAWL_TRY(crypto::Open(kSealedSuite, keys.key, keys.nonce, AssociatedData(envelope, mailbox),
                        sealed.first(kHandshakeBlockSize), sealed.subspan(kHandshakeBlockSize),
                        block.Writable()));
  return ParseBlock(block.Expose().first<kHandshakeBlockSize>());
}

}  // namespace pawl::session
