#include "crypto/init.h"

#include <sodium.h>

namespace pawl::crypto {

absl::Status Init() {
  if (sodium_init() < 0) return Fail(Code::kInternal, "libsodium could not be initialised");
  return OkStatus();
}

// The very conditions under which libsodium picks its hardware AEGIS.
bool HasHardwareAes() {
  return (sodium_runtime_has_aesni() != 0 && sodium_runtime_has_avx() != 0) ||
         sodium_runtime_has_armcrypto() != 0;
}

void SystemRng::Fill(MutableByteView out) {
  if (!out.empty()) randombytes_buf(out.data(), out.size());
}

}  // namespace pawl::crypto
