#include "ratchet/tag_window.h"

#include <algorithm>

namespace pawl::ratchet {
namespace {

// `n` as the first number from `start` on that falls into `slot`.
uint32_t NumberIn(uint32_t slot, uint32_t start) {
  return start + (slot + kTagWindow - start % kTagWindow) % kTagWindow;
}

}  // namespace

TagWindow::TagWindow(const Profile& profile, const Core& core) {
  if (core.receiving) {
    has_current_ = true;
    start_ = core.receiving->n;
    Fill(profile, core.receiving->headers.tag, start_, start_ + kTagWindow, current_);
  }
  Fill(profile, core.next_receive.tag, 0, kTagWindow, next_);
}

std::optional<TagWindow::Place> TagWindow::Find(const RouteTag& tag) const {
  // Most messages come in order.
  if (has_current_ && current_[start_ % kTagWindow] == tag) return Place{Chain::kCurrent, start_};
  for (uint32_t slot = 0; slot < kTagWindow; ++slot) {
    if (next_[slot] == tag) return Place{Chain::kNext, slot};
    if (has_current_ && current_[slot] == tag) {
      return Place{Chain::kCurrent, NumberIn(slot, start_)};
    }
  }
  return std::nullopt;
}

void TagWindow::AppendTo(std::vector<RouteTag>& out) const {
  if (has_current_) out.insert(out.end(), current_.begin(), current_.end());
  out.insert(out.end(), next_.begin(), next_.end());
}

void TagWindow::Advance(const Profile& profile, const Core& core, TagChanges& changes) {
  const uint32_t end = start_ + kTagWindow;
  start_ = core.receiving->n;
  for (uint32_t n = std::max(start_, end); n < start_ + kTagWindow; ++n) {
    RouteTag& slot = current_[n % kTagWindow];
    slot = profile.tag(core.receiving->headers.tag, n);
    changes.entering.push_back(slot);
  }
}

void TagWindow::Turn(const Profile& profile, const Core& core, uint32_t length,
                     TagChanges& changes) {
  // What a turn without losses needs.
  changes.entering.reserve(changes.entering.size() + kTagWindow + 1);
  changes.leaving.reserve(changes.leaving.size() + kTagWindow);
  if (has_current_) {
    for (uint32_t n = std::max(start_, length); n < start_ + kTagWindow; ++n) {
      changes.leaving.push_back(current_[n % kTagWindow]);
    }
  }
  current_ = next_;
  has_current_ = true;
  start_ = 0;
  Advance(profile, core, changes);
  Fill(profile, core.next_receive.tag, 0, kTagWindow, next_);
  changes.entering.insert(changes.entering.end(), next_.begin(), next_.end());
}

void TagWindow::Fill(const Profile& profile, const TagKey& key, uint32_t from, uint32_t to,
                     Slots& slots) {
  for (uint32_t n = from; n < to; ++n) slots[n % kTagWindow] = profile.tag(key, n);
}

}  // namespace pawl::ratchet
