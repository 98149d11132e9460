#include "client/attachment/download_flow.h"

#include <gtest/gtest.h>

#include "support/fake_clock.h"
#include "support/seeded_rng.h"

namespace pawl::attachment {
namespace {

using test::kNow;

class DownloadFlowTest : public ::testing::Test {
 protected:
  template <typename T>
  T Expect(Timestamp now = kNow) {
    std::optional<DownloadFlow::Action> action = flow_.Next(now);
    EXPECT_TRUE(action.has_value() && std::holds_alternative<T>(*action));
    if (!action || !std::holds_alternative<T>(*action)) return T{};
    return std::get<T>(std::move(*action));
  }
  void ExpectNothing(Timestamp now = kNow) { EXPECT_FALSE(flow_.Next(now).has_value()); }
  Bytes Blob(uint64_t index) const { return Bytes(layout_.SealedSize(index)); }
  void StartMoving(uint64_t chunks = 0) {
    flow_.ChannelUp();
    Expect<DownloadFlow::Resume>();
    flow_.Resumed(true, chunks);
  }
  void Fetched(uint64_t index) {
    flow_.Fetched(Layout::SealedOffset(index), layout_.sealed_size(), Blob(index));
  }

  test::SeededRng rng_{5};
  Layout layout_ = *Layout::ForFile(200'000);  // 4 chunks
  DownloadFlow flow_{layout_};
};

TEST_F(DownloadFlowTest, FetchesTakesAndFinishes) {
  ASSERT_EQ(layout_.chunks(), 4u);
  StartMoving();
  for (uint64_t i = 0; i < 4; ++i) {
    const auto fetch = Expect<DownloadFlow::Fetch>();
    EXPECT_EQ(fetch.offset, Layout::SealedOffset(i));
    EXPECT_EQ(fetch.size, layout_.SealedSize(i));
  }
  ExpectNothing();
  for (uint64_t i = 0; i < 4; ++i) {
    Fetched(i);
    EXPECT_EQ(Expect<DownloadFlow::Take>().sealed.size(), layout_.SealedSize(i));
    flow_.Taken();
  }
  Expect<DownloadFlow::Finish>();
  EXPECT_FALSE(flow_.done());
  flow_.Finished();
  EXPECT_TRUE(flow_.done());
}

TEST_F(DownloadFlowTest, TheDiskGetsChunksInOrderOneAtATime) {
  StartMoving();
  for (int i = 0; i < 4; ++i) Expect<DownloadFlow::Fetch>();
  for (uint64_t i : {2, 1, 3}) Fetched(i);
  ExpectNothing();
  Fetched(0);
  EXPECT_EQ(Expect<DownloadFlow::Take>().sealed.size(), layout_.SealedSize(0));
  ExpectNothing();
  flow_.Taken();
  EXPECT_EQ(flow_.chunks_taken(), 1u);
  Expect<DownloadFlow::Take>();
}

TEST_F(DownloadFlowTest, GoesOnWhereAnEarlierProcessWas) {
  StartMoving(3);
  EXPECT_EQ(Expect<DownloadFlow::Fetch>().offset, Layout::SealedOffset(3));
  ExpectNothing();
}

TEST_F(DownloadFlowTest, NothingIsFetchedWhenAllIsThere) {
  StartMoving(4);
  Expect<DownloadFlow::Finish>();
}

TEST_F(DownloadFlowTest, TheWindowBoundsWhatIsInMemory) {
  const Layout large = *Layout::ForFile(10'000'000);
  flow_ = DownloadFlow(large);
  StartMoving();
  for (size_t i = 0; i < DownloadFlow::kWindow; ++i) Expect<DownloadFlow::Fetch>();
  ExpectNothing();
}

TEST_F(DownloadFlowTest, AfterABreakOnlyWhatIsMissingIsAskedAgain) {
  StartMoving();
  for (int i = 0; i < 4; ++i) Expect<DownloadFlow::Fetch>();
  Fetched(1);
  const uint32_t epoch = flow_.epoch();
  flow_.ChannelDown();
  EXPECT_NE(flow_.epoch(), epoch);
  ExpectNothing();
  flow_.ChannelUp();
  EXPECT_EQ(Expect<DownloadFlow::Fetch>().offset, Layout::SealedOffset(0));
  EXPECT_EQ(Expect<DownloadFlow::Fetch>().offset, Layout::SealedOffset(2));
}

TEST_F(DownloadFlowTest, AnotherBlobThanThePointersIsRefused) {
  for (int what = 0; what < 2; ++what) {
    flow_ = DownloadFlow(layout_);
    StartMoving();
    Expect<DownloadFlow::Fetch>();
    if (what == 0) {
      flow_.Fetched(0, layout_.sealed_size() + 1, Blob(0));
    } else {
      flow_.Fetched(0, layout_.sealed_size(), Bytes(10));
    }
    EXPECT_EQ(flow_.failure(), Code::kAuthFailed);
    ExpectNothing();
  }
}

TEST_F(DownloadFlowTest, WhatNobodyAskedForIsIgnored) {
  StartMoving();
  Expect<DownloadFlow::Fetch>();
  flow_.Fetched(12345, layout_.sealed_size(), Bytes(1));
  Fetched(0);
  Fetched(0);
  Expect<DownloadFlow::Take>();
  EXPECT_FALSE(flow_.failed());
}

TEST_F(DownloadFlowTest, AMissingBlobEndsItARefusalThatPassesDoesNot) {
  StartMoving();
  Expect<DownloadFlow::Fetch>();
  flow_.RequestFailed(Code::kRateLimited, Seconds(5), kNow, rng_);
  EXPECT_EQ(flow_.obstacle(), Code::kRateLimited);
  ExpectNothing(kNow + Seconds(4));
  Expect<DownloadFlow::Fetch>(kNow + Seconds(5));
  EXPECT_EQ(flow_.retry_after(), Duration{}) << "of a failure only";
  flow_.RequestFailed(Code::kNotFound, Minutes(3), kNow, rng_);
  EXPECT_EQ(flow_.failure(), Code::kNotFound);
  EXPECT_EQ(flow_.retry_after(), Minutes(3));
}

TEST_F(DownloadFlowTest, AFullDiskIsWaitedOutAndTheChunkFetchedAgain) {
  StartMoving(3);
  Expect<DownloadFlow::Fetch>();
  Fetched(3);
  Expect<DownloadFlow::Take>();
  flow_.DiskFailed(Code::kDiskFull, kNow, rng_);
  EXPECT_EQ(flow_.obstacle(), Code::kDiskFull);
  const Timestamp later = kNow + Minutes(1);
  EXPECT_EQ(Expect<DownloadFlow::Fetch>(later).offset, Layout::SealedOffset(3));
  Fetched(3);
  Expect<DownloadFlow::Take>(later);
  flow_.Taken();
  Expect<DownloadFlow::Finish>(later);
  flow_.DiskFailed(Code::kDiskFull, later, rng_);
  Expect<DownloadFlow::Finish>(later + Minutes(1));
}

TEST_F(DownloadFlowTest, AChunkThatIsNotTheSendersEndsIt) {
  StartMoving(3);
  Expect<DownloadFlow::Fetch>();
  Fetched(3);
  Expect<DownloadFlow::Take>();
  flow_.DiskFailed(Code::kAuthFailed, kNow, rng_);
  EXPECT_EQ(flow_.failure(), Code::kAuthFailed);
}

TEST_F(DownloadFlowTest, WhatIsOnDiskIsSyncedEveryFewMiB) {
  const Layout large = *Layout::ForFile(200 * crypto::kBlobChunkPlain);
  flow_ = DownloadFlow(large);
  StartMoving();
  uint64_t taken = 0;
  int syncs = 0;
  while (!flow_.done() && !flow_.failed()) {
    auto action = flow_.Next(kNow);
    ASSERT_TRUE(action.has_value());
    if (const auto* fetch = std::get_if<DownloadFlow::Fetch>(&*action)) {
      flow_.Fetched(fetch->offset, large.sealed_size(), Bytes(fetch->size));
    } else if (std::holds_alternative<DownloadFlow::Take>(*action)) {
      flow_.Taken();
      ++taken;
    } else if (std::holds_alternative<DownloadFlow::Sync>(*action)) {
      EXPECT_EQ(taken % DownloadFlow::kSyncEvery, 0u);
      ++syncs;
      flow_.Synced();
    } else if (std::holds_alternative<DownloadFlow::Finish>(*action)) {
      flow_.Finished();
    }
  }
  EXPECT_TRUE(flow_.done());
  EXPECT_EQ(taken, large.chunks());
  EXPECT_EQ(syncs, static_cast<int>(large.chunks() / DownloadFlow::kSyncEvery));
}

TEST_F(DownloadFlowTest, AFullQueueHoldsWithoutLosingTheRequest) {
  StartMoving();
  flow_.Refused(Expect<DownloadFlow::Fetch>());
  ExpectNothing();
  flow_.RoomAgain();
  EXPECT_EQ(Expect<DownloadFlow::Fetch>().offset, 0u);
}

}  // namespace
}  // namespace pawl::attachment
