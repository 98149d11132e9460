#ifndef PAWL_RATCHET_SKIPPED_KEYS_H_
#define PAWL_RATCHET_SKIPPED_KEYS_H_

#include <compare>
#include <optional>
#include <set>

#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "base/clock.h"
#include "base/status.h"
#include "ratchet/keys.h"
#include "ratchet/route_tag.h"

namespace pawl::ratchet {

// MKSKIPPED[chain, n] (Double Ratchet §3.2): the seed of a message that was jumped over.
struct SkippedKey {
  uint32_t serial = 0;  // of the receiving chain it belongs to
  uint32_t n = 0;
  Timestamp expires_at;
  MessageSeed seed = MessageSeed::Zero();
  SkippedKey Clone() const { return {serial, n, expires_at, seed.Clone()}; }
};

// serial u32 || n u32 || expires_at u64 || seed[32]
constexpr size_t kSkippedKeySize = 48;
void EncodeSkippedKey(const SkippedKey& key, std::span<uint8_t, kSkippedKeySize> out);
absl::StatusOr<SkippedKey> DecodeSkippedKey(ByteView bytes);

using SkippedMap = absl::flat_hash_map<RouteTag, SkippedKey>;

// The skipped keys of one session as committed, at most kMaxSkippedKeys, found by route tag in
// O(1).
class SkippedKeys {
 public:
  const SkippedKey* Find(const RouteTag& tag) const;
  const SkippedMap& all() const { return keys_; }
  size_t size() const { return keys_.size(); }
  // False when full or when the tag is there already.
  bool Insert(const RouteTag& tag, SkippedKey key);
  void Erase(const RouteTag& tag);

 private:
  friend class SkippedDelta;
  // Age is the order of the protocol (chain, number), not of a clock that may jump.
  struct Age {
    uint32_t serial;
    uint32_t n;
    RouteTag tag;
    friend auto operator<=>(const Age&, const Age&) = default;
  };
  SkippedMap keys_;
  absl::btree_set<Age> by_age_;
};

// Keys added to and removed from `base` but not committed yet. The base must outlive it unchanged.
// A copyable-by-Clone value; thread-compatible.
class SkippedDelta {
 public:
  explicit SkippedDelta(const SkippedKeys& base) : base_(&base) {}

  // The key as seen through the delta, null when there is none.
  const SkippedKey* Find(const RouteTag& tag) const;
  size_t size() const { return base_->size() - removed_.size() + added_.size(); }
  // Makes room by removing the oldest; their tags are appended to `evicted`.
  void Add(const RouteTag& tag, SkippedKey key, std::vector<RouteTag>& evicted);
  // True when it was there.
  bool Remove(const RouteTag& tag);

  const SkippedMap& added() const { return added_; }
  const absl::flat_hash_set<RouteTag>& removed() const { return removed_; }
  bool empty() const { return added_.empty() && removed_.empty(); }
  void CommitTo(SkippedKeys& base) &&;

 private:
  std::optional<RouteTag> Oldest() const;

  const SkippedKeys* base_;
  SkippedMap added_;
  absl::flat_hash_set<RouteTag> removed_;
  absl::btree_set<SkippedKeys::Age> added_by_age_;
};

}  // namespace pawl::ratchet

#endif  // PAWL_RATCHET_SKIPPED_KEYS_H_
