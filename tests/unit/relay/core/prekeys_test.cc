#include "relay/core/prekeys.h"

#include <gtest/gtest.h>

#include <string>

#include "relay/engine/sqlite/inline_engine.h"
#include "support/relay_world.h"

namespace pawl::relay {
namespace {

using test::RelayPerson;
using test::RelayWorld;
namespace fb = wire::fb;

class Prekeys : public ::testing::Test {
 protected:
  Code Put(ConnectionId id, ByteView bundle, std::span<const Bytes> one_time) {
    world_.Say(id, wire::PrekeyPut{5, bundle, one_time});
    const auto heard = world_.Hear(id);
    if (!heard) return Code::kInternal;
    if (const auto* error = heard->As<fb::Error>()) return static_cast<Code>(error->code());
    stored_ = heard->As<fb::Ok>()->value();
    return Code::kOk;
  }

  RelayWorld world_;
  uint64_t stored_ = 0;
};

TEST_F(Prekeys, WhatADevicePutsAStrangerTakes) {
  RelayPerson bob = world_.MakePerson("bob");
  const ConnectionId device = world_.ConnectDevice(bob);
  const Bytes bundle = bob.Bundle();
  const auto one_time = bob.OneTime(1, 2);
  EXPECT_EQ(Put(device, bundle, one_time), Code::kOk);
  EXPECT_EQ(stored_, 2u);

  const ConnectionId stranger = world_.ConnectAnonymously();
  const std::string account = bob.account();
  for (size_t i = 0; i < 3; ++i) {
    world_.Say(stranger, wire::PrekeyTake{9, account, DeviceId(1)});
    const auto* result = world_.Expect<fb::PrekeyResult>(stranger);
    const Bytes payload = world_.last_payload();
    const auto parts = wire::Split(*result, payload);
    ASSERT_THAT(parts, test::IsOk());
    EXPECT_TRUE(SameBytes(parts->bundle, bundle));
    EXPECT_TRUE(SameBytes(parts->one_time, i < 2 ? ByteView(one_time[i]) : ByteView()));
    EXPECT_FALSE(parts->epoch_record.empty());
  }
}

TEST_F(Prekeys, WhatIsNotTheDevicesOwnIsRefusedAsAWhole) {
  RelayPerson bob = world_.MakePerson("bob");
  RelayPerson eve = world_.MakePerson("eve");
  const ConnectionId device = world_.ConnectDevice(bob);
  EXPECT_EQ(Put(device, eve.Bundle(), {}), Code::kAuthFailed);
  auto mixed = bob.OneTime(1, 2);
  mixed.push_back(eve.OneTime(3, 1).front());
  EXPECT_EQ(Put(device, bob.Bundle(), mixed), Code::kAuthFailed);
  EXPECT_EQ(Put(device, bob.Bundle(), {}), Code::kOk);
  EXPECT_EQ(stored_, 0u);
}

TEST_F(Prekeys, ABundleOfAnotherEpochIsRefused) {
  RelayPerson bob = world_.MakePerson("bob");
  const ConnectionId device = world_.ConnectDevice(bob);
  EXPECT_EQ(Put(device, bob.Bundle(2), {}), Code::kWrongState);
  const Bytes epoch = bob.Epoch(2);
  world_.Say(device, wire::EpochPut{1, DeviceEpoch(1), epoch});
  world_.Expect<fb::Ok>(device);
  EXPECT_EQ(Put(device, bob.Bundle(2), {}), Code::kOk);
  EXPECT_EQ(Put(device, {}, bob.OneTime(1, 1)), Code::kOk) << "pairs alone, in the new epoch";
  EXPECT_EQ(Put(device, bob.Bundle(1), {}), Code::kWrongState);
}

TEST_F(Prekeys, SizesThatDoNotAddUpAreRefused) {
  RelayPerson bob = world_.MakePerson("bob");
  const ConnectionId device = world_.ConnectDevice(bob);
  wire::FrameWriter writer;
  const auto body = fb::CreatePrekeyPut(writer.Builder(), 5, 100);
  ASSERT_TRUE(writer.Commit(fb::FrameBody::PrekeyPut, body.Union(), {Bytes(99, 1)}));
  world_.SayBytes(device, writer.message());
  EXPECT_EQ(world_.ExpectError(device, 5), Code::kMalformed);
}

TEST_F(Prekeys, OnePeerCannotDrainADevice) {
  RelayPerson bob = world_.MakePerson("bob");
  const ConnectionId device = world_.ConnectDevice(bob);
  Put(device, bob.Bundle(), bob.OneTime(1, 20));
  const ConnectionId stranger = world_.ConnectAnonymously();
  const std::string account = bob.account();
  const auto take = [&](ConnectionId id) {
    world_.Say(id, wire::PrekeyTake{9, account, DeviceId(1)});
    const auto heard = world_.Hear(id);
    return heard && heard->As<fb::PrekeyResult>() != nullptr;
  };
  int taken = 0;
  while (take(stranger)) ++taken;
  EXPECT_EQ(taken, static_cast<int>(kPrekeyBucket.burst));
  EXPECT_TRUE(take(world_.ConnectAnonymously(2))) << "another peer is not held up by it";
}

TEST_F(Prekeys, NamesThatArePluckedFromTheAirCostThePeerItsOwnTokens) {
  const ConnectionId stranger = world_.ConnectAnonymously();
  int asked = 0;
  while (asked < 100'000) {
    const std::string name = "n" + std::to_string(asked) + "@example.org";
    world_.Say(stranger, wire::PrekeyTake{9, name, DeviceId(1)});
    if (world_.ExpectError(stranger, 9) == Code::kRateLimited) break;
    ++asked;
  }
  EXPECT_EQ(asked, static_cast<int>(kPrekeyPeerBucket.burst));
}

TEST_F(Prekeys, ManyPeersTogetherAreLeftWithTheLastResort) {
  RelayPerson bob = world_.MakePerson("bob");
  const ConnectionId device = world_.ConnectDevice(bob);
  const auto pairs = bob.OneTime(1, 120);
  Put(device, bob.Bundle(), pairs);
  const std::string account = bob.account();
  int with_pair = 0;
  for (int i = 0; i < 120; ++i) {
    const ConnectionId peer = world_.ConnectAnonymously(static_cast<uint8_t>(10 + i));
    world_.Say(peer, wire::PrekeyTake{9, account, DeviceId(1)});
    const auto heard = world_.Hear(peer);
    ASSERT_NE(heard->As<fb::PrekeyResult>(), nullptr) << "the bundle is always given";
    with_pair += heard->As<fb::PrekeyResult>()->one_time_size() > 0;
  }
  EXPECT_EQ(with_pair, static_cast<int>(kOneTimeBucket.burst));
}

TEST_F(Prekeys, NobodyHasNone) {
  world_.MakePerson("bob");
  const ConnectionId stranger = world_.ConnectAnonymously();
  world_.Say(stranger, wire::PrekeyTake{1, "bob@example.org", DeviceId(1)});
  EXPECT_EQ(world_.ExpectError(stranger, 1), Code::kNotFound);
  world_.Say(stranger, wire::PrekeyTake{2, "carol@example.org", DeviceId(1)});
  EXPECT_EQ(world_.ExpectError(stranger, 2), Code::kNotFound);
  world_.Say(stranger, wire::PrekeyTake{3, "bob@example.org", DeviceId(0)});
  EXPECT_EQ(world_.ExpectError(stranger, 3), Code::kInvalidArgument);
}

}  // namespace
}  // namespace pawl::relay
