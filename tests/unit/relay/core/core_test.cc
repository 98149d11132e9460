#include "relay/core/core.h"

#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "relay/engine/sqlite/inline_engine.h"
#include "support/flip.h"
#include "support/relay_world.h"

namespace pawl::relay {
namespace {

using test::RelayPerson;
using test::RelayWorld;
namespace fb = wire::fb;

TEST(Core, AMessageThatIsNoneEndsTheConnection) {
  RelayWorld world;
  const ConnectionId garbage = world.ConnectAnonymously();
  world.SayBytes(garbage, Bytes(100, 0xFF));
  EXPECT_EQ(world.ExpectError(garbage, 0), Code::kUnsupportedVersion);
  EXPECT_EQ(world.ClosedWith(garbage), CloseCode::kMalformed);

  const ConnectionId huge = world.ConnectAnonymously();
  world.SayBytes(huge, Bytes(wire::kMaxMessageSize + 1, 0));
  EXPECT_EQ(world.ExpectError(huge, 0), Code::kTooLarge);
  EXPECT_EQ(world.ClosedWith(huge), CloseCode::kTooLarge);

  const ConnectionId text = world.ConnectAnonymously();
  Effects effects;
  world.core().ReceivedText(text, world.clock().Now(), effects);
  world.Apply(std::move(effects));
  EXPECT_EQ(world.ClosedWith(text), CloseCode::kTextMessage);
  EXPECT_EQ(world.stats().protocol_violations, 3u);
}

TEST(Core, WhatCameBeforeABrokenFrameTookEffect) {
  RelayWorld world;
  RelayPerson bob = world.MakePerson("bob");
  const ConnectionId sender = world.ConnectAnonymously();
  wire::FrameWriter writer;
  const Bytes envelope(100, 1);
  ASSERT_TRUE(Append(writer, world.Mail(bob, 1, envelope)));
  Bytes message = ToBytes(writer.message());
  message.resize(message.size() + 8, 0xFF);
  world.SayBytes(sender, message);
  EXPECT_EQ(world.ExpectError(sender, 0), Code::kTooLarge);
  EXPECT_EQ(world.stats().envelopes_stored, 1u);
  EXPECT_TRUE(world.HeardNothing(sender)) << "its answer comes too late";
}

TEST(Core, NothingIsHeardFromAConnectionThatIsClosing) {
  RelayWorld world;
  RelayPerson bob = world.MakePerson("bob");
  const ConnectionId id = world.ConnectAnonymously();
  world.SayBytes(id, Bytes(8, 0xFF));
  const Bytes envelope(100, 1);
  world.Say(id, world.Mail(bob, 1, envelope));
  EXPECT_EQ(world.stats().envelopes_stored, 0u);
}

TEST(Core, AnyBitOfAMessageMayBeWrong) {
  RelayWorld world;
  RelayPerson bob = world.MakePerson("bob");
  const Bytes envelope(64, 1);
  wire::FrameWriter writer;
  ASSERT_TRUE(Append(writer, world.Mail(bob, 1, envelope)));
  ASSERT_TRUE(Append(writer, wire::DirGet{2, "bob@example.org"}));
  const Bytes message = ToBytes(writer.message());
  test::ForEachBitFlip(message, [&](const Bytes& damaged) {
    const ConnectionId id = world.ConnectAnonymously();
    world.SayBytes(id, damaged);
    world.Disconnect(id);
    world.Tick(Seconds(2));
  });
  EXPECT_EQ(world.stats().pending_requests, 0u);
  EXPECT_EQ(world.stats().anonymous_connections, 0u);
}

TEST(Core, AllConnectionsTogetherCannotFillTheMemory) {
  Config config = RelayWorld::DefaultConfig();
  config.rate_scale = 1000;
  RelayWorld world(config);
  RelayPerson bob = world.MakePerson("bob");
  const Bytes envelope(wire::kMaxEnvelopeSize, 1);
  world.HoldEngine();
  const size_t per_connection = kMaxUnansweredBytes / envelope.size();
  uint64_t number = 0;
  for (size_t i = 0; i < kMaxOutstandingBytes / kMaxUnansweredBytes; ++i) {
    const ConnectionId id = world.ConnectAnonymously(static_cast<uint8_t>(i));
    for (size_t j = 0; j < per_connection; ++j) world.Say(id, world.Mail(bob, ++number, envelope));
  }
  EXPECT_EQ(world.stats().pending_bytes, kMaxOutstandingBytes);
  const ConnectionId late = world.ConnectAnonymously(250);
  world.Say(late, world.Mail(bob, ++number, envelope));
  EXPECT_EQ(world.ExpectError(late, number), Code::kWouldBlock);
  EXPECT_EQ(world.last_retry_after(), kRetryBusy);
  world.Say(late, wire::DirGet{1, "bob@example.org"});
  EXPECT_TRUE(world.HeardNothing(late)) << "what holds no memory is taken";
  world.ReleaseEngine();
  EXPECT_EQ(world.stats().pending_bytes, 0u);
}

TEST(Core, TooManyThatDoNotLogInAreTurnedAway) {
  RelayWorld world;
  for (size_t i = 0; i < kMaxOpening; ++i) EXPECT_FALSE(world.ClosedWith(world.Connect()));
  const ConnectionId late = world.Connect();
  EXPECT_EQ(world.ClosedWith(late), CloseCode::kTryAgainLater);
  world.Tick(kOpeningTimeout);
  EXPECT_EQ(world.stats().opening_connections, kMaxOpening + 1) << "closing, not gone yet";
  for (uint64_t i = 1; i <= kMaxOpening + 1; ++i) world.Disconnect(ConnectionId(i));
  EXPECT_EQ(world.stats().opening_connections, 0u);
  EXPECT_FALSE(world.ClosedWith(world.Connect()));
}

TEST(Core, ShuttingDownSaysGoodbyeToEverybody) {
  RelayWorld world;
  RelayPerson bob = world.MakePerson("bob");
  const ConnectionId device = world.ConnectDevice(bob);
  const ConnectionId anonymous = world.ConnectAnonymously();
  Effects effects;
  world.core().ShutDown(world.clock().Now(), effects);
  world.Apply(std::move(effects));
  for (const ConnectionId id : {device, anonymous}) {
    EXPECT_GT(world.Expect<fb::GoAway>(id)->reconnect_after_ms(), 0u);
    EXPECT_EQ(world.ClosedWith(id), CloseCode::kGoingAway);
  }
  EXPECT_EQ(world.ClosedWith(world.Connect()), CloseCode::kTryAgainLater);
}

TEST(Core, WhoIsSentAwayIsToldDifferentTimesToComeBack) {
  RelayWorld world;
  constexpr size_t kPeers = 1000;
  std::vector<ConnectionId> peers;
  for (size_t i = 0; i < kPeers; ++i) peers.push_back(world.ConnectAnonymously());
  Effects effects;
  world.core().ShutDown(world.clock().Now(), effects);
  world.Apply(std::move(effects));
  const int64_t spread = Seconds(kPeers / kReconnectsPerSecond).ms;
  std::map<int64_t, int> in_quarter;
  for (const ConnectionId id : peers) {
    const int64_t wait = world.Expect<fb::GoAway>(id)->reconnect_after_ms() - kReconnectAfter.ms;
    EXPECT_GE(wait, 0);
    EXPECT_LT(wait, spread) << "about kReconnectsPerSecond";
    ++in_quarter[wait * 4 / spread];
  }
  for (int64_t quarter = 0; quarter < 4; ++quarter) {
    EXPECT_GT(in_quarter[quarter], static_cast<int>(kPeers) / 8) << quarter;
  }
}

TEST(Core, WhatAnAdministratorRemovesElsewhereIsDroppedHere) {
  RelayWorld world;
  RelayPerson bob = world.MakePerson("bob");
  RelayPerson eve = world.MakePerson("eve");
  const ConnectionId bobs = world.ConnectDevice(bob);
  const ConnectionId eves = world.ConnectDevice(eve);
  world.RunBehindTheRelaysBack(engine::RemoveAccount{bob.account()});
  EXPECT_FALSE(world.ClosedWith(bobs));
  world.Tick(kRemovalInterval);
  EXPECT_EQ(world.ExpectError(bobs, 0), Code::kDeviceNotListed);
  EXPECT_EQ(world.ClosedWith(bobs), CloseCode::kNotListed);
  EXPECT_FALSE(world.ClosedWith(eves));
}

TEST(Core, ExpiryRunsByItself) {
  RelayWorld world;
  RelayPerson bob = world.MakePerson("bob");
  const ConnectionId sender = world.ConnectAnonymously();
  const Bytes envelope(100, 1);
  wire::Send brief = world.Mail(bob, 1, envelope);
  brief.ttl_s = 1;
  world.Say(sender, brief);
  world.Tick(Seconds(2));
  world.Tick(kExpiryInterval);
  world.Tick(kExpiryInterval);
  EXPECT_EQ(world.stats().pending_requests, 0u);
  EXPECT_EQ(world.Expect<fb::Ready>(world.Login(bob))->queue(), 0u);
}

TEST(Core, CountsComeBackToZero) {
  RelayWorld world;
  {
    RelayPerson bob = world.MakePerson("bob");
    const ConnectionId device = world.ConnectDevice(bob);
    const ConnectionId peek = world.Login(bob, 1, fb::Mode::Peek);
    const ConnectionId anonymous = world.ConnectAnonymously();
    EXPECT_EQ(world.stats().device_connections, 1u);
    EXPECT_EQ(world.stats().peek_connections, 1u);
    EXPECT_EQ(world.stats().anonymous_connections, 1u);
    for (const ConnectionId id : {device, peek, anonymous}) world.Disconnect(id);
    world.Disconnect(anonymous);  // twice is once
  }
  const Stats stats = world.stats();
  EXPECT_EQ(stats.device_connections + stats.peek_connections + stats.anonymous_connections +
                stats.opening_connections + stats.pending_requests + stats.pending_bytes,
            0u);
}

}  // namespace
}  // namespace pawl::relay
