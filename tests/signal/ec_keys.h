#ifndef PAWL_TESTS_SIGNAL_EC_KEYS_H_
#define PAWL_TESTS_SIGNAL_EC_KEYS_H_

#include <map>
#include <optional>
#include <vector>

#include "ratchet/keys.h"
#include "recording.h"

namespace pawl::signal {

// All that a recording's snapshots tell of the Double Ratchet's keys: root keys, private ratchet
// keys, chain keys from some number on, seeds kept for skipped messages; and what our profile
// derives from these.
class EcKeys {
 public:
  explicit EcKeys(const Recording& recording);

  // The seed of message n in the chain of that ratchet key. Nothing when the chain's key was not
  // recorded, or only one of a later number, and the seed was not kept either.
  std::optional<ratchet::MessageSeed> SeedOf(const crypto::X25519Public& ratchet_key,
                                             uint32_t n) const;
  // Root keys that our profile derived and the recording has, too: each was compared.
  int roots_compared() const { return roots_compared_; }

 private:
  struct Chain {
    uint32_t n = 0;
    ratchet::ChainKey key = ratchet::ChainKey::Zero();
  };

  void LearnSession(const Proto& session);
  void LearnChain(const Proto& chain);
  // The chain that answers `before`.
  void DeriveNext(const crypto::X25519Public& before, const crypto::X25519Public& next);

  int roots_compared_ = 0;
  std::map<crypto::X25519Public, Chain> chains_;
  std::map<crypto::X25519Public, ratchet::RootKey> roots_;  // after the step that began the chain
  std::map<crypto::X25519Public, crypto::X25519Private> private_keys_;
  std::map<crypto::X25519Public, std::map<uint32_t, ratchet::MessageSeed>> kept_;
};

crypto::X25519Public RatchetKeyOf(const Step& step);

}  // namespace pawl::signal

#endif  // PAWL_TESTS_SIGNAL_EC_KEYS_H_
