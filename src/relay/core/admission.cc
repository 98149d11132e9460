#include "relay/core/admission.h"

namespace pawl::relay {

bool Admission::Admit(const PeerNetwork& peer, Timestamp now) {
  if (open_ >= limits_.connections) return false;
  uint32_t& count = per_peer_[peer];
  const auto key = KeyOf(BucketKind::kConnect, {peer});
  const bool refused = count >= limits_.per_peer ||
                       buckets_.Take(key, kConnectBucket.Scaled(limits_.rate_scale), now).ms != 0;
  if (refused) {
    if (count == 0) per_peer_.erase(peer);
    return false;
  }
  ++count;
  ++open_;
  return true;
}

void Admission::Release(const PeerNetwork& peer) {
  const auto found = per_peer_.find(peer);
  if (found == per_peer_.end()) return;
  if (--found->second == 0) per_peer_.erase(found);
  --open_;
}

}  // namespace pawl::relay
