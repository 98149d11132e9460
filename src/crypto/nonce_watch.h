#ifndef PAWL_CRYPTO_NONCE_WATCH_H_
#define PAWL_CRYPTO_NONCE_WATCH_H_

#include "base/bytes.h"

// Every (key, nonce) that something is sealed under, for the simulator, which looks for one used
// twice. Compiled to nothing unless PAWL_SIM_HOOKS is defined (base/sim_hooks.h).

#ifdef PAWL_SIM_HOOKS

namespace pawl::crypto {

using NonceWatch = void (*)(ByteView key, ByteView nonce);
void SetNonceWatch(NonceWatch watch);

}  // namespace pawl::crypto

extern "C" void pawl_sim_sealed(const uint8_t* key, size_t key_size, const uint8_t* nonce,
                                size_t nonce_size);

#define PAWL_SEALED(key, nonce) \
  ::pawl_sim_sealed((key).data(), (key).size(), (nonce).data(), (nonce).size())

#else

#define PAWL_SEALED(key, nonce) static_cast<void>(0)

#endif  // PAWL_SIM_HOOKS

#endif  // PAWL_CRYPTO_NONCE_WATCH_H_
