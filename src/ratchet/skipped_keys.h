#ifndef PAWL_RATCHET_SKIPPED_KEYS_H_
#define PAWL_RATCHET_SKIPPED_KEYS_H_

#include <compare>
#include <optional>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "base/clock.h"
#include "base/status.h"
#include "ratchet/keys.h"
#include "ratchet/limits.h"
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
// kMalformed.
absl::StatusOr<SkippedKey> DecodeSkippedKey(ByteView bytes);

using SkippedMap = absl::flat_hash_map<RouteTag, SkippedKey>;

// Age is the order of the protocol (chain, number), not of a clock that may jump.
struct SkippedAge {
  uint32_t serial = 0;
  uint32_t n = 0;
  RouteTag tag;
  friend auto operator<=>(const SkippedAge&, const SkippedAge&) = default;
};

// Skipped keys found by route tag in O(1), kept in order of age besides. Thread-compatible.
class SkippedKeys {
 public:
  const SkippedKey* Find(const RouteTag& tag) const;
  const SkippedMap& all() const { return keys_; }
  size_t size() const { return keys_.size(); }
  // False, and nothing done, when the tag is there already.
  bool Insert(const RouteTag& tag, SkippedKey key);
  // False when it was not there.
  bool Erase(const RouteTag& tag);
  // The oldest key younger than `after`; the oldest of all when that is absent.
  std::optional<SkippedAge> NextAfter(const std::optional<SkippedAge>& after) const;

 private:
  SkippedMap keys_;
  absl::btree_set<SkippedAge> by_age_;
};

// Keys added to and removed from `base` but not committed yet; never more than kMaxSkippedKeys as
// seen through it. The base must outlive it unchanged. Thread-compatible.
class SkippedDelta {
 public:
  explicit SkippedDelta(const SkippedKeys& base) : base_(&base) {}

  // The key as seen through the delta, null when there is none.
  const SkippedKey* Find(const RouteTag& tag) const;
  size_t size() const { return base_->size() - removed_.size() + added_.size(); }
  // Makes room by removing the oldest; their tags are appended to `evicted`.
  void Add(const RouteTag& tag, SkippedKey key, std::vector<RouteTag>& evicted);
  // False when it was not there.
  bool Remove(const RouteTag& tag);
  // Removes the keys of chains up to `serial`: their header keys are gone.
  void RemoveChains(uint32_t serial, std::vector<RouteTag>& evicted);

  const SkippedMap& added() const { return added_.all(); }
  const absl::flat_hash_set<RouteTag>& removed() const { return removed_; }
  // `base` is the one it was made from.
  void CommitTo(SkippedKeys& base) &&;

 private:
  std::optional<SkippedAge> Oldest();

  const SkippedKeys* base_;
  SkippedKeys added_;
  absl::flat_hash_set<RouteTag> removed_;  // of the base
  std::optional<SkippedAge> passed_;       // every key of the base up to this age is removed
};

}  // namespace pawl::ratchet

#endif  // PAWL_RATCHET_SKIPPED_KEYS_H_
