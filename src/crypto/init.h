#ifndef PAWL_CRYPTO_INIT_H_
#define PAWL_CRYPTO_INIT_H_

#include "base/rng.h"
#include "base/status.h"

namespace pawl::crypto {

// Initialises libsodium (thread-safe, idempotent). Must have succeeded once before anything else of
// this layer is used; capi and the relay's main do it.
absl::Status Init();

// True where AES instructions make AEGIS-256 the faster body suite.
bool HasHardwareAes();

// The kernel's generator, one system call a draw, nothing kept in user space: two copies of a
// process or a machine never draw the same bytes. Thread-safe.
class SystemRng final : public Rng {
 public:
  void Fill(MutableByteView out) override;
};

}  // namespace pawl::crypto

#endif  // PAWL_CRYPTO_INIT_H_
