#ifndef PAWL_RATCHET_BRAID_SKIPPED_KEYS_H_
#define PAWL_RATCHET_BRAID_SKIPPED_KEYS_H_

#include <compare>
#include <optional>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "base/clock.h"
#include "ratchet/braid/types.h"

namespace pawl::ratchet::braid {

// Keys kept for messages that have not arrived, per session. Full: the oldest go first, in the
// order of the protocol, which is that of their ids.
constexpr size_t kMaxSkippedPqKeys = 2000;

struct PqKeyId {
  Epoch epoch;
  uint32_t index = 0;
  friend auto operator<=>(const PqKeyId&, const PqKeyId&) = default;
};

struct SkippedPqKey {
  Timestamp expires_at;
  PqKey key = PqKey::Zero();
  SkippedPqKey Clone() const { return {expires_at, key.Clone()}; }
};
using SkippedPqMap = absl::btree_map<PqKeyId, SkippedPqKey>;

// Keys added to and removed from `base` but not committed yet; never more than kMaxSkippedPqKeys as
// seen through it. The base must outlive it unchanged. Thread-compatible.
class SkippedPqDelta {
 public:
  explicit SkippedPqDelta(const SkippedPqMap& base) : base_(&base) {}

  // As seen through the delta, null when there is none.
  const SkippedPqKey* Find(const PqKeyId& id) const;
  size_t size() const { return base_->size() - removed_.size() + added_.size(); }
  void Add(const PqKeyId& id, SkippedPqKey key);
  void Remove(const PqKeyId& id);
  // Those of epochs before `epoch`.
  void RemoveBefore(Epoch epoch);

  const SkippedPqMap& added() const { return added_; }
  const absl::btree_set<PqKeyId>& removed() const { return removed_; }
  // `base` is the one it was made from.
  void CommitTo(SkippedPqMap& base) &&;

 private:
  std::optional<PqKeyId> Oldest();

  const SkippedPqMap* base_;
  SkippedPqMap added_;
  absl::btree_set<PqKeyId> removed_;  // of the base
  std::optional<PqKeyId> passed_;     // every key of the base up to this one is removed
};

}  // namespace pawl::ratchet::braid

#endif  // PAWL_RATCHET_BRAID_SKIPPED_KEYS_H_
