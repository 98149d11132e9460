#include "client/engine/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "relay/core/core.h"
#include "relay/engine/sqlite/inline_engine.h"
#include "store/store.h"
#include "support/world_devices.h"
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

// One that cannot be taken, whatever the reason, does not come again and again.
TEST(Engine, AnEnvelopeThatCannotBeTakenEndsAndIsTold) {
  World world;
  WorldClient& phone = world.AddRegistered("alice");
  WorldClient& laptop = test::LinkDevice(world, phone);
  WorldClient& bob = world.AddRegistered("bob");
  world.MakeContacts(phone, bob);
  bob.SendText(phone.address(), "hello", world.now());
  world.Settle();
  // A row that no release of ours wrote: what needs it fails.
  {
    store::Transaction tx = *laptop.store().Begin();
    store::ConversationRow row =
        **tx.conversations().Find(ConversationOf(phone.address(), bob.address()));
    row.peer = "nobody";
    ASSERT_THAT(tx.conversations().Save(row), test::IsOk());
    ASSERT_THAT(tx.Commit(world.now()), test::IsOk());
  }
  const size_t rejected = laptop.rejected().size();
  phone.Do(MarkRead{.peer = bob.address(), .up_to = phone.Last(EventKind::kMessage)->message});
  world.Settle();
  ASSERT_EQ(laptop.rejected().size(), rejected + 1);
  EXPECT_EQ(laptop.Count(EventKind::kGap), 1u);
  EXPECT_EQ(laptop.Last(EventKind::kGap)->peer, phone.address());
  world.SetOnline(laptop, false);
  world.SetOnline(laptop, true);
  EXPECT_EQ(laptop.rejected().size(), rejected + 1) << "acknowledged";
  EXPECT_THAT(laptop.last_step(), test::IsOk());
}

}  // namespace
}  // namespace pawl::client
