#ifndef PAWL_RATCHET_BRAID_SPQR_H_
#define PAWL_RATCHET_BRAID_SPQR_H_

#include "crypto/secret.h"
#include "ratchet/braid/braid.h"
#include "ratchet/braid/chains.h"

namespace pawl::ratchet::braid {

// The sparse post-quantum ratchet (Double Ratchet rev 4 §5): the Braid's epochs and the chains that
// they start.
struct Spqr {
  State state;
  Chains chains;
  // The exchange failed under an authentic header. What is on its way can still be read with the
  // chains that are there; nothing more is sent.
  bool broken = false;

  static Spqr Start(const Scheme& scheme, Role role, const AuthKey& key);
  Spqr Clone() const { return {braid::Clone(state), chains.Clone(), broken}; }
};

struct SpqrSend {
  Stamp stamp;
  PqKey key = PqKey::Zero();
  SendStep braid;
  SendingKey chain;  // its key moved to `key`
};
// kWrongState: broken, or a chain that is used up.
absl::StatusOr<SpqrSend> PrepareSend(const Scheme& scheme, const Spqr& spqr, Rng& rng);
void ApplySend(const Scheme& scheme, SpqrSend&& send, Spqr& spqr, SkippedPqDelta& skipped);

// Before the body is opened: the key that the stamp names. Errors as PrepareReceivingKey.
absl::StatusOr<ReceivingKey> PrepareReceiveKey(const Scheme& scheme, const Spqr& spqr,
                                               const SkippedPqDelta& skipped, const Stamp& stamp,
                                               Timestamp now, Timestamp skipped_expire_at);
// When the body's tag has verified. Cannot fail: an exchange that breaks leaves `spqr` broken.
void ApplyReceive(const Scheme& scheme, ReceivingKey&& key, const Message& message, Spqr& spqr,
                  SkippedPqDelta& skipped);

// Versioned, big-endian, of variable length: session/FORMAT.md. Without the skipped keys.
// `out` has room for kMaxSpqrSize; gives how much was used.
constexpr size_t kMaxSpqrSize = 2048;
size_t EncodeSpqr(const Spqr& spqr, MutableByteView out);
// kMalformed (also for states that no sequence of messages leads to), kUnsupportedVersion.
absl::StatusOr<Spqr> DecodeSpqr(const Scheme& scheme, ByteView bytes);

}  // namespace pawl::ratchet::braid

#endif  // PAWL_RATCHET_BRAID_SPQR_H_
