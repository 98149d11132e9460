#ifndef PAWL_RATCHET_TAG_WINDOW_H_
#define PAWL_RATCHET_TAG_WINDOW_H_

#include <optional>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "ratchet/core.h"
#include "ratchet/limits.h"
#include "ratchet/profile.h"

namespace pawl::ratchet {

// Tags that one or more steps put into the recipient's route table and take out of it. A tag in
// both is to be left out: apply `entering` first, then `leaving`.
struct TagChanges {
  absl::InlinedVector<RouteTag, 2> entering;
  absl::InlinedVector<RouteTag, 2> leaving;
};

// The route tags to expect: kTagWindow of the current receiving chain from its next message on,
// kTagWindow of the next. Derived from the core, never stored. An in-order message costs one new
// tag, a turn kTagWindow.
class TagWindow {
 public:
  enum class Chain { kCurrent, kNext };
  struct Place {
    Chain chain;
    uint32_t n;
  };

  TagWindow(const Profile& profile, const Core& core);

  std::optional<Place> Find(const RouteTag& tag) const;
  void AppendAll(std::vector<RouteTag>& out) const;
  // Follows the core after a receive step: the current chain stands at `core.receiving->n`, and
  // `turned` says whether that step began the chain that was the next one.
  enum class Turned : bool { kNo = false, kYes = true };
  void Follow(const Profile& profile, const Core& core, Turned turned, TagChanges& changes);

 private:
  using Tags = ByteArray<16 * kTagWindow>;  // slot of number n: n % kTagWindow
  void Fill(const Profile& profile, const TagKey& key, uint32_t from, uint32_t count,
            std::array<RouteTag, kTagWindow>& tags);

  std::array<RouteTag, kTagWindow> current_{};
  std::array<RouteTag, kTagWindow> next_{};
  bool has_current_ = false;
  uint32_t start_ = 0;  // number of the current chain's first expected message
};

}  // namespace pawl::ratchet

#endif  // PAWL_RATCHET_TAG_WINDOW_H_
