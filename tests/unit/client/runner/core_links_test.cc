// A core's connections: when they are opened, given up, and taken up again.

#include <gtest/gtest.h>

#include "client/runner/core.h"
#include "relay/core/core.h"
#include "relay/engine/sqlite/inline_engine.h"
#include "support/core_world.h"

namespace pawl::runner {
namespace {

using client::ConnectionState;
using client::EventKind;
using test::CoreClient;
using test::CoreWorld;

ConnectionState LastConnection(const CoreClient& client) {
  ConnectionState state = ConnectionState::kOffline;
  for (const client::Event& event : client.seen) {
    if (event.kind == EventKind::kConnection) state = event.connection;
  }
  return state;
}

TEST(CoreLinks, TellTheAppHowTheConnectionIs) {
  CoreWorld world;
  CoreClient& alice = world.AddRegistered("alice");
  EXPECT_EQ(LastConnection(alice), ConnectionState::kOnline);
  alice.refuse_sockets = true;
  alice.BreakSockets();
  world.Run(Seconds(5));
  EXPECT_NE(LastConnection(alice), ConnectionState::kOnline);
  alice.refuse_sockets = false;
  world.Run(Minutes(3));
  EXPECT_EQ(LastConnection(alice), ConnectionState::kOnline);
}

TEST(CoreLinks, AreOpenedOnlyWhenTheAppWantsToBeOnline) {
  CoreWorld world;
  CoreClient& alice = world.AddRegistered("alice");
  alice.Kill();
  alice.online = false;
  alice.Start();
  world.Run(Minutes(1));
  EXPECT_EQ(alice.open_sockets(), 0u);
  alice.core().SetOnline(true, alice.now());
  world.Run(Seconds(5));
  EXPECT_GE(alice.open_sockets(), 1u);
}

TEST(CoreLinks, GoingOnlineEndsAWaitAtOnce) {
  CoreWorld world;
  CoreClient& alice = world.AddRegistered("alice");
  alice.refuse_sockets = true;
  alice.BreakSockets();
  world.Run(Minutes(10));
  alice.refuse_sockets = false;
  alice.core().SetOnline(true, alice.now());
  world.Settle();
  EXPECT_EQ(LastConnection(alice), ConnectionState::kOnline);
}

TEST(CoreLinks, MessagesOfAnotherSocketAreNobodys) {
  CoreWorld world;
  CoreClient& alice = world.AddRegistered("alice");
  const size_t sockets = alice.open_sockets();
  alice.core().Message({999, 7}, Bytes(64), alice.now());
  alice.core().Closed({999, 7}, {}, alice.now());
  alice.core().Opened({0, 99}, {}, alice.now());
  world.Run(Seconds(2));
  EXPECT_EQ(alice.open_sockets(), sockets);
}

TEST(CoreLinks, TheAnonymousConnectionThatRegisteredIsLeft) {
  CoreWorld world;
  CoreClient& alice = world.AddRegistered("alice");
  EXPECT_EQ(alice.open_sockets(), 1u) << "what it sends next would be known to be from it";
}

TEST(CoreLinks, NoAnonymousConnectionLastsForever) {
  CoreWorld world;
  CoreClient& alice = world.AddRegistered("alice");
  const std::set<relay::ConnectionId> device = alice.connections();
  // Somebody is asked about every half minute, so that the connection is always wanted.
  int asked = 0;
  const auto ask_for = [&](int minutes) {
    for (int i = 0; i < 2 * minutes; ++i) {
      const std::string nobody = "nobody" + std::to_string(++asked);
      alice.Do(client::RequestContact{*identity::Address::Create(nobody, "example.org"), "A"});
      world.Run(Seconds(30));
    }
  };
  ask_for(1);
  const std::set<relay::ConnectionId> first = alice.connections();
  ASSERT_EQ(first.size(), 2u);
  ask_for(8);
  EXPECT_EQ(alice.connections(), first);
  ask_for(12);
  const std::set<relay::ConnectionId> later = alice.connections();
  EXPECT_EQ(later.size(), 2u);
  EXPECT_NE(later, first);
  EXPECT_EQ(*later.begin(), *device.begin()) << "the device connection stays";
}

}  // namespace
}  // namespace pawl::runner
