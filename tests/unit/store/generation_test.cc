#include "store/generation.h"

#include <filesystem>
#include <fstream>

#include "unit/store/test_store.h"

namespace pawl::store {
namespace {

Meta MetaAt(uint64_t generation, OpenedState state = OpenedState::kCurrent) {
  Meta meta;
  meta.generation = Generation(generation);
  meta.state = state;
  return meta;
}

TEST(JudgeOpening, NothingToRecordAtOrBeyondTheAnchor) {
  EXPECT_FALSE(JudgeOpening(MetaAt(5), Generation(5)).has_value());
  EXPECT_FALSE(JudgeOpening(MetaAt(5), Generation(4)).has_value());
}

TEST(JudgeOpening, OlderThanTheAnchorIsDivergedAndJumpsBeyondIt) {
  const auto record = JudgeOpening(MetaAt(5), Generation(9));
  ASSERT_TRUE(record.has_value());
  EXPECT_EQ(record->state, OpenedState::kDiverged);
  EXPECT_EQ(record->generation, Generation(10));
}

TEST(JudgeOpening, MissingAnchorIsItsOwnState) {
  const auto record = JudgeOpening(MetaAt(5), std::nullopt);
  ASSERT_TRUE(record.has_value());
  EXPECT_EQ(record->state, OpenedState::kAnchorMissing);
  EXPECT_EQ(record->generation, Generation(6));
}

TEST(JudgeOpening, MissingAnchorOfAStoreThatHoldsNothingIsNoDivergence) {
  EXPECT_FALSE(JudgeOpening(MetaAt(1), std::nullopt).has_value());
  EXPECT_TRUE(JudgeOpening(MetaAt(1), Generation(2)).has_value());
}

TEST(JudgeOpening, KnownDivergenceIsNotBelittledByALaterFinding) {
  const auto record = JudgeOpening(MetaAt(5, OpenedState::kDiverged), std::nullopt);
  ASSERT_TRUE(record.has_value());
  EXPECT_EQ(record->state, OpenedState::kDiverged);
  const auto worse = JudgeOpening(MetaAt(5, OpenedState::kAnchorMissing), Generation(7));
  EXPECT_EQ(worse->state, OpenedState::kDiverged);
}

class GenerationTest : public StoreTest {
 protected:
  // Opens, changes something, commits; returns the generation after that.
  Generation CommitOnce(Store& store) {
    auto tx = store.Begin();
    EXPECT_THAT(tx, IsOk());
    EXPECT_THAT(tx->values().PutInt("n", static_cast<int64_t>(rng_.U64() >> 1)), IsOk());
    EXPECT_THAT(tx->Commit(now_), IsOk());
    return store.generation();
  }
  // A copy of the store's folder under another name, put back later.
  void CopyStore(const std::string& from, const std::string& to) {
    std::filesystem::remove_all(to);
    std::filesystem::copy(from, to, std::filesystem::copy_options::recursive);
  }
};

TEST_F(GenerationTest, EachCommitThatChangesSomethingRaisesItByOne) {
  const auto store = Open();
  EXPECT_EQ(store->generation(), Generation(1));
  EXPECT_EQ(CommitOnce(*store), Generation(2));
  EXPECT_EQ(CommitOnce(*store), Generation(3));
  PAWL_ASSERT_OK_AND_ASSIGN(Transaction reading, store->Begin());
  EXPECT_THAT(reading.values().GetInt("n"), IsOk());
  EXPECT_THAT(reading.Commit(now_), IsOk());
  EXPECT_EQ(store->generation(), Generation(3));
}

TEST_F(GenerationTest, IsKeptAcrossOpenings) {
  StoreId id;
  {
    const auto store = Open();
    CommitOnce(*store);
    id = store->id();
  }
  const auto store = Open();
  EXPECT_EQ(store->generation(), Generation(2));
  EXPECT_EQ(store->id(), id);
  EXPECT_EQ(store->opened_state(), OpenedState::kCurrent);
}

TEST_F(GenerationTest, OlderCopyOpensDivergedAndStaysSoUntilHealed) {
  {
    const auto store = Open();
    CommitOnce(*store);
  }
  CopyStore(StoreDir(), temp_.File("backup"));
  {
    const auto store = Open();
    CommitOnce(*store);
    EXPECT_EQ(CommitOnce(*store), Generation(4));
    ASSERT_THAT(store->Close(now_), IsOk());
  }
  CopyStore(temp_.File("backup"), StoreDir());
  {
    const auto store = Open();
    EXPECT_EQ(store->opened_state(), OpenedState::kDiverged);
    EXPECT_EQ(store->generation(), Generation(5));
    CommitOnce(*store);
  }
  auto store = Open();
  EXPECT_EQ(store->opened_state(), OpenedState::kDiverged);
  {
    PAWL_ASSERT_OK_AND_ASSIGN(Transaction tx, store->Begin());
    ASSERT_THAT(tx.Mark(OpenedState::kCurrent), IsOk());
  }
  EXPECT_EQ(store->opened_state(), OpenedState::kDiverged) << "healed without a commit";
  {
    PAWL_ASSERT_OK_AND_ASSIGN(Transaction tx, store->Begin());
    ASSERT_THAT(tx.Mark(OpenedState::kCurrent), IsOk());
    ASSERT_THAT(tx.Commit(now_), IsOk());
  }
  EXPECT_EQ(store->opened_state(), OpenedState::kCurrent);
  store.reset();
  EXPECT_EQ(Open()->opened_state(), OpenedState::kCurrent);
}

// The same backup put back a second time must be found again.
TEST_F(GenerationTest, OlderCopyIsFoundHoweverOftenItIsRestored) {
  {
    const auto store = Open();
    CommitOnce(*store);
  }
  CopyStore(StoreDir(), temp_.File("backup"));
  {
    const auto store = Open();
    CommitOnce(*store);
  }
  for (int round = 0; round < 3; ++round) {
    CopyStore(temp_.File("backup"), StoreDir());
    const auto store = Open();
    EXPECT_EQ(store->opened_state(), OpenedState::kDiverged) << round;
    EXPECT_EQ(store->generation(), Generation(4 + static_cast<uint64_t>(round)));
  }
}

TEST_F(GenerationTest, MissingAnchorIsReportedOnceTheStoreHoldsSomething) {
  { const auto store = Open(); }
  std::filesystem::remove_all(AnchorDir());
  {
    const auto store = Open();
    EXPECT_EQ(store->opened_state(), OpenedState::kCurrent);
    CommitOnce(*store);
  }
  std::filesystem::remove_all(AnchorDir());
  EXPECT_EQ(Open()->opened_state(), OpenedState::kAnchorMissing);
  EXPECT_EQ(Open()->opened_state(), OpenedState::kAnchorMissing);
}

TEST_F(GenerationTest, FirstCommitIsAnchoredAtOnceAndLaterOnesInTime) {
  const auto store = Open();
  EXPECT_EQ(store->AnchorDeadline(), kNever);
  CommitOnce(*store);
  EXPECT_EQ(store->AnchorDeadline(), now_ + AnchorSchedule::kMaxDelay);
  ASSERT_THAT(store->AnchorTick(now_ + AnchorSchedule::kMaxDelay), IsOk());
  EXPECT_EQ(store->AnchorDeadline(), kNever);
}

TEST_F(GenerationTest, AnAnchorThatACrashLeftBehindIsRaisedAtTheNextOpening) {
  CommitOnce(*Open());
  CopyStore(StoreDir(), temp_.File("older"));
  CopyStore(AnchorDir(), temp_.File("behind"));
  CommitOnce(*Open());
  // As by a crash between that commit and its anchor.
  CopyStore(temp_.File("behind"), AnchorDir());
  EXPECT_EQ(Open()->opened_state(), OpenedState::kCurrent);
  CopyStore(temp_.File("older"), StoreDir());
  EXPECT_EQ(Open()->opened_state(), OpenedState::kDiverged);
}

TEST_F(GenerationTest, AClockThatWasSetBackDoesNotPutTheAnchorOff) {
  const auto store = Open();
  CommitOnce(*store);  // anchored at once
  CommitOnce(*store);
  ASSERT_NE(store->AnchorDeadline(), kNever);
  ASSERT_THAT(store->AnchorTick(now_ - Hours(9)), IsOk());
  EXPECT_EQ(store->AnchorDeadline(), kNever);
}

// Losing the anchor's disk must not stop a messenger, and must not be forgotten either.
TEST_F(GenerationTest, AnchorThatCannotBeWrittenDoesNotUndoTheCommit) {
  const auto store = Open();
  std::filesystem::remove_all(AnchorDir());
  std::ofstream(AnchorDir()) << "in the way";
  CommitOnce(*store);
  now_ = now_ + Seconds(60);
  EXPECT_EQ(CommitOnce(*store), Generation(3));
  EXPECT_EQ(store->AnchorDeadline(), now_ + AnchorSchedule::kTryAgain);
  EXPECT_THAT(store->AnchorTick(now_), IsOk()) << "not due again already";
  now_ = now_ + AnchorSchedule::kTryAgain;
  EXPECT_THAT(store->AnchorTick(now_), HasCode(Code::kIo));
  std::filesystem::remove(AnchorDir());
  now_ = now_ + AnchorSchedule::kTryAgain;
  EXPECT_THAT(store->AnchorTick(now_), IsOk());
  EXPECT_EQ(store->AnchorDeadline(), kNever);
}

TEST_F(GenerationTest, HostKeepsTheAnchorItself) {
  OpenOptions options = Options();
  options.anchor = HostAnchor{std::nullopt};
  Generation kept;
  {
    PAWL_ASSERT_OK_AND_ASSIGN(const auto store, TryOpen(std::move(options)));
    EXPECT_EQ(store->opened_state(), OpenedState::kCurrent);
    EXPECT_EQ(store->AnchorToKeep(now_), Generation(1));
    store->AnchorKept(Generation(1), now_);
    EXPECT_EQ(store->AnchorToKeep(now_), std::nullopt);
    CommitOnce(*store);
    now_ = now_ + AnchorSchedule::kMaxDelay;
    PAWL_ASSERT_OK_AND_ASSIGN(kept, absl::StatusOr<Generation>(*store->AnchorToKeep(now_)));
    store->AnchorKept(kept, now_);
  }
  EXPECT_EQ(kept, Generation(2));
  EXPECT_FALSE(std::filesystem::exists(AnchorDir()));
  options = Options();
  options.anchor = HostAnchor{Generation(3)};
  PAWL_ASSERT_OK_AND_ASSIGN(const auto store, TryOpen(std::move(options)));
  EXPECT_EQ(store->opened_state(), OpenedState::kDiverged);
}

}  // namespace
}  // namespace pawl::store
