#include "client/engine/repair.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "support/step_world.h"
#include "support/world_devices.h"

namespace pawl::client {
namespace {

using test::IsOk;
using test::World;
using test::WorldClient;
using ::testing::ElementsAre;

class Repairing : public ::testing::Test {
 protected:
  Repairing() : alice_(world_.AddRegistered("alice")), bob_(world_.AddRegistered("bob")) {
    world_.MakeContacts(alice_, bob_);
    Say(alice_, bob_, "hello");
    Say(bob_, alice_, "good day");
  }
  MessageId Say(WorldClient& from, WorldClient& to, const char* text) {
    const MessageId id = from.SendText(to.address(), text, world_.now());
    world_.Settle();
    return id;
  }
  // The relay spoils the next envelopes for Bob that carry a message of his contact.
  void SpoilForBob(int count) {
    bob_.faults.on_input = [this, count](Input& input) mutable {
      auto* arrived = std::get_if<EnvelopeArrived>(&input);
      if (!arrived || count == 0) return true;
      --count;
      spoiled_.push_back(ToBytes(arrived->bytes));
      spoiled_.back().back() ^= 1;
      arrived->bytes = spoiled_.back();
      return true;
    };
  }
  World world_;
  WorldClient& alice_;
  WorldClient& bob_;
  std::vector<Bytes> spoiled_;
};

TEST_F(Repairing, AMessageThatArrivedDamagedIsSentAgainWithoutAnybodyAsking) {
  SpoilForBob(1);
  const MessageId message = Say(alice_, bob_, "damaged on its way");
  EXPECT_THAT(bob_.Texts(alice_.address()), ElementsAre("hello", "damaged on its way"));
  EXPECT_EQ(alice_.StateOf(message), MessageState::kConfirmed);
  ASSERT_EQ(bob_.Count(EventKind::kUndecryptable), 1u);
  EXPECT_EQ(bob_.Last(EventKind::kUndecryptable)->code, Code::kAuthFailed);
  ASSERT_EQ(bob_.Count(EventKind::kRepaired), 1u);
  EXPECT_EQ(bob_.Last(EventKind::kRepaired)->code, Code::kOk);
  EXPECT_EQ(bob_.Last(EventKind::kRepaired)->count, 0u);
}

TEST_F(Repairing, ManyDamagedMessagesMakeOneQuestion) {
  SpoilForBob(5);
  int asked = 0;
  bob_.faults.on_call = [&](Call& call) {
    asked += std::get_if<SendEnvelope>(&call.body) != nullptr;
    return true;
  };
  for (int i = 0; i < 5; ++i) alice_.SendText(bob_.address(), std::to_string(i), world_.now());
  world_.Settle();
  EXPECT_EQ(bob_.Count(EventKind::kUndecryptable), 1u);
  EXPECT_THAT(bob_.Texts(alice_.address()), ElementsAre("hello", "0", "1", "2", "3", "4"));
}

TEST_F(Repairing, ARelayThatSpoilsEverythingDoesNotMakeAStorm) {
  SpoilForBob(1 << 20);
  int sent = 0;
  const auto count = [&](Call& call) {
    sent += std::get_if<SendEnvelope>(&call.body) != nullptr;
    return true;
  };
  alice_.faults.on_call = count;
  bob_.faults.on_call = count;
  Say(alice_, bob_, "never arrives whole");
  world_.Run(Hours(24));
  EXPECT_LT(sent, 100);
  EXPECT_EQ(bob_.Count(EventKind::kUndecryptable), 1u);
}

TEST_F(Repairing, TwoBrokenDevicesDoNotKeepEachOtherBusy) {
  const auto spoil = [this](Input& input) {
    auto* arrived = std::get_if<EnvelopeArrived>(&input);
    if (!arrived) return true;
    spoiled_.push_back(ToBytes(arrived->bytes));
    spoiled_.back().back() ^= 1;
    arrived->bytes = spoiled_.back();
    return true;
  };
  alice_.faults.on_input = spoil;
  bob_.faults.on_input = spoil;
  int sent = 0;
  const auto count = [&](Call& call) {
    sent += std::get_if<SendEnvelope>(&call.body) != nullptr;
    return true;
  };
  alice_.faults.on_call = count;
  bob_.faults.on_call = count;
  Say(alice_, bob_, "a");
  Say(bob_, alice_, "b");
  world_.Run(Hours(24));
  EXPECT_LT(sent, 150);
  alice_.faults.on_input = {};
  bob_.faults.on_input = {};
  world_.Run(Hours(48));
  Say(alice_, bob_, "c");
  Say(bob_, alice_, "d");
  EXPECT_THAT(bob_.Texts(alice_.address()), ElementsAre("hello", "a", "c"));
  EXPECT_THAT(alice_.Texts(bob_.address()), ElementsAre("good day", "b", "d"));
}

TEST_F(Repairing, ADeviceThatDamagesAgainAndAgainIsAskedOncePerInterval) {
  SpoilForBob(1 << 20);
  int asked = 0;
  bob_.faults.on_call = [&](Call& call) {
    asked += std::get_if<SendEnvelope>(&call.body) != nullptr;
    return true;
  };
  for (int i = 0; i < 9; ++i) {
    Say(alice_, bob_, "damaged");
    world_.Run(Minutes(1));
  }
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(bob_.Count(EventKind::kUndecryptable), 1u);
}

TEST_F(Repairing, WhatNobodyAnswersEndsWithAReason) {
  SpoilForBob(1);
  alice_.faults.on_input = [](Input& input) { return !std::get_if<EnvelopeArrived>(&input); };
  Say(alice_, bob_, "lost");
  world_.Run(Days(32));
  ASSERT_EQ(bob_.Count(EventKind::kRepaired), 1u);
  EXPECT_EQ(bob_.Last(EventKind::kRepaired)->code, Code::kExpired);
}

TEST_F(Repairing, SurvivesARestartOfTheDeviceThatAsks) {
  SpoilForBob(1);
  bool lost = false;
  bob_.faults.on_call = [&](Call& call) {
    if (!std::get_if<SendEnvelope>(&call.body) || lost) return true;
    lost = true;
    return false;  // the question goes nowhere
  };
  Say(alice_, bob_, "damaged");
  world_.Restart(bob_);
  bob_.faults = {};
  world_.Run(Hours(1));
  EXPECT_THAT(bob_.Texts(alice_.address()), ElementsAre("hello", "damaged"));
  EXPECT_EQ(bob_.Count(EventKind::kRepaired), 1u);
}

TEST_F(Repairing, SomebodyNotAcceptedIsNeitherAskedNorAnswered) {
  WorldClient& eve = world_.AddRegistered("eve");
  eve.Do(RequestContact{.peer = bob_.address()});
  world_.Settle();
  SpoilForBob(1 << 20);
  int sent = 0;
  bob_.faults.on_call = [&](Call& call) {
    sent += std::get_if<SendEnvelope>(&call.body) != nullptr;
    return true;
  };
  Say(eve, bob_, "let me in");
  world_.Run(Hours(1));
  EXPECT_EQ(sent, 0);
  EXPECT_EQ(bob_.Count(EventKind::kUndecryptable), 0u);
}

// Which copies a device of our own had taken is not remembered: none of them is counted, neither as
// lost nor as had back.
TEST_F(Repairing, WhatAnOwnDeviceLostIsNotCounted) {
  WorldClient& laptop = test::LinkDevice(world_, alice_);
  Say(alice_, bob_, "before");
  Say(bob_, alice_, "also before");
  world_.Run(Minutes(5));
  const auto snapshot = world_.TakeSnapshot(laptop, World::Anchor::kLeftOut);
  Say(alice_, bob_, "taken by the laptop, and lost with the copy");
  Say(bob_, alice_, "this, too");
  world_.Run(Minutes(5));
  world_.Restore(laptop, snapshot);
  world_.SetOnline(laptop, true);
  world_.Run(Hours(1));
  std::map<identity::Address, uint32_t> lost;
  for (const Event& event : laptop.journal()) {
    if (event.kind == EventKind::kRepaired) lost[*event.peer] = event.count;
  }
  EXPECT_EQ(lost.at(bob_.address()), 1u);
  EXPECT_EQ(lost.at(alice_.address()), 0u);
}

TEST(AilmentOf, TellsADamagedMessageFromSidesThatCameApart) {
  EXPECT_EQ(AilmentOf(Code::kAuthFailed), Ailment::kMessage);
  EXPECT_EQ(AilmentOf(Code::kReplayed), Ailment::kMessage);
  EXPECT_EQ(AilmentOf(Code::kTooFarAhead), Ailment::kSession);
  EXPECT_EQ(AilmentOf(Code::kExpired), Ailment::kNone);
  EXPECT_EQ(AilmentOf(Code::kBlocked), Ailment::kNone);
}

}  // namespace
}  // namespace pawl::client
