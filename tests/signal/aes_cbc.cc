#include "aes_cbc.h"

#include <openssl/evp.h>

#include <climits>
#include <memory>

namespace pawl::signal {
namespace {

constexpr size_t kBlock = 16;

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

enum class Direction : int { kOpen = 0, kSeal = 1 };

absl::StatusOr<Bytes> Crypt(Direction direction, ByteView key, ByteView iv, ByteView in) {
  if (key.size() != 32 || iv.size() != kBlock || in.size() > INT_MAX - kBlock) {
    return Fail(Code::kInvalidArgument, "AES-256-CBC input of wrong size");
  }
  const Context context(EVP_CIPHER_CTX_new());
  Bytes out(in.size() + kBlock);
  int written = 0, rest = 0;
  if (context == nullptr ||
      EVP_CipherInit_ex(context.get(), EVP_aes_256_cbc(), nullptr, key.data(), iv.data(),
                        static_cast<int>(direction)) != 1 ||
      (!in.empty() && EVP_CipherUpdate(context.get(), out.data(), &written, in.data(),
                                       static_cast<int>(in.size())) != 1)) {
    return Fail(Code::kOutOfMemory, "libcrypto failed");
  }
  if (EVP_CipherFinal_ex(context.get(), out.data() + written, &rest) != 1) {
    return Fail(Code::kMalformed, "AES-CBC padding");
  }
  out.resize(static_cast<size_t>(written) + static_cast<size_t>(rest));
  return out;
}

}  // namespace

absl::StatusOr<Bytes> AesCbcSeal(ByteView key, ByteView iv, ByteView plaintext) {
  return Crypt(Direction::kSeal, key, iv, plaintext);
}

absl::StatusOr<Bytes> AesCbcOpen(ByteView key, ByteView iv, ByteView ciphertext) {
  return Crypt(Direction::kOpen, key, iv, ciphertext);
}

}  // namespace pawl::signal
