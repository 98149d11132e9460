#include "sim/nonces.h"

#include <cstring>

#include "crypto/nonce_watch.h"

namespace pawl::sim {
namespace {

Nonces* g_watching = nullptr;

// 64 bits of both: a world seals some thousand times, so that two of them meet by chance in one
// world of 10^12.
uint64_t Digest(ByteView key, ByteView nonce) {
  uint64_t hash = 0x9ae16a3b2f90404f;
  for (const ByteView part : {key, nonce}) {
    for (size_t at = 0; at < part.size(); at += 8) {
      uint64_t word = 0;
      std::memcpy(&word, part.data() + at, std::min<size_t>(8, part.size() - at));
      hash = (hash ^ word) * 0x9e3779b97f4a7c15;
      hash ^= hash >> 31;
    }
  }
  return hash;
}

}  // namespace

Nonces::Nonces() {
  g_watching = this;
#ifdef PAWL_SIM_HOOKS
  crypto::SetNonceWatch(&Nonces::Sealed);
#endif
}

Nonces::~Nonces() {
#ifdef PAWL_SIM_HOOKS
  crypto::SetNonceWatch(nullptr);
#endif
  g_watching = nullptr;
}

void Nonces::Sealed(ByteView key, ByteView nonce) {
  if (!g_watching->used_.insert(Digest(key, nonce)).second) ++g_watching->repeated_;
}

}  // namespace pawl::sim
