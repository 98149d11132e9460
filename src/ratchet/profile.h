#ifndef PAWL_RATCHET_PROFILE_H_
#define PAWL_RATCHET_PROFILE_H_

#include <string_view>

#include "ratchet/braid/scheme.h"
#include "ratchet/keys.h"
#include "ratchet/route_tag.h"

namespace pawl::ratchet {

// KDF_RK_HE (Double Ratchet §4): the next root key, the first chain key of the new chain, and the
// header keys of the chain after it.
struct RootOutput {
  RootKey root = RootKey::Zero();
  ChainKey chain = ChainKey::Zero();
  HeaderKeys next;
};

struct ChainOutput {
  ChainKey next = ChainKey::Zero();
  MessageSeed seed = MessageSeed::Zero();
};

constexpr size_t kSaltSize = 24;
using Salt = ByteArray<kSaltSize>;

// Key and nonce of one message body; the nonce is cut to the suite's size.
struct BodyKeys {
  crypto::AeadKey key = crypto::AeadKey::Zero();
  ByteArray<crypto::kMaxAeadNonceSize> nonce{};
};

// Every label and KDF of the ratchet in one place. Production has one profile; tests may bring
// another (Signal's) and run the same machine on it. `name` is bound into the handshake's
// transcript. `resumption` is null when nothing is mixed in. Pure functions; thread-safe.
struct Profile {
  std::string_view name;
  RootOutput (*root)(const RootKey& root, const crypto::SharedSecret& dh,
                     const ResumptionSecret* resumption);
  ChainOutput (*chain)(const ChainKey& chain);
  BodyKeys (*body)(const MessageSeed& seed, const PqKey& pq, const Salt& salt);
  RouteTag (*tag)(const TagKey& key, uint32_t n);
  const braid::Scheme* braid;
};

// HKDF-SHA-512 for root steps, keyed BLAKE2b-512 for chain and body, keyed BLAKE2b-128 for tags
// (FORMAT.md in session).
const Profile& ProductionProfile();

}  // namespace pawl::ratchet

#endif  // PAWL_RATCHET_PROFILE_H_
