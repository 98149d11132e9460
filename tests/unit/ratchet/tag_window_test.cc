#include "ratchet/tag_window.h"

#include <gmock/gmock.h>

#include <set>

#include "party.h"
#include "support/matchers.h"

namespace pawl::ratchet {
namespace {

using test::IsOk;
using testing::SizeIs;

// A recipient's route table for one session, as the changes of each message leave it.
class RouteTable {
 public:
  explicit RouteTable(const Party& party) {
    std::vector<RouteTag> tags;
    party.window.AppendTo(tags);
    tags_.insert(tags.begin(), tags.end());
  }
  void Follow(const TagChanges& changes) {
    for (const RouteTag& tag : changes.entering) tags_.insert(tag);
    for (const RouteTag& tag : changes.leaving) tags_.erase(tag);
  }
  bool Has(const RouteTag& tag) const { return tags_.contains(tag); }
  // What a table built anew from the state would hold.
  static std::set<RouteTag> Rebuilt(const Party& party) {
    std::vector<RouteTag> tags;
    TagWindow(ProductionProfile(), party.core).AppendTo(tags);
    std::set<RouteTag> all(tags.begin(), tags.end());
    for (const auto& [tag, key] : party.skipped.all()) all.insert(tag);
    return all;
  }
  const std::set<RouteTag>& tags() const { return tags_; }

 private:
  std::set<RouteTag> tags_;
};

TEST(TagWindow, BeforeTheFirstMessageHoldsTheNextChainAlone) {
  TwoParties two;
  std::vector<RouteTag> tags;
  two.bob.window.AppendTo(tags);
  EXPECT_THAT(tags, SizeIs(kTagWindow));
  const auto place = two.bob.window.Find(tags[5]);
  ASSERT_TRUE(place);
  EXPECT_EQ(place->chain, TagWindow::Chain::kNext);
  EXPECT_EQ(place->n, 5u);
  EXPECT_FALSE(two.bob.window.Find(RouteTag()));
}

TEST(TagWindow, EveryMessageIsExpectedByItsTag) {
  TwoParties two;
  RouteTable alice(two.alice);
  RouteTable bob(two.bob);
  for (int turn = 0; turn < 4; ++turn) {
    for (int i = 0; i < 40; ++i) {
      const Sealed sealed = *two.alice.Send("a");
      ASSERT_TRUE(bob.Has(sealed.tag));
      ASSERT_THAT(two.bob.Receive(sealed), IsOk());
      bob.Follow(two.bob.changes);
      ASSERT_FALSE(bob.Has(sealed.tag));
    }
    const Sealed sealed = *two.bob.Send("b");
    ASSERT_TRUE(alice.Has(sealed.tag));
    ASSERT_THAT(two.alice.Receive(sealed), IsOk());
    alice.Follow(two.alice.changes);
  }
}

TEST(TagWindow, InOrderMessageCostsOneTag) {
  TwoParties two;
  two.Greet();
  ASSERT_THAT(two.bob.Receive(*two.alice.Send("turn")), IsOk());
  ASSERT_THAT(two.bob.Receive(*two.alice.Send("next")), IsOk());
  EXPECT_THAT(two.bob.changes.entering, SizeIs(1));
  EXPECT_THAT(two.bob.changes.leaving, SizeIs(1));
}

// Any mix of losses, late messages and turns: the table that followed the changes is the table that
// the state would give.
TEST(TagWindow, ChangesLeadToWhatTheStateSays) {
  TwoParties two(99);
  two.Greet();
  RouteTable bob(two.bob);
  test::SeededRng dice(7);
  std::vector<Sealed> late;
  for (int i = 0; i < 400; ++i) {
    const Sealed sealed = *two.alice.Send("x");
    const uint64_t fate = dice.Below(10);
    if (fate < 4) {
      late.push_back(sealed);
    } else {
      ASSERT_THAT(two.bob.Receive(sealed), IsOk());
      bob.Follow(two.bob.changes);
    }
    if (!late.empty() && dice.Below(4) == 0) {
      const size_t pick = dice.Below(late.size());
      if (two.bob.Receive(late[pick]).ok()) bob.Follow(two.bob.changes);
      late.erase(late.begin() + static_cast<std::ptrdiff_t>(pick));
    }
    if (dice.Below(12) == 0) {
      ASSERT_THAT(two.alice.Receive(*two.bob.Send("turn")), IsOk());
    }
    ASSERT_EQ(bob.tags(), RouteTable::Rebuilt(two.bob)) << "after message " << i;
  }
}

}  // namespace
}  // namespace pawl::ratchet
