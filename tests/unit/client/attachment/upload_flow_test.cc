#include "client/attachment/upload_flow.h"

#include <gtest/gtest.h>

#include "support/fake_clock.h"
#include "support/seeded_rng.h"

namespace pawl::attachment {
namespace {

using test::kNow;

constexpr uint64_t kSealedChunk = crypto::kBlobChunkSealed;

// Plays disk and relay for a blob of `chunks` full chunks.
class UploadFlowTest : public ::testing::Test {
 protected:
  static SealedChunk Chunk(uint64_t index) { return {index * kSealedChunk, Bytes(kSealedChunk)}; }

  template <typename T>
  T Expect(UploadFlow& flow, Timestamp now = kNow) {
    const std::optional<UploadFlow::Action> action = flow.Next(now);
    EXPECT_TRUE(action.has_value() && std::holds_alternative<T>(*action));
    if (!action || !std::holds_alternative<T>(*action)) return T{};
    return std::get<T>(*action);
  }
  static void ExpectNothing(UploadFlow& flow, Timestamp now = kNow) {
    EXPECT_FALSE(flow.Next(now).has_value());
  }
  // Fresh blob, disk ready to seal.
  void StartMoving(UploadFlow& flow) {
    flow.ChannelUp();
    EXPECT_EQ(Expect<UploadFlow::Begin>(flow).size, 4 * kSealedChunk);
    flow.Begun(0);
    EXPECT_EQ(Expect<UploadFlow::ResumeFrom>(flow).offset, 0u);
    flow.Resumed(true);
  }
  void SealAndSend(UploadFlow& flow, uint64_t index) {
    Expect<UploadFlow::SealNext>(flow);
    flow.Sealed(Chunk(index));
    EXPECT_EQ(Expect<UploadFlow::Send>(flow).offset, index * kSealedChunk);
  }

