#ifndef PAWL_CRYPTO_PASSWORD_H_
#define PAWL_CRYPTO_PASSWORD_H_

#include <string_view>

#include "base/bytes.h"
#include "base/status.h"
#include "crypto/aead.h"

namespace pawl::crypto {

// Argon2id (RFC 9106), one lane. Parameters travel beside what they protect.
struct Argon2Params {
  uint32_t memory_mib =
      256;  // [64, 1024]: a file may not ask for less work, nor for all the host's memory
  uint32_t passes = 3;  // [1, 16]
};
constexpr uint32_t kArgon2FloorMib = 64;
constexpr uint32_t kArgon2CapMib = 1024;
constexpr size_t kMaxPassphrase = 1024;

// kInvalidArgument outside the bounds above, kOutOfMemory when the memory cannot be had. Takes
// about a second.
absl::StatusOr<AeadKey> Argon2id(std::string_view passphrase, const ByteArray<16>& salt,
                                 const Argon2Params& params);

}  // namespace pawl::crypto

#endif  // PAWL_CRYPTO_PASSWORD_H_
