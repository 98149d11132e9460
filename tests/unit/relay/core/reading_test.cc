#include "relay/core/reading.h"

#include <gtest/gtest.h>

#include "relay/engine/sqlite/inline_engine.h"
#include "support/relay_world.h"

namespace pawl::relay {
namespace {

using test::RelayPerson;
using test::RelayWorld;
namespace fb = wire::fb;

class Reading : public ::testing::Test {
 protected:
  void SetBusy(ConnectionId id, bool busy) {
    Effects effects;
    world_.core().Busy(id, busy, world_.clock().Now(), effects);
    world_.Apply(std::move(effects));
  }
  // Many reads of a blob that is not there, in one message.
  Bytes ManyReads(size_t count, uint32_t size) {
    wire::FrameWriter writer;
    for (size_t i = 1; i <= count; ++i) {
      EXPECT_TRUE(Append(writer, wire::BlobGet{i, BlobId(), 0, size}));
    }
    return ToBytes(writer.message());
  }
  size_t CountAnswers(ConnectionId id) {
    size_t answers = 0;
    while (world_.Hear(id)) ++answers;
    return answers;
  }

  RelayWorld world_;
};

TEST_F(Reading, UnansweredRequestsHoldTheReaderBack) {
  world_.HoldEngine();
  const ConnectionId id = world_.ConnectAnonymously();
  world_.HoldEngine();
  for (size_t i = 0; i < kMaxUnansweredRequests; ++i) {
    EXPECT_TRUE(world_.IsRead(id));
    world_.Say(id, wire::BlobGet{i + 1, BlobId(), 0, 1});
  }
  EXPECT_FALSE(world_.IsRead(id));
  world_.ReleaseEngine();
  EXPECT_TRUE(world_.IsRead(id));
  for (size_t i = 0; i < kMaxUnansweredRequests; ++i) world_.ExpectError(id, i + 1);
  EXPECT_TRUE(world_.HeardNothing(id));
}

TEST_F(Reading, TooManyFramesASecondAreReadMoreSlowlyNotRefused) {
  RelayPerson bob = world_.MakePerson("bob");
  const ConnectionId id = world_.ConnectDevice(bob);
  size_t frames = 0;
  while (world_.IsRead(id) && frames < 100'000) {
    world_.Say(id, wire::Credit{1});
    ++frames;
  }
  EXPECT_GE(frames, static_cast<size_t>(kFrameBucket.burst) - 10);
  EXPECT_LT(frames, static_cast<size_t>(kFrameBucket.burst) + 10);
  EXPECT_FALSE(world_.ClosedWith(id));
  world_.Tick(Milliseconds(0));
  EXPECT_FALSE(world_.IsRead(id)) << "however often the relay looks";
  world_.Tick(Milliseconds(10));
  EXPECT_TRUE(world_.IsRead(id));
}

TEST_F(Reading, AMessageWithoutAFrameIsRefused) {
  const ConnectionId id = world_.ConnectAnonymously();
  world_.SayBytes(id, wire::FrameWriter().message());
  EXPECT_EQ(world_.ExpectError(id, 0), Code::kMalformed);
  EXPECT_EQ(world_.ClosedWith(id), CloseCode::kMalformed);
}

TEST_F(Reading, InTheMiddleOfAMessageTheRestWaitsWhenEnoughIsUnanswered) {
  const ConnectionId id = world_.ConnectAnonymously();
  world_.HoldEngine();
  constexpr size_t kReads = 200;
  world_.SayBytes(id, ManyReads(kReads, wire::kMaxBlobChunkSize));
  EXPECT_EQ(world_.held_requests(), kMaxUnansweredBytes / wire::kMaxBlobChunkSize);
  EXPECT_FALSE(world_.IsRead(id));
  world_.ReleaseEngine();
  EXPECT_EQ(CountAnswers(id), kReads) << "each is answered, once";
  EXPECT_TRUE(world_.IsRead(id));
}

TEST_F(Reading, WhatComesAfterAMessageThatWaitsKeepsItsPlace) {
  const ConnectionId id = world_.ConnectAnonymously();
  world_.HoldEngine();
  world_.SayBytes(id, ManyReads(20, wire::kMaxBlobChunkSize));
  world_.Say(id, wire::BlobGet{21, BlobId(), 0, 1});
  world_.ReleaseEngine();
  for (uint64_t req = 1; req <= 21; ++req) world_.ExpectError(id, req);
}

TEST_F(Reading, NothingIsReadForAPeerThatDoesNotTakeWhatItWasSent) {
  RelayPerson bob = world_.MakePerson("bob");
  const ConnectionId device = world_.ConnectDevice(bob);
  const ConnectionId sender = world_.ConnectAnonymously();
  SetBusy(device, true);
  const Bytes envelope(100, 1);
  world_.Say(sender, world_.Mail(bob, 1, envelope));
  world_.Say(device, wire::BlobGet{7, BlobId(), 0, 1});
  EXPECT_TRUE(world_.HeardNothing(device)) << "neither mail nor a blob";
  SetBusy(device, false);
  EXPECT_EQ(world_.ExpectError(device, 7), Code::kNotFound);
  EXPECT_NE(world_.Expect<fb::Message>(device), nullptr);
}

TEST_F(Reading, WhoLeavesTooMuchUnreadIsSentAway) {
  const ConnectionId id = world_.ConnectAnonymously();
  const ConnectionId other = world_.ConnectAnonymously();
  SetBusy(id, true);
  const Bytes payload(wire::kMaxBlobChunkSize, 1);
  const size_t enough = kMaxUnreadBytesPerPeer / payload.size() + 1;
  for (size_t i = 0; i < enough && !world_.ClosedWith(id); ++i) {
    world_.Say(id, wire::BlobChunk{i + 1, BlobId(), 0, payload});
  }
  EXPECT_EQ(world_.ClosedWith(id), CloseCode::kTryAgainLater);
  EXPECT_FALSE(world_.ClosedWith(other));
}

}  // namespace
}  // namespace pawl::relay
