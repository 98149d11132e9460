#include "client/engine/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "relay/core/core.h"
#include "relay/engine/sqlite/inline_engine.h"
#include "store/store.h"
#include "support/world_impl.h"

namespace pawl::client {
namespace {

using test::World;
using test::WorldClient;
using ::testing::ElementsAre;

TEST(Engine, RegistersAndTellsSo) {
  World world;
  WorldClient& alice = world.AddRegistered("alice");
  ASSERT_EQ(alice.Count(EventKind::kRegistered), 1u);
  EXPECT_EQ(alice.Last(EventKind::kRegistered)->peer, alice.address());
  EXPECT_EQ(alice.engine().self()->device, DeviceId(1));
}

TEST(Engine, TextReachesSomebodyOfflineAndIsAnswered) {
  World world;
  WorldClient& alice = world.AddRegistered("alice");
  WorldClient& bob = world.AddRegistered("bob");
  world.SetOnline(bob, false);
  const MessageId hello = alice.SendText(bob.address(), "hello", world.now());
  world.Settle();
  EXPECT_EQ(alice.StateOf(hello), MessageState::kAtRelay);
  EXPECT_TRUE(bob.Texts(alice.address()).empty());

  world.SetOnline(bob, true);
  EXPECT_THAT(bob.Texts(alice.address()), ElementsAre("hello"));
  EXPECT_EQ(bob.Count(EventKind::kContactRequest), 1u);
  const MessageId answer = bob.SendText(alice.address(), "hello yourself", world.now());
  world.Settle();
  EXPECT_THAT(alice.Texts(bob.address()), ElementsAre("hello yourself"));
  EXPECT_EQ(bob.StateOf(answer), MessageState::kConfirmed);
}

}  // namespace
}  // namespace pawl::client
