#include "relay/core/dispatch.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>

#include "relay/engine/sqlite/inline_engine.h"
#include "support/relay_world.h"

namespace pawl::relay {
namespace {

using test::RelayPerson;
using test::RelayWorld;
namespace fb = wire::fb;

constexpr int kDevice = 1;
constexpr int kPeek = 2;
constexpr int kAnonymous = 4;

// PROTOCOL.md §1: who may say what. Each frame goes out with req 9.
struct Frame {
  const char* name;
  int modes;
  std::function<bool(wire::FrameWriter&)> append;
};

template <typename F>
Frame Make(const char* name, int modes, F frame) {
  return {name, modes, [frame](wire::FrameWriter& out) { return Append(out, frame); }};
}

std::vector<Frame> AllFrames() {
  wire::Send send;
  send.req = 9;
  send.account = "bob@example.org";
  return {
      Make("Register", kAnonymous, wire::Register{9, "", {}, {}}),
      Make("Send", kAnonymous, send),
      Make("DirGet", kDevice | kAnonymous, wire::DirGet{9, "x@y"}),
      Make("PrekeyTake", kDevice | kAnonymous, wire::PrekeyTake{9, "x@y", DeviceId(1)}),
      Make("BlobGet", kDevice | kAnonymous, wire::BlobGet{9, BlobId(), 0, 0}),
      Make("DirPut", kDevice, wire::DirPut{9, {}}),
      Make("EpochPut", kDevice, wire::EpochPut{9, DeviceEpoch(0), {}}),
      Make("PrekeyPut", kDevice, wire::PrekeyPut{9, {}, {}}),
      Make("DeliveryKeyPut", kDevice, wire::DeliveryKeyPut{9, {}}),
      Make("AnchorPut", kDevice, wire::AnchorPut{9, {}}),
      Make("BlobChunk", kDevice | kAnonymous, wire::BlobChunk{9, BlobId(), 0, {}}),
      Make("BlobCommit", kDevice | kAnonymous, wire::BlobCommit{9, BlobId()}),
      Make("BlobDelete", kDevice | kAnonymous, wire::BlobDelete{9, BlobId()}),
      Make("BlobBegin", kDevice | kAnonymous, wire::BlobBegin{9, BlobId(), 1}),
      Make("TokenKeysGet", kAnonymous, wire::TokenKeysGet{9}),
      Make("TokenIssue", kDevice, wire::TokenIssue{9, {}, 0, false, {}}),
      Make("Fetch", kPeek, wire::Fetch{9, MailboxCursor(0), 1}),
  };
}

// Whether the connection was told WRONG_STATE for this frame and lives on.
bool IsRefused(RelayWorld& world, ConnectionId id, const Frame& frame) {
  wire::FrameWriter writer;
  EXPECT_TRUE(frame.append(writer));
  world.SayBytes(id, writer.message());
  bool refused = false;
  int answers = 0;
  while (const auto heard = world.Hear(id)) {
    ++answers;
    if (const auto* error = heard->As<fb::Error>()) {
      EXPECT_EQ(error->req(), 9u) << frame.name;
      refused = static_cast<Code>(error->code()) == Code::kWrongState;
    }
  }
  EXPECT_EQ(answers, 1) << frame.name << " has exactly one answer";
  EXPECT_FALSE(world.ClosedWith(id)) << frame.name;
  return refused;
}

TEST(Dispatch, EachModeMaySayItsOwnFramesAndNoOthers) {
  RelayWorld world;
  RelayPerson bob = world.MakePerson("bob");
  const ConnectionId device = world.ConnectDevice(bob);
  const ConnectionId peek = world.Login(bob, 1, fb::Mode::Peek);
  world.Expect<fb::Ready>(peek);
  const ConnectionId anonymous = world.ConnectAnonymously();
  for (const Frame& frame : AllFrames()) {
    EXPECT_EQ(IsRefused(world, device, frame), (frame.modes & kDevice) == 0) << frame.name;
    EXPECT_EQ(IsRefused(world, peek, frame), (frame.modes & kPeek) == 0) << frame.name;
    EXPECT_EQ(IsRefused(world, anonymous, frame), (frame.modes & kAnonymous) == 0) << frame.name;
  }
}

TEST(Dispatch, WhatARelaySaysIsNotForAClientToSay) {
  RelayWorld world;
  const ConnectionId id = world.ConnectAnonymously();
  world.Say(id, wire::Ok{9, 0});
  EXPECT_EQ(world.ExpectError(id, 0), Code::kUnsupported);
  EXPECT_FALSE(world.ClosedWith(id));
}

TEST(Dispatch, AFrameOfALaterReleaseIsUnsupportedAndTheConnectionLivesOn) {
  RelayWorld world;
  const ConnectionId id = world.ConnectAnonymously();
  wire::FrameWriter writer;
  const auto body = fb::CreateCredit(writer.Builder(), 1);
  ASSERT_TRUE(writer.Commit(static_cast<fb::FrameBody>(50), body.Union(), {}));
  world.SayBytes(id, writer.message());
  EXPECT_EQ(world.ExpectError(id, 0), Code::kUnsupported);
  world.Say(id, wire::DirGet{1, "x@y"});
  EXPECT_EQ(world.ExpectError(id, 1), Code::kNotFound);
}

TEST(Dispatch, AResultOfTheWrongTypeIsAStorageFailure) {
  RelayWorld world;
  world.HoldEngine();
  const ConnectionId id = world.ConnectAnonymously();
  world.Say(id, wire::DirGet{1, "x@y"});
  engine::Completions wrong;
  wrong.done.push_back({engine::OpId(2), engine::Done()});  // the first one is the relay's own
  wrong.done.push_back({engine::OpId(999), engine::Done()});
  Effects effects;
  world.core().Completed(std::move(wrong), world.clock().Now(), effects);
  world.Apply(std::move(effects));
  EXPECT_EQ(world.ExpectError(id, 1), Code::kStorage);
}

}  // namespace
}  // namespace pawl::relay
