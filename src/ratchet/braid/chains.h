#ifndef PAWL_RATCHET_BRAID_CHAINS_H_
#define PAWL_RATCHET_BRAID_CHAINS_H_

#include <optional>
#include <utility>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "base/status.h"
#include "ratchet/braid/braid.h"
#include "ratchet/braid/skipped_keys.h"

namespace pawl::ratchet::braid {

// A key may be at most so far ahead of the last one used in its chain.
constexpr uint32_t kMaxPqJump = 2000;

// The two chains of one epoch.
struct Link {
  std::optional<ChainKey> sending;  // gone once we send in a later epoch
  uint32_t sent = 0;
  ChainKey receiving = ChainKey::Zero();
  uint32_t received = 0;  // the index of the last key used or skipped
  Link Clone() const;
};

// The symmetric part of the sparse post-quantum ratchet (Double Ratchet rev 4 §5.4): each epoch's
// secret starts one chain in each direction, each message uses one key of them.
struct Chains {
  Role role = Role::kInitiator;
  ChainRoot root = ChainRoot::Zero();
  Epoch newest;   // of links.back()
  Epoch sending;  // never goes back
  absl::InlinedVector<Link, 3> links;

  static Chains Start(const Scheme& scheme, Role role, const AuthKey& key);
  // The epoch after the newest.
  void AddEpoch(const Scheme& scheme, const EpochSecret& secret);
  Epoch oldest() const { return Epoch(*newest + 1 - links.size()); }
  // Null when it is not there (yet, or any more).
  const Link* Find(Epoch epoch) const;
  Chains Clone() const;
};

struct SendingKey {
  PqKeyId id;
  PqKey key = PqKey::Zero();
  ChainKey next = ChainKey::Zero();
};
// `epoch` is one before the Braid's, so it is in `chains` and not before chains.sending.
// kWrongState when its chain is used up.
absl::StatusOr<SendingKey> PrepareSendingKey(const Scheme& scheme, const Chains& chains,
                                             Epoch epoch);
// Forgets, with their skipped keys, the epochs that are too old beside the one we send in.
void ApplySendingKey(const Scheme& scheme, SendingKey&& key, Chains& chains,
                     SkippedPqDelta& skipped);

struct ReceivingKey {
  PqKeyId id;
  PqKey key = PqKey::Zero();
  bool was_skipped = false;
  ChainKey next = ChainKey::Zero();                       // unless it was skipped
  std::vector<std::pair<PqKeyId, SkippedPqKey>> skipped;  // on the way to it
};
// kReplayed (used, or given up), kExpired (its epoch or its key is forgotten), kTooFarAhead before
// anything is derived, kMalformed (an epoch that has not begun).
absl::StatusOr<ReceivingKey> PrepareReceivingKey(const Scheme& scheme, const Chains& chains,
                                                 const SkippedPqDelta& skipped, const PqKeyId& id,
                                                 Timestamp now, Timestamp skipped_expire_at);
void ApplyReceivingKey(ReceivingKey&& key, Chains& chains, SkippedPqDelta& skipped);

}  // namespace pawl::ratchet::braid

#endif  // PAWL_RATCHET_BRAID_CHAINS_H_
