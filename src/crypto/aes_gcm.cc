#include "crypto/aes_gcm.h"

#include <openssl/evp.h>

#include <climits>
#include <memory>

#include "base/wipe.h"

namespace pawl::crypto {
namespace {

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

enum class Direction : int { kOpen = 0, kSeal = 1 };

// libcrypto counts in int.
bool AesGcmSizesFit(ByteView key, ByteView nonce, ByteView associated_data, ByteView text,
                    ByteView sealed) {
  return key.size() == kAes128GcmKeySize && nonce.size() == kAes128GcmNonceSize &&
         sealed.size() <= INT_MAX && associated_data.size() <= INT_MAX &&
         sealed.size() >= kAes128GcmTagSize && text.size() == sealed.size() - kAes128GcmTagSize;
}

// Null when there is no memory. 96 bits is GCM's default nonce length.
Context Start(Direction direction, ByteView key, ByteView nonce, ByteView associated_data) {
  Context context(EVP_CIPHER_CTX_new());
  int written = 0;
  if (context == nullptr ||
      EVP_CipherInit_ex(context.get(), EVP_aes_128_gcm(), nullptr, key.data(), nonce.data(),
                        static_cast<int>(direction)) != 1 ||
      (!associated_data.empty() &&
       EVP_CipherUpdate(context.get(), nullptr, &written, associated_data.data(),
                        static_cast<int>(associated_data.size())) != 1)) {
    return nullptr;
  }
  return context;
}

// An update of length 0 is a finish to some ciphers.
bool Crypt(const Context& context, ByteView from, MutableByteView to) {
  int written = 0;
  return from.empty() || EVP_CipherUpdate(context.get(), to.data(), &written, from.data(),
                                          static_cast<int>(from.size())) == 1;
}

bool Finish(const Context& context) {
  uint8_t none[kAes128GcmTagSize];  // GCM has no last block, but the call wants a place for one
  int written = 0;
  return EVP_CipherFinal_ex(context.get(), none, &written) == 1;
}

}  // namespace

absl::Status Aes128GcmSeal(ByteView key, ByteView nonce, ByteView associated_data,
                           ByteView plaintext, MutableByteView sealed) {
  if (!AesGcmSizesFit(key, nonce, associated_data, plaintext, sealed)) {
    return Fail(Code::kInvalidArgument, "AES-128-GCM input of wrong size");
  }
  const Context context = Start(Direction::kSeal, key, nonce, associated_data);
  const MutableByteView tag = sealed.last(kAes128GcmTagSize);
  if (context == nullptr || !Crypt(context, plaintext, sealed) || !Finish(context) ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, kAes128GcmTagSize, tag.data()) !=
          1) {
    Wipe(sealed);
    return Fail(Code::kOutOfMemory, "libcrypto failed");
  }
  return OkStatus();
}

absl::Status Aes128GcmOpen(ByteView key, ByteView nonce, ByteView associated_data, ByteView sealed,
                           MutableByteView plaintext) {
  if (!AesGcmSizesFit(key, nonce, associated_data, plaintext, sealed)) {
    Wipe(plaintext);
    return Fail(Code::kInvalidArgument, "AES-128-GCM input of wrong size");
  }
  const Context context = Start(Direction::kOpen, key, nonce, associated_data);
  ByteArray<kAes128GcmTagSize> tag;  // libcrypto takes it as not const
  std::copy(sealed.end() - kAes128GcmTagSize, sealed.end(), tag.begin());
  if (context == nullptr || !Crypt(context, sealed.first(plaintext.size()), plaintext) ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, kAes128GcmTagSize, tag.data()) !=
          1) {
    Wipe(plaintext);
    return Fail(Code::kOutOfMemory, "libcrypto failed");
  }
  if (!Finish(context)) {
    Wipe(plaintext);
    return Fail(Code::kAuthFailed, "authentication tag does not match");
  }
  return OkStatus();
}

}  // namespace pawl::crypto
