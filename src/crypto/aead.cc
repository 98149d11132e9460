#include "crypto/aead.h"

#include <sodium.h>

#include "crypto/nonce_watch.h"

namespace pawl::crypto {
namespace {

// libsodium aborts above its own limits (256 GiB for XChaCha20); nothing of ours comes near this.
constexpr uint64_t kMaxText = uint64_t{1} << 36;

static_assert(crypto_aead_aegis256_KEYBYTES == kAeadKeySize);
static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == kAeadKeySize);
static_assert(crypto_aead_aegis256_NPUBBYTES == NonceSize(Suite::kAegis256));
static_assert(crypto_aead_aegis256_ABYTES == TagSize(Suite::kAegis256));
static_assert(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES == NonceSize(Suite::kXChaCha20Poly1305));
static_assert(crypto_aead_xchacha20poly1305_ietf_ABYTES == TagSize(Suite::kXChaCha20Poly1305));

bool LengthsFit(Suite suite, ByteView nonce, ByteView associated_data, ByteView text,
                ByteView tag) {
  return IsKnownSuite(static_cast<uint16_t>(suite)) && nonce.size() == NonceSize(suite) &&
         tag.size() == TagSize(suite) && text.size() <= kMaxText &&
         associated_data.size() <= kMaxText;
}

}  // namespace

void SealInPlace(Suite suite, const AeadKey& key, ByteView nonce, ByteView associated_data,
                 MutableByteView text, MutableByteView tag) {
  if (!LengthsFit(suite, nonce, associated_data, text, tag)) {
    Wipe(text);
    Wipe(tag);
    return;
  }
  PAWL_SEALED(key.Expose(), nonce);
  const auto seal = suite == Suite::kAegis256 ? crypto_aead_aegis256_encrypt_detached
                                              : crypto_aead_xchacha20poly1305_ietf_encrypt_detached;
  seal(text.data(), tag.data(), nullptr, text.data(), text.size(), associated_data.data(),
       associated_data.size(), nullptr, nonce.data(), key.Expose().data());
}

absl::Status Open(Suite suite, const AeadKey& key, ByteView nonce, ByteView associated_data,
                  ByteView ciphertext, ByteView tag, MutableByteView plaintext) {
  if (!LengthsFit(suite, nonce, associated_data, ciphertext, tag) ||
      plaintext.size() != ciphertext.size()) {
    Wipe(plaintext);
    return Fail(Code::kAuthFailed, "sealed text of impossible size");
  }
  const auto open = suite == Suite::kAegis256 ? crypto_aead_aegis256_decrypt_detached
                                              : crypto_aead_xchacha20poly1305_ietf_decrypt_detached;
  // libsodium's AEGIS decrypts before it compares tags, so the output is wiped here, whatever it
  // did itself.
  if (open(plaintext.data(), nullptr, ciphertext.data(), ciphertext.size(), tag.data(),
           associated_data.data(), associated_data.size(), nonce.data(),
           key.Expose().data()) != 0) {
    Wipe(plaintext);
    return Fail(Code::kAuthFailed, "authentication tag does not match");
  }
  return OkStatus();
}

}  // namespace pawl::crypto
