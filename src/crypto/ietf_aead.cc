#include "crypto/ietf_aead.h"

#include <sodium.h>

#include "base/wipe.h"
#include "crypto/aes_gcm.h"

namespace pawl::crypto {
namespace {

static_assert(crypto_aead_chacha20poly1305_ietf_KEYBYTES == KeySize(IetfAead::kChaCha20Poly1305));
static_assert(crypto_aead_chacha20poly1305_ietf_NPUBBYTES == kIetfNonceSize);
static_assert(crypto_aead_chacha20poly1305_ietf_ABYTES == kIetfTagSize);
static_assert(kAes128GcmKeySize == KeySize(IetfAead::kAes128Gcm));
static_assert(kAes128GcmNonceSize == kIetfNonceSize);
static_assert(kAes128GcmTagSize == kIetfTagSize);

// Far below the 256 GiB at which libsodium aborts.
constexpr uint64_t kMaxIetfText = uint64_t{1} << 36;

bool IetfSizesFit(ByteView key, ByteView nonce, ByteView associated_data, ByteView text,
                  ByteView sealed) {
  return key.size() == KeySize(IetfAead::kChaCha20Poly1305) && nonce.size() == kIetfNonceSize &&
         text.size() <= kMaxIetfText && associated_data.size() <= kMaxIetfText &&
         sealed.size() == text.size() + kIetfTagSize;
}

absl::Status ChaChaSeal(ByteView key, ByteView nonce, ByteView associated_data, ByteView plaintext,
                        MutableByteView sealed) {
  if (!IetfSizesFit(key, nonce, associated_data, plaintext, sealed)) {
    return Fail(Code::kInvalidArgument, "ChaCha20-Poly1305 input of wrong size");
  }
  crypto_aead_chacha20poly1305_ietf_encrypt_detached(
      sealed.data(), sealed.last(kIetfTagSize).data(), nullptr, plaintext.data(), plaintext.size(),
      associated_data.data(), associated_data.size(), nullptr, nonce.data(), key.data());
  return OkStatus();
}

absl::Status ChaChaOpen(ByteView key, ByteView nonce, ByteView associated_data, ByteView sealed,
                        MutableByteView plaintext) {
  if (!IetfSizesFit(key, nonce, associated_data, plaintext, sealed)) {
    Wipe(plaintext);
    return Fail(Code::kInvalidArgument, "ChaCha20-Poly1305 input of wrong size");
  }
  if (crypto_aead_chacha20poly1305_ietf_decrypt_detached(
          plaintext.data(), nullptr, sealed.data(), plaintext.size(),
          sealed.last(kIetfTagSize).data(), associated_data.data(), associated_data.size(),
          nonce.data(), key.data()) != 0) {
    Wipe(plaintext);
    return Fail(Code::kAuthFailed, "authentication tag does not match");
  }
  return OkStatus();
}

}  // namespace

absl::Status IetfSeal(IetfAead aead, ByteView key, ByteView nonce, ByteView associated_data,
                      ByteView plaintext, MutableByteView sealed) {
  switch (aead) {
    case IetfAead::kAes128Gcm:
      return Aes128GcmSeal(key, nonce, associated_data, plaintext, sealed);
    case IetfAead::kChaCha20Poly1305:
      return ChaChaSeal(key, nonce, associated_data, plaintext, sealed);
  }
  return Fail(Code::kUnsupported, "unknown AEAD");
}

absl::Status IetfOpen(IetfAead aead, ByteView key, ByteView nonce, ByteView associated_data,
                      ByteView sealed, MutableByteView plaintext) {
  switch (aead) {
    case IetfAead::kAes128Gcm:
      return Aes128GcmOpen(key, nonce, associated_data, sealed, plaintext);
    case IetfAead::kChaCha20Poly1305:
      return ChaChaOpen(key, nonce, associated_data, sealed, plaintext);
  }
  Wipe(plaintext);
  return Fail(Code::kUnsupported, "unknown AEAD");
}

}  // namespace pawl::crypto