  test::SeededRng rng_{4};
  UploadFlow flow_{4 * kSealedChunk};
};

TEST_F(UploadFlowTest, WaitsForTheChannel) {
  ExpectNothing(flow_);
  flow_.ChannelUp();
  Expect<UploadFlow::Begin>(flow_);
  ExpectNothing(flow_);
}

TEST_F(UploadFlowTest, MovesEverythingThenCommits) {
  StartMoving(flow_);
  for (uint64_t i = 0; i < 4; ++i) SealAndSend(flow_, i);
  ExpectNothing(flow_);
  for (uint64_t i = 0; i < 4; ++i) flow_.Held(i * kSealedChunk);
  EXPECT_EQ(flow_.held(), 4 * kSealedChunk);
  Expect<UploadFlow::Commit>(flow_);
  EXPECT_FALSE(flow_.done());
  flow_.Committed();
  EXPECT_TRUE(flow_.done());
  ExpectNothing(flow_);
}

TEST_F(UploadFlowTest, AnswersMayOvertakeEachOther) {
  StartMoving(flow_);
  for (uint64_t i = 0; i < 4; ++i) SealAndSend(flow_, i);
  for (uint64_t i : {3, 1, 2}) flow_.Held(i * kSealedChunk);
  EXPECT_EQ(flow_.held(), 0u);
  flow_.Held(0);
  EXPECT_EQ(flow_.held(), 4 * kSealedChunk);
}

TEST_F(UploadFlowTest, KeepsAtMostAWindowInMemory) {
  UploadFlow flow(100 * kSealedChunk);
  flow.ChannelUp();
  flow.Next(kNow);
  flow.Begun(0);
  flow.Next(kNow);
  flow.Resumed(true);
  for (uint64_t i = 0; i < UploadFlow::kWindow; ++i) SealAndSend(flow, i);
  ExpectNothing(flow);
  flow.Held(0);
  SealAndSend(flow, UploadFlow::kWindow);
  ExpectNothing(flow);
}

TEST_F(UploadFlowTest, AfterABreakTheSameBytesAreSentAgain) {
  StartMoving(flow_);
  for (uint64_t i = 0; i < 3; ++i) SealAndSend(flow_, i);
  flow_.Held(0);
  flow_.ChannelDown();
  ExpectNothing(flow_);
  flow_.ChannelUp();
  Expect<UploadFlow::Begin>(flow_);
  flow_.Begun(2 * kSealedChunk);  // the relay got chunk 1, its answer did not get here
  EXPECT_EQ(flow_.held(), 2 * kSealedChunk);
  EXPECT_EQ(Expect<UploadFlow::Send>(flow_).offset, 2 * kSealedChunk);
  Expect<UploadFlow::SealNext>(flow_);
}

TEST_F(UploadFlowTest, ARelayThatHasEverythingIsOnlyAskedToCommit) {
  StartMoving(flow_);
  for (uint64_t i = 0; i < 4; ++i) SealAndSend(flow_, i);
  flow_.ChannelDown();
  flow_.ChannelUp();
  Expect<UploadFlow::Begin>(flow_);
  flow_.Begun(4 * kSealedChunk);
  Expect<UploadFlow::Commit>(flow_);
}

TEST_F(UploadFlowTest, ARelayThatLostWhatItHadIsGivenItAnewFromTheDisk) {
  StartMoving(flow_);
  for (uint64_t i = 0; i < 3; ++i) SealAndSend(flow_, i);
  for (uint64_t i = 0; i < 3; ++i) flow_.Held(i * kSealedChunk);
  flow_.ChannelDown();
  flow_.ChannelUp();
  Expect<UploadFlow::Begin>(flow_);
  flow_.Begun(kSealedChunk);
  EXPECT_EQ(Expect<UploadFlow::ResumeFrom>(flow_).offset, kSealedChunk);
  flow_.Resumed(true);
  EXPECT_EQ(flow_.held(), kSealedChunk);
  SealAndSend(flow_, 1);
}

TEST_F(UploadFlowTest, AChunkThatWasBeingSealedForALostPlaceIsDropped) {
  StartMoving(flow_);
  SealAndSend(flow_, 0);
  flow_.Held(0);
  Expect<UploadFlow::SealNext>(flow_);
  flow_.ChannelDown();
  flow_.ChannelUp();
  Expect<UploadFlow::Begin>(flow_);
  flow_.Begun(0);
  flow_.Sealed(Chunk(1));  // the disk's answer to what was asked before
  EXPECT_EQ(Expect<UploadFlow::ResumeFrom>(flow_).offset, 0u);
  flow_.Resumed(true);
  SealAndSend(flow_, 0);
}

TEST_F(UploadFlowTest, TheDisksAnswerForAnotherOffsetDoesNotCount) {
  flow_.ChannelUp();
  Expect<UploadFlow::Begin>(flow_);
  flow_.Begun(kSealedChunk);
  EXPECT_EQ(Expect<UploadFlow::ResumeFrom>(flow_).offset, kSealedChunk);
  flow_.ChannelDown();
  flow_.ChannelUp();
  Expect<UploadFlow::Begin>(flow_);
  flow_.Begun(2 * kSealedChunk);
  ExpectNothing(flow_);
  flow_.Resumed(true);  // at kSealedChunk
  EXPECT_EQ(Expect<UploadFlow::ResumeFrom>(flow_).offset, 2 * kSealedChunk);
  flow_.Resumed(true);
  EXPECT_EQ(flow_.held(), 2 * kSealedChunk);
}

TEST_F(UploadFlowTest, AComparisonInSlicesIsAskedUntilItIsComplete) {
  flow_.ChannelUp();
  Expect<UploadFlow::Begin>(flow_);
  flow_.Begun(2 * kSealedChunk);
  for (int i = 0; i < 3; ++i) {
    Expect<UploadFlow::ResumeFrom>(flow_);
    flow_.Resumed(false);
  }
  Expect<UploadFlow::ResumeFrom>(flow_);
  flow_.Resumed(true);
  SealAndSend(flow_, 2);
}

TEST_F(UploadFlowTest, ALostLogDeletesTheBlobAndBeginsAnew) {
  flow_.ChannelUp();
  Expect<UploadFlow::Begin>(flow_);
  flow_.Begun(2 * kSealedChunk);
  Expect<UploadFlow::ResumeFrom>(flow_);
  flow_.DiskFailed(Code::kCorrupt, kNow, rng_);
  EXPECT_EQ(flow_.obstacle(), Code::kCorrupt);
  Expect<UploadFlow::Delete>(flow_, kNow + Minutes(1));
  flow_.Deleted();
  Expect<UploadFlow::Begin>(flow_, kNow + Minutes(1));
}

TEST_F(UploadFlowTest, WhatIsCommittedCannotBeginAnewAndEndsWhenItsLogIsLost) {
  flow_.ChannelUp();
  Expect<UploadFlow::Begin>(flow_);
  flow_.Begun(4 * kSealedChunk);
  Expect<UploadFlow::ResumeFrom>(flow_);
  flow_.DiskFailed(Code::kCorrupt, kNow, rng_);
  Expect<UploadFlow::Delete>(flow_, kNow + Minutes(1));
  flow_.RequestFailed(Code::kWrongState, {}, kNow, rng_);
  EXPECT_TRUE(flow_.failed());
  EXPECT_EQ(flow_.failure(), Code::kCorrupt);
}

TEST_F(UploadFlowTest, ARelayThatClaimsTheImpossibleIsTriedAFewTimesWithPausesAndGivenUp) {
  flow_.ChannelUp();
  Timestamp now = kNow;
  for (int i = 0; i < UploadFlow::kMaxRestarts; ++i) {
    Expect<UploadFlow::Begin>(flow_, now);
    flow_.Begun(999 * kSealedChunk);
    Expect<UploadFlow::ResumeFrom>(flow_, now);
    flow_.DiskFailed(Code::kCorrupt, now, rng_);
    now = std::max(now, flow_.deadline());
    Expect<UploadFlow::Delete>(flow_, now);
    flow_.Deleted();
  }
  EXPECT_GT(now - kNow, Seconds(1)) << "not at the network's speed";
  Expect<UploadFlow::Begin>(flow_, now);
  flow_.Begun(999 * kSealedChunk);
  Expect<UploadFlow::ResumeFrom>(flow_, now);
  flow_.DiskFailed(Code::kCorrupt, now, rng_);
  EXPECT_TRUE(flow_.failed());
  EXPECT_EQ(flow_.failure(), Code::kCorrupt);
}

TEST_F(UploadFlowTest, WhatMayPassIsTriedAgainLaterAndSaysWhy) {
  StartMoving(flow_);
  SealAndSend(flow_, 0);
  const uint32_t epoch = flow_.epoch();
  flow_.RequestFailed(Code::kDiskFull, Seconds(10), kNow, rng_);
  EXPECT_NE(flow_.epoch(), epoch) << "what is still on its way belongs to the past";
  EXPECT_EQ(flow_.obstacle(), Code::kDiskFull);
  EXPECT_EQ(flow_.deadline(), kNow + Seconds(10));
  ExpectNothing(flow_);
  ExpectNothing(flow_, kNow + Seconds(9));
  Expect<UploadFlow::Begin>(flow_, kNow + Seconds(10));
  EXPECT_EQ(flow_.obstacle(), Code::kOk);
}

TEST_F(UploadFlowTest, WhatCannotPassEndsIt) {
  for (Code code : {Code::kQuotaExceeded, Code::kAlreadyExists, Code::kRelayRefused}) {
    UploadFlow flow(4 * kSealedChunk);
    flow.ChannelUp();
    flow.Next(kNow);
    flow.RequestFailed(code, Minutes(3), kNow, rng_);
    EXPECT_TRUE(flow.failed());
    EXPECT_EQ(flow.failure(), code);
    EXPECT_EQ(flow.retry_after(), Minutes(3));
    ExpectNothing(flow);
    flow.ChannelDown();
    flow.ChannelUp();
    ExpectNothing(flow);
  }
}

TEST_F(UploadFlowTest, AChangedSourceEndsItAndALateAnswerDoesNotReviveIt) {
  StartMoving(flow_);
  SealAndSend(flow_, 0);
  Expect<UploadFlow::SealNext>(flow_);
  flow_.DiskFailed(Code::kSourceChanged, kNow, rng_);
  EXPECT_EQ(flow_.failure(), Code::kSourceChanged);
  flow_.Held(0);
  flow_.Begun(0);
  EXPECT_TRUE(flow_.failed());
}

TEST_F(UploadFlowTest, AFullQueueHoldsWithoutLosingTheChunk) {
  StartMoving(flow_);
  Expect<UploadFlow::SealNext>(flow_);
  flow_.Sealed(Chunk(0));
  flow_.Refused(Expect<UploadFlow::Send>(flow_));
  ExpectNothing(flow_);
  flow_.RoomAgain();
  EXPECT_EQ(Expect<UploadFlow::Send>(flow_).offset, 0u);
}

TEST_F(UploadFlowTest, ADrySourceIsAskedAgainOnlyWhenItSaysSo) {
  StartMoving(flow_);
  Expect<UploadFlow::SealNext>(flow_);
  flow_.SourceDry();
  ExpectNothing(flow_);
  flow_.SourceReady();
  Expect<UploadFlow::SealNext>(flow_);
}

TEST_F(UploadFlowTest, ASourceThatIsReadyBeforeItsDrynessIsKnownIsAskedAgain) {
  StartMoving(flow_);
  Expect<UploadFlow::SealNext>(flow_);
  flow_.SourceReady();
  flow_.SourceDry();
  Expect<UploadFlow::SealNext>(flow_);
  flow_.SourceDry();
  ExpectNothing(flow_);
}

TEST_F(UploadFlowTest, ADrySourceLeavesNothingToBeDiscarded) {
  StartMoving(flow_);
  Expect<UploadFlow::SealNext>(flow_);
  flow_.ChannelDown();
  flow_.ChannelUp();
  Expect<UploadFlow::Begin>(flow_);
  flow_.Begun(0);  // what is being sealed would be of no use
  flow_.SourceDry();
  flow_.SourceReady();
  Expect<UploadFlow::ResumeFrom>(flow_);
  flow_.Resumed(true);
  Expect<UploadFlow::SealNext>(flow_);
  flow_.Sealed(Chunk(0));
  EXPECT_EQ(Expect<UploadFlow::Send>(flow_).offset, 0u);
}

// Whatever the relay says and in whatever order, the flow never sends a chunk at a place where the
// disk did not seal it, and never gets stuck once the channel is up and the relay honest.
TEST_F(UploadFlowTest, RandomBreaksEndInTheWholeBlob) {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(seed);
    test::SeededRng rng(seed);
    constexpr uint64_t kChunks = 20;
    UploadFlow flow(kChunks * kSealedChunk);
    uint64_t relay = 0, disk = 0;  // chunks held, chunks sealed
    Timestamp now = kNow;
    std::deque<std::pair<uint32_t, UploadFlow::Action>> wire;
    std::deque<UploadFlow::Action> jobs;
    flow.ChannelUp();
    for (int step = 0; step < 20'000 && !flow.done(); ++step) {
      ASSERT_FALSE(flow.failed());
      now = now + Milliseconds(100);
      if (step < 2'000 && rng.Below(25) == 0) {
        flow.ChannelDown();
        wire.clear();
        if (rng.Below(4) == 0) relay -= rng.Below(relay + 1) / 3;  // a crash of the relay
        flow.ChannelUp();
      }
      if (auto action = flow.Next(now)) {
        if (const auto* send = std::get_if<UploadFlow::Send>(&*action)) {
          ASSERT_LT(send->offset, disk * kSealedChunk);
          ASSERT_EQ(send->bytes.size(), kSealedChunk);
        }
        const bool is_job = std::holds_alternative<UploadFlow::SealNext>(*action) ||
                            std::holds_alternative<UploadFlow::ResumeFrom>(*action);
        if (is_job) {
          jobs.push_back(*action);
        } else {
          wire.emplace_back(flow.epoch(), *action);
        }
        if (rng.Below(3) != 0) continue;
      }
      if (!jobs.empty()) {
        const UploadFlow::Action job = jobs.front();
        jobs.pop_front();
        if (const auto* resume = std::get_if<UploadFlow::ResumeFrom>(&job)) {
          if (resume->offset > disk * kSealedChunk) {
            flow.DiskFailed(Code::kCorrupt, now, rng);
          } else {
            disk = resume->offset / kSealedChunk;
            flow.Resumed(true);
          }
        } else if (rng.Below(4) == 0) {
          flow.SourceDry();
        } else {
          flow.Sealed(Chunk(disk++));
        }
      }
      if (rng.Below(4) == 0) flow.SourceReady();
      if (wire.empty()) continue;
      const auto [epoch, action] = wire.front();
      wire.pop_front();
      if (std::holds_alternative<UploadFlow::Begin>(action)) {
        if (epoch == flow.epoch()) flow.Begun(relay * kSealedChunk);
      } else if (const auto* send = std::get_if<UploadFlow::Send>(&action)) {
        if (send->offset > relay * kSealedChunk) {
          if (epoch == flow.epoch()) flow.RequestFailed(Code::kWrongState, {}, now, rng);
          continue;
        }
        if (send->offset == relay * kSealedChunk) ++relay;
        if (epoch == flow.epoch()) flow.Held(send->offset);
      } else if (std::holds_alternative<UploadFlow::Delete>(action)) {
        relay = 0;
        if (epoch == flow.epoch()) flow.Deleted();
      } else if (epoch == flow.epoch()) {
        if (relay == kChunks) {
          flow.Committed();
        } else {
          flow.RequestFailed(Code::kWrongState, {}, now, rng);
        }
      }
    }
    EXPECT_TRUE(flow.done());
    EXPECT_EQ(relay, kChunks);
  }
}

}  // namespace
}  // namespace pawl::attachment
