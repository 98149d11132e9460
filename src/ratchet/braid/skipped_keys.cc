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
  while (size() >= kMaxSkippedPqKeys) Remove(*Oldest());
  added_.insert_or_assign(id, std::move(key));
}

void SkippedPqDelta::Remove(const PqKeyId& id) {
  if (added_.erase(id) == 0 && base_->contains(id)) removed_.insert(id);
}

void SkippedPqDelta::RemoveBefore(Epoch epoch) {
  for (auto oldest = Oldest(); oldest && oldest->epoch < epoch; oldest = Oldest()) {
    Remove(*oldest);
  }
}

void SkippedPqDelta::CommitTo(SkippedPqMap& base) && {
  for (const PqKeyId& id : removed_) base.erase(id);
  for (auto& [id, key] : added_) base.insert_or_assign(id, std::move(key));
}

std::optional<PqKeyId> SkippedPqDelta::Oldest() {
  auto in_base = passed_ ? base_->upper_bound(*passed_) : base_->begin();
  while (in_base != base_->end() && removed_.contains(in_base->first)) {
    passed_ = in_base->first;
    ++in_base;
  }
  std::optional<PqKeyId> oldest;
  if (in_base != base_->end()) oldest = in_base->first;
  if (!added_.empty() && (!oldest || added_.begin()->first < *oldest)) {
    oldest = added_.begin()->first;
  }
  return oldest;
}

}  // namespace pawl::ratchet::braid
