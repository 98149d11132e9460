#include "crypto/nonce_watch.h"

#ifdef PAWL_SIM_HOOKS

#include <atomic>

namespace {
std::atomic<pawl::crypto::NonceWatch> g_watch{nullptr};
}  // namespace

namespace pawl::crypto {
void SetNonceWatch(NonceWatch watch) { g_watch.store(watch); }
}  // namespace pawl::crypto

extern "C" void pawl_sim_sealed(const uint8_t* key, size_t key_size, const uint8_t* nonce,
                                size_t nonce_size) {
  if (pawl::crypto::NonceWatch watch = g_watch.load(std::memory_order_relaxed)) {
    watch({key, key_size}, {nonce, nonce_size});
  }
}

#endif  // PAWL_SIM_HOOKS
