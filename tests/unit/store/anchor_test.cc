#include "store/anchor.h"

#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "support/flip.h"
#include "unit/store/test_store.h"

namespace pawl::store {
namespace {

constexpr Timestamp kNow{1'000'000};

class Anchor : public StoreTest {
 protected:
  std::string Path() const { return AnchorDir() + "/" + std::string(32, '3'); }

  const StoreId id_ = IdOf<StoreId>(0x33);
  const AnchorKey key_ = AnchorKey::From(HashOf(9));
};

TEST_F(Anchor, IsReadAsItWasWritten) {
  ASSERT_THAT(WriteAnchor(AnchorDir(), id_, Generation(41), key_), IsOk());
  EXPECT_TRUE(std::filesystem::exists(Path()));
  EXPECT_THAT(ReadAnchor(AnchorDir(), id_, key_), IsOkAndHolds(Generation(41)));
}

TEST_F(Anchor, IsMissingWhereNoneWasWritten) {
  EXPECT_THAT(ReadAnchor(AnchorDir(), id_, key_), IsOkAndHolds(std::nullopt));
}

TEST_F(Anchor, IsNeverLowered) {
  ASSERT_THAT(WriteAnchor(AnchorDir(), id_, Generation(41), key_), IsOk());
  ASSERT_THAT(WriteAnchor(AnchorDir(), id_, Generation(40), key_), IsOk());
  EXPECT_THAT(ReadAnchor(AnchorDir(), id_, key_), IsOkAndHolds(Generation(41)));
  ASSERT_THAT(WriteAnchor(AnchorDir(), id_, Generation(42), key_), IsOk());
  EXPECT_THAT(ReadAnchor(AnchorDir(), id_, key_), IsOkAndHolds(Generation(42)));
}

TEST_F(Anchor, DamagedOneSaysNothing) {
  const Bytes file = EncodeAnchor(id_, Generation(41), key_);
  EXPECT_EQ(file.size(), kAnchorFileSize);
  EXPECT_THAT(DecodeAnchor(file, id_, key_), IsOkAndHolds(Generation(41)));
  test::ForEachDamage(file, [&](const Bytes& damaged) {
    EXPECT_THAT(DecodeAnchor(damaged, id_, key_), HasCode(Code::kCorrupt));
  });
}

TEST_F(Anchor, OfAnotherStoreSaysNothing) {
  const Bytes file = EncodeAnchor(id_, Generation(41), key_);
  EXPECT_THAT(DecodeAnchor(file, IdOf<StoreId>(0x34), key_), HasCode(Code::kCorrupt));
  EXPECT_THAT(DecodeAnchor(file, id_, AnchorKey::From(HashOf(8))), HasCode(Code::kCorrupt));
}

TEST_F(Anchor, SomethingElseInItsPlaceIsNoAnchorAndIsReplaced) {
  std::filesystem::create_directories(AnchorDir());
  std::ofstream(Path()) << std::string(1000, 'x');
  EXPECT_THAT(ReadAnchor(AnchorDir(), id_, key_), IsOkAndHolds(std::nullopt));
  ASSERT_THAT(WriteAnchor(AnchorDir(), id_, Generation(5), key_), IsOk());
  EXPECT_THAT(ReadAnchor(AnchorDir(), id_, key_), IsOkAndHolds(Generation(5)));
}

TEST_F(Anchor, ComparisonHasThreeOutcomes) {
  EXPECT_EQ(CompareAnchor(std::nullopt, Generation(3)), OpenedState::kAnchorMissing);
  EXPECT_EQ(CompareAnchor(Generation(4), Generation(3)), OpenedState::kDiverged);
  EXPECT_EQ(CompareAnchor(Generation(3), Generation(3)), OpenedState::kCurrent);
  EXPECT_EQ(CompareAnchor(Generation(2), Generation(3)), OpenedState::kCurrent);
}

TEST_F(Anchor, DefaultFolderFollowsTheEnvironment) {
  const char* home = ::getenv("HOME");
  const std::string home_before = home == nullptr ? "" : home;
  ::setenv("XDG_STATE_HOME", "/state", 1);
  EXPECT_THAT(DefaultAnchorDir(), IsOkAndHolds(std::string("/state/pawl/anchors")));
  ::setenv("XDG_STATE_HOME", "relative", 1);
  ::setenv("HOME", "/home/a", 1);
  EXPECT_THAT(DefaultAnchorDir(), IsOkAndHolds(std::string("/home/a/.local/state/pawl/anchors")));
  ::unsetenv("XDG_STATE_HOME");
  ::unsetenv("HOME");
  EXPECT_THAT(DefaultAnchorDir(), HasCode(Code::kInvalidArgument));
  ::setenv("HOME", home_before.c_str(), 1);
}

TEST(AnchorSchedule, FirstCommitAfterOpeningIsAnchoredAtOnce) {
  AnchorSchedule schedule;
  EXPECT_EQ(schedule.Due(kNow), std::nullopt);
  EXPECT_EQ(schedule.Deadline(), kNever);
  schedule.Committed(Generation(100), kNow);
  EXPECT_EQ(schedule.Due(kNow), Generation(100));
  EXPECT_LE(schedule.Deadline(), kNow);
  schedule.Raised(Generation(100), kNow);
  EXPECT_EQ(schedule.Due(kNow), std::nullopt);
  EXPECT_EQ(schedule.Deadline(), kNever);
}

TEST(AnchorSchedule, LaterCommitsWaitForTheDelay) {
  AnchorSchedule schedule;
  schedule.Committed(Generation(100), kNow);
  schedule.Raised(Generation(100), kNow);
  schedule.Committed(Generation(101), kNow);
  schedule.Committed(Generation(102), kNow + Seconds(9));
  EXPECT_EQ(schedule.Due(kNow + Seconds(9)), std::nullopt);
  EXPECT_EQ(schedule.Pending(), Generation(102));
  EXPECT_EQ(schedule.Deadline(), kNow + AnchorSchedule::kMaxDelay);
  EXPECT_EQ(schedule.Due(kNow + AnchorSchedule::kMaxDelay), Generation(102));
}

TEST(AnchorSchedule, LaterCommitsAreBoundedInNumber) {
  AnchorSchedule schedule;
  schedule.Committed(Generation(100), kNow);
  schedule.Raised(Generation(100), kNow);
  for (uint64_t n = 1; n < AnchorSchedule::kMaxCommits; ++n) {
    schedule.Committed(Generation(100 + n), kNow);
    ASSERT_EQ(schedule.Due(kNow), std::nullopt) << n;
  }
  schedule.Committed(Generation(100 + AnchorSchedule::kMaxCommits), kNow);
  EXPECT_EQ(schedule.Due(kNow), Generation(100 + AnchorSchedule::kMaxCommits));
}

// A host confirms what it was asked to keep while further commits go on.
TEST(AnchorSchedule, ConfirmationOfAnOlderGenerationLeavesTheRestWaiting) {
  AnchorSchedule schedule;
  schedule.Committed(Generation(100), kNow);
  schedule.Committed(Generation(101), kNow);
  schedule.Raised(Generation(100), kNow + Seconds(1));
  EXPECT_EQ(schedule.Pending(), Generation(101));
  EXPECT_EQ(schedule.Deadline(), kNow + Seconds(1) + AnchorSchedule::kMaxDelay);
  schedule.Raised(Generation(999), kNow);  // never committed: no confirmation of ours
  EXPECT_EQ(schedule.Pending(), Generation(101));
}

// An engine that is stepped at the deadline must not be asked for another Step at once.
TEST(AnchorSchedule, WhatCannotBeWrittenIsTriedAgainAfterAWhile) {
  AnchorSchedule schedule;
  schedule.Committed(Generation(100), kNow);
  ASSERT_LE(schedule.Deadline(), kNow);
  schedule.Failed(kNow);
  EXPECT_EQ(schedule.Deadline(), kNow + AnchorSchedule::kTryAgain);
  EXPECT_EQ(schedule.Due(kNow + Seconds(1)), std::nullopt);
  EXPECT_EQ(schedule.Due(kNow - Days(1)), Generation(100)) << "the clock was set back";
  EXPECT_EQ(schedule.Due(kNow + AnchorSchedule::kTryAgain), Generation(100));
  schedule.Raised(Generation(100), kNow + AnchorSchedule::kTryAgain);
  schedule.Committed(Generation(101), kNow + AnchorSchedule::kTryAgain);
  EXPECT_EQ(schedule.Deadline(), kNow + AnchorSchedule::kTryAgain + AnchorSchedule::kMaxDelay);
}

TEST(AnchorSchedule, ClockSetBackDoesNotStretchTheDelay) {
  AnchorSchedule schedule;
  schedule.Committed(Generation(100), kNow);
  schedule.Raised(Generation(100), kNow);
  schedule.Committed(Generation(101), kNow);
  schedule.Committed(Generation(102), kNow - Days(3));
  EXPECT_LE(schedule.Deadline(), kNow - Days(3) + AnchorSchedule::kMaxDelay);
}

}  // namespace
}  // namespace pawl::store
