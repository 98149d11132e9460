#include "ratchet/braid/skipped_keys.h"

#include <utility>

namespace pawl::ratchet::braid {

const SkippedPqKey* SkippedPqDelta::Find(const PqKeyId& id) const {
  const auto added = added_.find(id);
  if (added != added_.end()) return &added->second;
  if (removed_.contains(id)) return nullptr;
  const auto found = base_->find(id);
  return found == base_->end() ? nullptr : &found->second;
}

void SkippedPqDelta::Add(const PqKeyId& id, SkippedPqKey key) {
  while (size() >= kMaxSkippedPqKeys) Remove(PqKeyId(*Oldest()));
  added_.insert_or_assign(id, std::move(key));
}

void SkippedPqDelta::Remove(const PqKeyId& id) {
  if (added_.erase(id) == 0 && base_->contains(id)) removed_.insert(id);
}

void SkippedPqDelta::RemoveBefore(Epoch epoch) {
  for (const PqKeyId* oldest = Oldest(); oldest != nullptr && oldest->epoch < epoch;
       oldest = Oldest()) {
    Remove(PqKeyId(*oldest));
  }
}

void SkippedPqDelta::CommitTo(SkippedPqMap& base) && {
  for (const PqKeyId& id : removed_) base.erase(id);
  for (auto& [id, key] : added_) base.insert_or_assign(id, std::move(key));
}

const PqKeyId* SkippedPqDelta::Oldest() const {
  const PqKeyId* oldest = added_.empty() ? nullptr : &added_.begin()->first;
  // What is removed are the oldest of the base or single ones that arrived: a short walk.
  for (const auto& [id, key] : *base_) {
    if (oldest != nullptr && *oldest < id) break;
    if (!removed_.contains(id)) return &id;
  }
  return oldest;
}

}  // namespace pawl::ratchet::braid
