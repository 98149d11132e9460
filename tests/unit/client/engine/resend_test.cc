#include "client/engine/resend.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/step_world.h"
#include "support/world_devices.h"

namespace pawl::client {
namespace {

using test::IsOk;
using test::World;
using test::WorldClient;
using ::testing::ElementsAre;

class Resending : public ::testing::Test {
 protected:
  Resending() : alice_(world_.AddRegistered("alice")), bob_(world_.AddRegistered("bob")) {
    world_.MakeContacts(alice_, bob_);
  }
  // The client has lost the private halves of what the relay hands out.
  static void EraseOneTimeKeys(World& world, WorldClient& client) {
    store::Transaction tx = test::Must(client.store().Begin());
    for (const auto& row : test::Must(tx.prekeys().LoadKind(store::PrekeyKind::kOneTime))) {
      ASSERT_THAT(tx.prekeys().Erase(store::PrekeyKind::kOneTime, row.id), IsOk());
    }
    ASSERT_THAT(tx.Commit(world.now()), IsOk());
  }
  // The relay's one-time pairs are at an end for the client.
  static void GetNoOneTimeKeys(WorldClient& client) {
    client.faults.on_input = [](Input& input) {
      auto* reply = std::get_if<Reply>(&input);
      auto* records = reply ? std::get_if<PrekeyRecords>(&reply->body) : nullptr;
      if (records) records->one_time = {};
      return true;
    };
  }
  World world_;
  WorldClient& alice_;
  WorldClient& bob_;
};

TEST_F(Resending, WhatARejectedHandshakeTookWithItArrivesOnAFreshOne) {
  WorldClient& laptop = test::LinkDevice(world_, alice_);
  world_.Settle();
  EraseOneTimeKeys(world_, bob_);
  for (const char* text : {"a", "b", "c"}) {
    laptop.SendText(bob_.address(), text, world_.now());
    world_.Settle();
  }
  const MessageId last = laptop.SendText(bob_.address(), "d", world_.now());
  world_.Run(Hours(2));
  ASSERT_THAT(bob_.Texts(alice_.address()), ElementsAre());
  ASSERT_EQ(laptop.StateOf(last), MessageState::kAtRelay);
  GetNoOneTimeKeys(laptop);
  world_.Run(Hours(8));
  EXPECT_THAT(bob_.Texts(alice_.address()), ElementsAre("a", "b", "c", "d"));
  EXPECT_EQ(laptop.StateOf(last), MessageState::kConfirmed);
}

TEST_F(Resending, ACopyForAnOwnDeviceIsAmongThem) {
  WorldClient& laptop = test::LinkDevice(world_, alice_);
  world_.Settle();
  EraseOneTimeKeys(world_, laptop);
  {  // The phone has to begin anew.
    store::Transaction tx = test::Must(alice_.store().Begin());
    for (const auto& row : test::Must(tx.sessions().LoadAll())) {
      if (row.address != "alice@example.org") continue;
      ASSERT_THAT(tx.sessions().Erase(row.id), IsOk());
    }
    ASSERT_THAT(tx.Commit(world_.now()), IsOk());
  }
  world_.Restart(alice_);
  alice_.SendText(bob_.address(), "said on the phone", world_.now());
  world_.Run(Hours(2));
  ASSERT_EQ(laptop.Count(EventKind::kMessage), 0u);
  GetNoOneTimeKeys(alice_);
  world_.Run(Hours(8));
  EXPECT_EQ(laptop.Count(EventKind::kMessage), 1u);
}

TEST_F(Resending, SomebodyWhoWasAwayShowsEachMessageOnce) {
  WorldClient& laptop = test::LinkDevice(world_, alice_);
  world_.SetOnline(bob_, false);
  size_t asked = 0;
  laptop.faults.on_call = [&](Call& call) {
    const auto* take = std::get_if<TakePrekeys>(&call.body);
    if (take && take->device.account == bob_.address()) ++asked;
    return true;
  };
  for (const char* text : {"a", "b", "c"}) laptop.SendText(bob_.address(), text, world_.now());
  world_.Run(Days(3));
  EXPECT_EQ(asked, 4u) << "ever more seldom: at once, and after 6, 18 and 42 hours";
  world_.SetOnline(bob_, true);
  world_.Run(Hours(3));
  EXPECT_THAT(bob_.Texts(alice_.address()), ElementsAre("a", "b", "c"));
  EXPECT_THAT(bob_.rejected(), ElementsAre());
  EXPECT_EQ(bob_.Count(EventKind::kSessionReset), 0u);
}

TEST_F(Resending, AStrangerWhoMayNotAnswerIsNotPressed) {
  WorldClient& carol = world_.AddRegistered("carol");
  size_t asked = 0;
  carol.faults.on_call = [&](Call& call) {
    asked += std::holds_alternative<TakePrekeys>(call.body) ? 1 : 0;
    return true;
  };
  carol.SendText(bob_.address(), "hello?", world_.now());
  world_.Run(Days(2));
  EXPECT_EQ(asked, 1u);
}

}  // namespace
}  // namespace pawl::client
