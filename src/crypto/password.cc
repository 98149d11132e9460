#include "crypto/password.h"

#include <sodium.h>

namespace pawl::crypto {
namespace {

constexpr uint32_t kMaxPasses = 16;
static_assert(crypto_pwhash_argon2id_SALTBYTES == 16);

bool InBounds(const Argon2Params& params) {
  return params.memory_mib >= kArgon2FloorMib && params.memory_mib <= kArgon2CapMib &&
         params.passes >= 1 && params.passes <= kMaxPasses;
}

}  // namespace

absl::StatusOr<AeadKey> Argon2id(std::string_view passphrase, const ByteArray<16>& salt,
                                 const Argon2Params& params) {
  if (!InBounds(params)) return Fail(Code::kInvalidArgument, "Argon2id parameters out of bounds");
  if (passphrase.size() > kMaxPassphrase) {
    return Fail(Code::kInvalidArgument, "passphrase longer than 1 KiB");
  }
  AeadKey key = AeadKey::Zero();
  const char* text = passphrase.empty() ? "" : passphrase.data();
  if (crypto_pwhash_argon2id(key.Writable().data(), AeadKey::kSize, text, passphrase.size(),
                             salt.data(), params.passes, size_t{params.memory_mib} << 20,
                             crypto_pwhash_argon2id_ALG_ARGON2ID13) != 0) {
    return Fail(Code::kOutOfMemory, "no memory for Argon2id");
  }
  return key;
}

}  // namespace pawl::crypto
