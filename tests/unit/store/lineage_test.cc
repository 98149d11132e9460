#include "store/lineage.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "unit/store/test_store.h"

namespace pawl::store {
namespace {

InstanceId Named(uint8_t name) {
  ByteArray<16> id{};
  id[0] = name;
  return InstanceId(id);
}

// Openings 1 (generations 2 to 9), 2 (10 to 19) and 3 (from 20 on).
Lineage SomeLineage() {
  return {{Named(1), Generation(2)}, {Named(2), Generation(10)}, {Named(3), Generation(20)}};
}
NoteVerdict Judge(uint8_t name, uint64_t generation) {
  return JudgeNote({Named(name), Generation(generation)}, SomeLineage(), Generation(25));
}

TEST(JudgeNote, KnowsWhatItsOwnOpeningsMade) {
  EXPECT_EQ(Judge(1, 2), NoteVerdict::kOurs);
  EXPECT_EQ(Judge(1, 9), NoteVerdict::kOurs);
  EXPECT_EQ(Judge(2, 19), NoteVerdict::kOurs);
  EXPECT_EQ(Judge(3, 25), NoteVerdict::kOurs);
}

TEST(JudgeNote, AnOpeningThatWentOnBeyondWhatIsKnownOfItIsForeign) {
  EXPECT_EQ(Judge(1, 10), NoteVerdict::kForeign);
  EXPECT_EQ(Judge(2, 20), NoteVerdict::kForeign);
  EXPECT_EQ(Judge(3, 26), NoteVerdict::kForeign);
}

TEST(JudgeNote, AnUnknownOpeningIsForeignUnlessItMayHaveBeenForgotten) {
  EXPECT_EQ(Judge(9, 1), NoteVerdict::kForeign);
  Lineage full;
  for (uint8_t i = 0; i < kMaxInstances; ++i) full.push_back({Named(i), Generation(100u + i)});
  const Generation now(300);
  EXPECT_EQ(JudgeNote({Named(200), Generation(99)}, full, now), NoteVerdict::kSilent);
  EXPECT_EQ(JudgeNote({Named(200), Generation(100)}, full, now), NoteVerdict::kForeign);
}

class NoteTest : public ::testing::Test {
 protected:
  test::SeededRng rng_{5};
  const StoreId id_{ByteArray<16>{1}};
  const AnchorKey key_ = AnchorKey::Random(rng_);
  const Note note_{Named(7), Generation(0x0102030405060708)};
};

TEST_F(NoteTest, ComesBackAsItWas) {
  const Bytes sealed = SealNote(note_, id_, key_, rng_);
  EXPECT_EQ(sealed.size(), kNoteSize);
  const auto opened = OpenNote(sealed, id_, key_);
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(opened->instance, note_.instance);
  EXPECT_EQ(opened->generation, note_.generation);
}

TEST_F(NoteTest, TellsTheRelayNothingNotEvenThatItIsTheSame) {
  EXPECT_NE(SealNote(note_, id_, key_, rng_), SealNote(note_, id_, key_, rng_));
}

TEST_F(NoteTest, WhatAnotherKeyStoreOrHandMadeIsNone) {
  const Bytes sealed = SealNote(note_, id_, key_, rng_);
  EXPECT_FALSE(OpenNote(sealed, StoreId(ByteArray<16>{2}), key_));
  EXPECT_FALSE(OpenNote(sealed, id_, AnchorKey::Random(rng_)));
  for (size_t i = 0; i < sealed.size(); ++i) {
    Bytes damaged = sealed;
    damaged[i] ^= 1;
    EXPECT_FALSE(OpenNote(damaged, id_, key_)) << i;
    EXPECT_FALSE(OpenNote(ByteView(sealed).first(i), id_, key_)) << i;
  }
}

class LineageTest : public StoreTest {
 protected:
  void CommitOnce(Store& store) {
    PAWL_ASSERT_OK_AND_ASSIGN(Transaction tx, store.Begin());
    ASSERT_THAT(tx.values().PutInt("n", static_cast<int64_t>(rng_.U64() >> 1)), IsOk());
    ASSERT_THAT(tx.Commit(now_), IsOk());
  }
};

TEST_F(LineageTest, AnOpeningThatChangedNothingHasNoNote) {
  const auto store = Open();
  EXPECT_FALSE(store->MakeNote(rng_).has_value());
  CommitOnce(*store);
  EXPECT_TRUE(store->MakeNote(rng_).has_value());
}

TEST_F(LineageTest, NotesOfAllEarlierOpeningsAreKnown) {
  std::vector<Bytes> notes;
  for (int i = 0; i < 4; ++i) {
    const auto store = Open();
    CommitOnce(*store);
    notes.push_back(*store->MakeNote(rng_));
    CommitOnce(*store);
    notes.push_back(*store->MakeNote(rng_));
    for (const Bytes& note : notes) EXPECT_EQ(store->JudgeNote(note), NoteVerdict::kOurs);
  }
}

TEST_F(LineageTest, AnAbsorbedOpeningOfAnotherCopyIsForeignNoMore) {
  CommitOnce(*Open());
  OpenOptions options = Options();
  options.dir = StoreDir() + "-copy";
  options.anchor = AnchorFile{AnchorDir() + "-copy"};
  std::filesystem::copy(StoreDir(), options.dir, std::filesystem::copy_options::recursive);
  PAWL_ASSERT_OK_AND_ASSIGN(const auto copy, TryOpen(std::move(options)));
  for (int i = 0; i < 40; ++i) CommitOnce(*copy);
  const Bytes early = *copy->MakeNote(rng_);
  CommitOnce(*copy);
  const Bytes late = *copy->MakeNote(rng_);

  auto store = Open();
  EXPECT_EQ(store->JudgeNote(early), NoteVerdict::kForeign);
  {
    PAWL_ASSERT_OK_AND_ASSIGN(Transaction tx, store->Begin());
    ASSERT_THAT(tx.Absorb(early), IsOk());
    EXPECT_EQ(store->JudgeNote(early), NoteVerdict::kForeign) << "not committed yet";
    ASSERT_THAT(tx.Commit(now_), IsOk());
  }
  for (int opening = 0; opening < 2; ++opening) {
    EXPECT_GT(store->generation(), Generation(40)) << "beyond what the other copy had";
    EXPECT_EQ(store->JudgeNote(early), NoteVerdict::kSilent);
    EXPECT_EQ(store->JudgeNote(late), NoteVerdict::kSilent);
    EXPECT_EQ(store->JudgeNote(*store->MakeNote(rng_)), NoteVerdict::kOurs);
    store.reset();
    store = Open();
    CommitOnce(*store);
  }
}

TEST_F(LineageTest, OpeningsBeyondTheBoundAreForgottenAndTheirNotesSayNothing) {
  Bytes first;
  for (size_t i = 0; i <= kMaxInstances; ++i) {
    const auto store = Open();
    CommitOnce(*store);
    if (first.empty()) first = *store->MakeNote(rng_);
  }
  const auto store = Open();
  CommitOnce(*store);
  EXPECT_EQ(store->JudgeNote(first), NoteVerdict::kSilent);
  EXPECT_EQ(store->JudgeNote(*store->MakeNote(rng_)), NoteVerdict::kOurs);
  EXPECT_EQ(store->JudgeNote({}), NoteVerdict::kSilent);
}

}  // namespace
}  // namespace pawl::store
