#ifndef PAWL_RATCHET_TAG_WINDOW_H_
#define PAWL_RATCHET_TAG_WINDOW_H_

#include <array>
#include <optional>
#include <vector>

#include "ratchet/core.h"
#include "ratchet/limits.h"
#include "ratchet/profile.h"

namespace pawl::ratchet {

// What one or more steps put into the recipient's route table and take out of it. Apply `entering`
// first, then `leaving`: a tag that left never comes back, so the order of steps does not matter.
struct TagChanges {
  std::vector<RouteTag> entering;
  std::vector<RouteTag> leaving;
};

// The route tags to expect: kTagWindow of the current receiving chain from its next message on,
// kTagWindow of the next chain. Derived from the core, never stored. An in-order message costs one
// new tag, a turn kTagWindow.
class TagWindow {
 public:
  enum class Chain : uint8_t { kCurrent, kNext };
  struct Place {
    Chain chain;
    uint32_t n;
  };

  TagWindow(const Profile& profile, const Core& core);

  std::optional<Place> Find(const RouteTag& tag) const;
  void AppendTo(std::vector<RouteTag>& out) const;

  // After a step within the current chain: `core.receiving->n` grew.
  void Advance(const Profile& profile, const Core& core, TagChanges& changes);
  // After a turn: the next chain became `core.receiving`, the one before ended with `length`
  // messages. Tags of its missing messages live on as those of skipped keys.
  void Turn(const Profile& profile, const Core& core, uint32_t length, TagChanges& changes);

 private:
  // The tag of number n stands in slot n % kTagWindow.
  using Slots = std::array<RouteTag, kTagWindow>;
  static void Fill(const Profile& profile, const TagKey& key, uint32_t from, uint32_t to,
                   Slots& slots);

  Slots current_{};
  Slots next_{};
  bool has_current_ = false;
  uint32_t start_ = 0;  // number of the current chain's next message
};

}  // namespace pawl::ratchet

#endif  // PAWL_RATCHET_TAG_WINDOW_H_
