#ifndef PAWL_RATCHET_BRAID_SCHEME_H_
#define PAWL_RATCHET_BRAID_SCHEME_H_

#include "ratchet/braid/kem.h"
#include "ratchet/braid/types.h"

namespace pawl::ratchet::braid {

struct AuthenticatorKeys {
  AuthRoot root = AuthRoot::Zero();
  MacKey mac = MacKey::Zero();
};

// What an epoch begins with. A is the session's initiator, B its responder.
struct EpochKeys {
  ChainRoot root = ChainRoot::Zero();
  ChainKey a_to_b = ChainKey::Zero();
  ChainKey b_to_a = ChainKey::Zero();
};

struct ChainStep {
  ChainKey next = ChainKey::Zero();
  PqKey key = PqKey::Zero();
};

constexpr size_t kMaxChunkSize = 128;
constexpr size_t kChunkSize = 96;  // the production scheme's (../README.md says why)

// The part of the ratchet's Profile that the Braid needs: every label, KDF and size. Pure
// functions; thread-safe.
struct Scheme {
  size_t chunk_size;  // even, ≤ kMaxChunkSize
  // Epochs before the one we send in whose messages can still be read.
  size_t kept_epochs;
  AuthenticatorKeys (*authenticate)(const AuthRoot& root, std::span<const uint8_t, 32> secret,
                                    Epoch epoch);
  Mac (*header_mac)(const MacKey& key, Epoch epoch, const EkHeader& header);
  Mac (*ciphertext_mac)(const MacKey& key, Epoch epoch, const Ct1& ct1, const Ct2& ct2);
  EpochSecret (*epoch_secret)(const crypto::SharedSecret& shared, Epoch epoch);
  EpochKeys (*start)(const AuthKey& key);
  EpochKeys (*add_epoch)(const ChainRoot& root, const EpochSecret& secret);
  ChainStep (*step)(const ChainKey& chain, uint32_t index);
  const Kem* kem;
};

// HKDF-SHA-512 where an epoch begins, keyed BLAKE2b-512 for each message, keyed BLAKE2b-256 for
// MACs; chunks of kChunkSize bytes.
const Scheme& ProductionScheme();

}  // namespace pawl::ratchet::braid

#endif  // PAWL_RATCHET_BRAID_SCHEME_H_
