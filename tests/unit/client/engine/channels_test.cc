#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/engine/reducers.h"
#include "support/step_world.h"

namespace pawl::client {
namespace {

using test::IsOk;
using ::testing::IsEmpty;

// What the channels say of themselves, one reducer at a time.
class Channels : public ::testing::Test {
 protected:
  Channels() { world_.MakeAccount(); }
  template <typename What>
  void Take(const What& input) {
    EXPECT_THAT(world_.Step([&](Batch& batch) { return Reduce(batch, input); }), IsOk());
  }
  // The device channel, with the relay in step with us but for what the test says.
  ChannelUp Up() const {
    return {.channel = Channel::kDevice,
            .one_time_left = session::kOneTimePoolTarget,
            .list_version = 1,
            .epoch = DeviceEpoch(1)};
  }
  // The one thing that the app was told.
  const Event& Told() const {
    EXPECT_EQ(world_.effects.events.size(), 1u);
    EXPECT_EQ(world_.effects.events.at(0).kind, EventKind::kConnection);
    return world_.effects.events.at(0);
  }
  bool AsksForOwnList() {
    return world_.state().fetches.contains(WholeAccount(world_.state().self->address()));
  }
  bool IsDue(Duty duty) { return world_.state().duties[duty].due; }
  test::StepWorld world_;
};

TEST_F(Channels, TheAppHearsOfTheDeviceChannelAlone) {
  Take(Up());
  EXPECT_TRUE(world_.state().device_up);
  EXPECT_EQ(Told().connection, ConnectionState::kCatchingUp);
  Take(ChannelUp{.channel = Channel::kAnonymous});
  EXPECT_TRUE(world_.state().anonymous_up);
  EXPECT_THAT(world_.effects.events, IsEmpty());
  Take(ChannelDown{.channel = Channel::kAnonymous, .retry_at = Timestamp{1}});
  EXPECT_FALSE(world_.state().anonymous_up);
  EXPECT_THAT(world_.effects.events, IsEmpty());
  Take(ChannelConnecting{Channel::kAnonymous});
  EXPECT_THAT(world_.effects.events, IsEmpty());
  Take(ChannelConnecting{Channel::kDevice});
  EXPECT_EQ(Told().connection, ConnectionState::kConnecting);
  Take(MailboxEmpty{});
  EXPECT_EQ(Told().connection, ConnectionState::kOnline);
  EXPECT_TRUE(world_.state().device_up) << "the anonymous one went down";
}

TEST_F(Channels, HowItWentDownSaysWhetherItComesBack) {
  Take(ChannelDown{.channel = Channel::kDevice, .code = Code::kOk});
  EXPECT_EQ(Told().connection, ConnectionState::kOffline);
  Take(ChannelDown{.channel = Channel::kDevice, .code = Code::kReplacedElsewhere});
  EXPECT_EQ(Told().connection, ConnectionState::kStopped);
  EXPECT_EQ(Told().code, Code::kReplacedElsewhere);
  Take(ChannelDown{.channel = Channel::kDevice, .retry_at = Timestamp{77}});
  EXPECT_EQ(Told().connection, ConnectionState::kWaiting);
  EXPECT_EQ(Told().code, Code::kDisconnected);
  EXPECT_EQ(Told().retry_at, Timestamp{77});
  EXPECT_FALSE(world_.state().device_up);
}

TEST_F(Channels, ARelayInStepWithUsIsLeftAlone) {
  Take(Up());
  EXPECT_FALSE(AsksForOwnList());
  EXPECT_FALSE(IsDue(Duty::kPutEpoch));
  EXPECT_FALSE(IsDue(Duty::kPutPrekeys));
}

TEST_F(Channels, AnotherOwnListAtTheRelayIsLookedAtWhicheverIsNewer) {
  for (const uint32_t version : {0u, 2u}) {
    ChannelUp up = Up();
    up.list_version = version;
    Take(up);
    EXPECT_TRUE(AsksForOwnList()) << version;
    world_.state().fetches.clear();
  }
}

TEST_F(Channels, OurOwnPutWhoseAnswerWasLostIsNotTakenForSomebodyElses) {
  world_.state().duties[Duty::kPutList].due = true;
  ChannelUp up = Up();
  up.list_version = 2;
  Take(up);
  EXPECT_FALSE(AsksForOwnList());
  up.list_version = 3;
  Take(up);
  EXPECT_TRUE(AsksForOwnList());
}

TEST_F(Channels, ARelayThatLostOurEpochGetsItAgainAndOneThatIsAheadDoesNot) {
  ChannelUp up = Up();
  up.epoch = DeviceEpoch(2);
  Take(up);
  EXPECT_FALSE(IsDue(Duty::kPutEpoch));
  EXPECT_EQ(world_.state().relay_epoch, DeviceEpoch(2));
  up.epoch = DeviceEpoch(0);
  Take(up);
  EXPECT_TRUE(IsDue(Duty::kPutEpoch));
  EXPECT_EQ(world_.state().relay_epoch, DeviceEpoch(0));
}

TEST_F(Channels, PairsAreMadeWhenTheRelayRunsLowAndNotBefore) {
  const auto pairs = [&] {
    return *world_.Read([](auto& tx) { return tx.prekeys().Count(store::PrekeyKind::kOneTime); });
  };
  ChannelUp up = Up();
  up.one_time_left = session::kOneTimePoolLow;
  Take(up);
  EXPECT_EQ(pairs(), 0u);
  up.one_time_left = session::kOneTimePoolLow - 1;
  Take(up);
  EXPECT_EQ(pairs(), session::kOneTimePoolTarget - session::kOneTimePoolLow + 1);
  EXPECT_TRUE(IsDue(Duty::kPutPrekeys));
}

TEST_F(Channels, WhatWasNotAcknowledgedIsForgottenWithItsConnectionBecauseItComesAgain) {
  const EnvelopeId before({1}), now({2});
  world_.state().parked.envelopes.emplace_back(before, ParkedEnvelope{});
  EXPECT_THAT(world_.Step([&](Batch& batch) {
    batch.parked.emplace_back(now, ParkedEnvelope{});
    return Reduce(batch, ChannelDown{.channel = Channel::kAnonymous});
  }),
              IsOk());
  EXPECT_EQ(world_.state().parked.envelopes.size(), 2u) << "not of that channel";
  EXPECT_THAT(world_.Step([&](Batch& batch) {
    batch.parked.emplace_back(EnvelopeId({3}), ParkedEnvelope{});
    return Reduce(batch, ChannelDown{.channel = Channel::kDevice});
  }),
              IsOk());
  EXPECT_THAT(world_.state().parked.envelopes, IsEmpty());
}

TEST_F(Channels, WithoutAnAccountThereIsNothingToCompare) {
  test::StepWorld empty;
  EXPECT_THAT(empty.Step([&](Batch& batch) { return Reduce(batch, Up()); }), IsOk());
  EXPECT_TRUE(empty.state().device_up);
  EXPECT_THAT(empty.state().fetches, IsEmpty());
  EXPECT_FALSE(empty.state().duties[Duty::kPutPrekeys].due);
}

}  // namespace
}  // namespace pawl::client
