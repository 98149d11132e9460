#include "client/engine/anchoring.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "client/engine/engine.h"
#include "support/step_world.h"

namespace pawl::client {
namespace {

using test::FakeClock;
using test::IsOk;
using test::SeededRng;

class HostAnchoring : public ::testing::Test {
 protected:
  void Open(std::optional<store::Generation> held) {
    engine_.reset();
    store_.reset();
    store_ = test::Must(store::Store::Open({.dir = folder_.File("store"),
                                            .key = store::HostKey::Zero(),
                                            .create_if_missing = true,
                                            .anchor = store::HostAnchor{held}},
                                           clock_.Now(), rng_));
    engine_ = test::Must(Engine::Create(store_.get(), {}));
  }
  // Generations that the host was asked to keep.
  std::vector<uint64_t> Asked(std::vector<Input> inputs) {
    auto effects = test::Must(engine_->Step(inputs, clock_.Now(), rng_));
    std::vector<uint64_t> asked;
    for (const Event& event : effects.events) {
      if (event.kind == EventKind::kAnchor) asked.push_back(*event.generation);
    }
    return asked;
  }
  std::vector<uint64_t> Do(decltype(Command::body) body) {
    std::vector<Input> inputs;
    inputs.emplace_back(Command{.request = RequestId(1), .body = std::move(body)});
    return Asked(std::move(inputs));
  }
  std::vector<uint64_t> Commit() {
    return Do(Register{.address = test::Must(identity::Address::Parse("alice@example.org"))});
  }
  std::vector<uint64_t> Idle() {
    std::vector<Input> inputs;
    inputs.emplace_back(TimePassed{});
    return Asked(std::move(inputs));
  }

  test::TempDir folder_;
  FakeClock clock_;
  SeededRng rng_{3};
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<Engine> engine_;
};

TEST_F(HostAnchoring, TheHostIsAskedUntilItSaysThatItKeepsIt) {
  Open(std::nullopt);
  const auto first = Commit();
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(engine_->NextDeadline(), clock_.Now() + kAnchorAgain);
  EXPECT_TRUE(Idle().empty()) << "not at every turn";
  clock_.Advance(kAnchorAgain);
  EXPECT_EQ(Idle(), first);
  EXPECT_TRUE(Do(AnchorKept{store::Generation(first[0])}).empty());
  clock_.Advance(kAnchorAgain);
  EXPECT_TRUE(Idle().empty());
}

TEST_F(HostAnchoring, AStoreBelowWhatTheHostHoldsIsAnOlderCopy) {
  Open(std::nullopt);
  const auto kept = Commit();
  ASSERT_EQ(kept.size(), 1u);
  Open(store::Generation(kept[0]));
  EXPECT_EQ(store_->opened_state(), store::OpenedState::kCurrent);
  Open(store::Generation(kept[0] + 100));
  EXPECT_EQ(store_->opened_state(), store::OpenedState::kDiverged);
}

// A folder that cannot be written must not keep the processor busy.
TEST(FileAnchoring, AnAnchorThatCannotBeWrittenIsTriedNowAndThen) {
  test::StepWorld world;
  world.MakeAccount();
  State& state = world.state();
  Effects effects;
  state.anchor_again = world.clock.Now() + kAnchorAgain;
  EXPECT_GE(NextAnchor(state), world.clock.Now() + kAnchorAgain);
  world.clock.Advance(kAnchorAgain);
  RaiseAnchor(state, world.clock.Now(), effects);
  EXPECT_TRUE(effects.events.empty()) << "the host has nothing to do with it";
}

}  // namespace
}  // namespace pawl::client
