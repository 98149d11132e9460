#include "ratchet/skipped_keys.h"

#include <algorithm>
#include <utility>

#include "codec/reader.h"
#include "codec/writer.h"

namespace pawl::ratchet {

void EncodeSkippedKey(const SkippedKey& key, std::span<uint8_t, kSkippedKeySize> out) {
  codec::FixedWriter(out)
      .U32(key.serial)
      .U32(key.n)
      .U64(static_cast<uint64_t>(key.expires_at.ms))
      .Raw(key.seed.Expose());
}

absl::StatusOr<SkippedKey> DecodeSkippedKey(ByteView bytes) {
  codec::Reader in(bytes);
  SkippedKey key;
  key.serial = in.U32();
  key.n = in.U32();
  key.expires_at.ms = static_cast<int64_t>(in.U64());
  in.Copy(key.seed.Writable());
  PAWL_TRY(in.Finish());
  return key;
}

const SkippedKey* SkippedKeys::Find(const RouteTag& tag) const {
  const auto found = keys_.find(tag);
  return found == keys_.end() ? nullptr : &found->second;
}

bool SkippedKeys::Insert(const RouteTag& tag, SkippedKey key) {
  const SkippedAge age{key.serial, key.n, tag};
  if (!keys_.try_emplace(tag, std::move(key)).second) return false;
  by_age_.insert(age);
  return true;
}

bool SkippedKeys::Erase(const RouteTag& tag) {
  const auto found = keys_.find(tag);
  if (found == keys_.end()) return false;
  by_age_.erase({found->second.serial, found->second.n, tag});
  keys_.erase(found);
  return true;
}

std::optional<SkippedAge> SkippedKeys::NextAfter(const std::optional<SkippedAge>& after) const {
  const auto next = after ? by_age_.upper_bound(*after) : by_age_.begin();
  if (next == by_age_.end()) return std::nullopt;
  return *next;
}

const SkippedKey* SkippedDelta::Find(const RouteTag& tag) const {
  if (const SkippedKey* key = added_.Find(tag)) return key;
  return removed_.contains(tag) ? nullptr : base_->Find(tag);
}

void SkippedDelta::Add(const RouteTag& tag, SkippedKey key, std::vector<RouteTag>& evicted) {
  while (size() >= kMaxSkippedKeys) {
    const std::optional<SkippedAge> oldest = Oldest();
    if (!oldest || !Remove(oldest->tag)) break;
    evicted.push_back(oldest->tag);
  }
  added_.Insert(tag, std::move(key));
}

bool SkippedDelta::Remove(const RouteTag& tag) {
  if (added_.Erase(tag)) return true;
  if (base_->Find(tag) == nullptr) return false;
  return removed_.insert(tag).second;
}

void SkippedDelta::RemoveChains(uint32_t serial, std::vector<RouteTag>& evicted) {
  for (std::optional<SkippedAge> oldest = Oldest(); oldest && oldest->serial <= serial;
       oldest = Oldest()) {
    Remove(oldest->tag);
    evicted.push_back(oldest->tag);
  }
}

void SkippedDelta::CommitTo(SkippedKeys& base) && {
  for (const RouteTag& tag : removed_) base.Erase(tag);
  for (const auto& [tag, key] : added_.all()) base.Insert(tag, key.Clone());
}

std::optional<SkippedAge> SkippedDelta::Oldest() {
  std::optional<SkippedAge> in_base = base_->NextAfter(passed_);
  while (in_base && removed_.contains(in_base->tag)) {
    passed_ = in_base;
    in_base = base_->NextAfter(passed_);
  }
  const std::optional<SkippedAge> in_added = added_.NextAfter(std::nullopt);
  if (!in_base) return in_added;
  if (!in_added) return in_base;
  return std::min(*in_base, *in_added);
}

}  // namespace pawl::ratchet
