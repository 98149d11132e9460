#ifndef PAWL_SESSION_REPLAY_CACHE_H_
#define PAWL_SESSION_REPLAY_CACHE_H_

#include "absl/container/flat_hash_map.h"
#include "base/status.h"
#include "session/types.h"

namespace pawl::session {

// Handshakes that used a last-resort key, remembered exactly as long as that private key exists.
// The client keeps the same in its store.
class ReplayCache {
 public:
  bool Contains(const HandshakeId& id) const { return seen_.contains(id); }
  void Insert(const HandshakeId& id, PrekeyId last_resort) { seen_.emplace(id, last_resort); }
  // The key was erased: nothing that used it can be accepted again.
  void Forget(PrekeyId last_resort);
  // At kMaxReplayCacheEntries the key must be erased, not the cache.
  size_t CountOf(PrekeyId last_resort) const;
  const absl::flat_hash_map<HandshakeId, PrekeyId>& all() const { return seen_; }

 private:
  absl::flat_hash_map<HandshakeId, PrekeyId> seen_;
};

}  // namespace pawl::session

#endif  // PAWL_SESSION_REPLAY_CACHE_H_
