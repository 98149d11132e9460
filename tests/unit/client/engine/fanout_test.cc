#include "client/engine/fanout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/step_world.h"
#include "support/world_devices.h"

namespace pawl::client {
namespace {

using test::World;
using test::WorldClient;

TEST(Fanout, ThreePeersEachGetTheirOwn) {
  World world;
  WorldClient& alice = world.AddRegistered("alice");
  std::vector<WorldClient*> peers;
  for (const char* name : {"bob", "carol", "dave"}) {
    peers.push_back(&world.AddRegistered(name));
    world.MakeContacts(alice, *peers.back());
  }
  std::vector<MessageId> messages;
  for (WorldClient* peer : peers) {
    messages.push_back(
        alice.SendText(peer->address(), "dear " + peer->address().name(), world.now()));
  }
  world.Settle();
  for (size_t i = 0; i < peers.size(); ++i) {
    EXPECT_EQ(peers[i]->Texts(alice.address()),
              std::vector<std::string>{"dear " + peers[i]->address().name()});
    EXPECT_EQ(alice.StateOf(messages[i]), MessageState::kConfirmed);
  }
}

TEST(Fanout, OrderHoldsFromBeforeTheFirstSessionToAfterTheAnswer) {
  World world;
  WorldClient& alice = world.AddRegistered("alice");
  WorldClient& bob = world.AddRegistered("bob");
  std::vector<std::string> expected;
  const auto send = [&](int count) {
    for (int i = 0; i < count; ++i) {
      expected.push_back(std::to_string(expected.size()));
      alice.SendText(bob.address(), expected.back(), world.now());
    }
  };
  // The first wait for list and prekeys, the next come while those are fetched.
  world.SetOnline(alice, false);
  send(2);
  world.Settle();
  world.SetOnline(alice, true);
  send(2);
  world.Settle();
  bob.SendText(alice.address(), "yes?", world.now());
  world.Settle();
  send(200);
  world.Settle();
  world.Run(Minutes(1));
  EXPECT_EQ(bob.Texts(alice.address()), expected);
}

TEST(Fanout, AThousandUnansweredMessagesBeginAFreshSession) {
  World world({.seed = 1, .invitation_required = false, .relay_rate_scale = 100});
  WorldClient& alice = world.AddRegistered("alice");
  WorldClient& bob = world.AddRegistered("bob");
  world.MakeContacts(alice, bob);
  world.SetOnline(bob, false);
  int taken = 0;
  alice.faults.on_call = [&](Call& call) {
    taken += std::holds_alternative<TakePrekeys>(call.body);
    return true;
  };
  std::vector<std::string> expected;
  for (int i = 0; i < 1010; ++i) {
    expected.push_back(std::to_string(i));
    alice.SendText(bob.address(), expected.back(), world.now());
  }
  world.Run(Seconds(10));
  EXPECT_EQ(taken, 1);
  world.SetOnline(bob, true);
  world.Run(Seconds(10));
  EXPECT_EQ(bob.Texts(alice.address()), expected);
  EXPECT_EQ(bob.Count(EventKind::kSessionReset), 0u) << "it proved to continue the old one";
}

TEST(Fanout, AHandshakeNobodyAnsweredForAMonthMakesContentWaitForAFreshOne) {
  test::StepWorld world;
  world.MakeAccount();
  test::TestDevice bob("bob@example.org/1", 7);
  world.Know(bob);
  const SessionId stale = world.BeginSession(bob);
  const identity::DeviceAddress to = bob.local.address;
  const auto send = [&](Batch& batch) {
    return SendToDevice(batch, to, {.content = AsBytes("hello")});
  };
  ASSERT_THAT(world.Step(send), test::IsOk());
  EXPECT_EQ(world.state().outbox.size(), 1u);

  world.clock.Advance(Days(31));
  ASSERT_THAT(world.Step(send), test::IsOk());
  EXPECT_EQ(world.state().outbox.size(), 1u) << "nothing is sealed on it any more";
  EXPECT_EQ(world.state().pending.Count(to), 1);
  EXPECT_TRUE(world.state().fetches.contains(to)) << "prekeys for a fresh session";

  const SessionId fresh = world.BeginSession(bob);
  ASSERT_NE(fresh, stale);
  ASSERT_THAT(world.Step([&](Batch& batch) { return ResolveDevice(batch, to); }), test::IsOk());
  EXPECT_EQ(world.state().pending.Count(to), 0);
  EXPECT_EQ(world.state().outbox.size(), 2u);
}

TEST(Fanout, OfTwoUnansweredHandshakesTheOneThatMayStillBeAnsweredIsUsed) {
  for (uint64_t seed = 1; seed <= 4; ++seed) {  // whichever has the smaller transcript hash
    test::StepWorld world;
    world.rng = test::SeededRng(seed);
    world.MakeAccount();
    test::TestDevice bob("bob@example.org/1", 7);
    world.Know(bob);
    world.BeginSession(bob);
    world.clock.Advance(Days(31));
    const SessionId fresh = world.BeginSession(bob);
    ASSERT_THAT(world.Step([&](Batch& batch) {
      const SessionEntry* chosen = SendableSession(batch, bob.local.address);
      EXPECT_TRUE(chosen != nullptr && chosen->id == fresh) << seed;
      return OkStatus();
    }),
                test::IsOk());
  }
}

TEST(Fanout, AnOwnDeviceThatIsDeadForAMonthStandsInNobodysWay) {
  World world;
  WorldClient& alice = world.AddRegistered("alice");
  WorldClient& bob = world.AddRegistered("bob");
  WorldClient& carol = world.AddRegistered("carol");
  world.MakeContacts(alice, bob);
  WorldClient& laptop = test::LinkDevice(world, alice);
  world.Kill(laptop);
  alice.SendText(bob.address(), "one", world.now());
  world.Run(Days(31));
  const MessageId two = alice.SendText(bob.address(), "two", world.now());
  const RequestId block = alice.Do(BlockContact{carol.address()});
  world.Settle();
  EXPECT_EQ(alice.Completed(alice.last_send()), Code::kOk);
  EXPECT_EQ(alice.Completed(block), Code::kOk);
  EXPECT_EQ(alice.StateOf(two), MessageState::kConfirmed);
  EXPECT_THAT(alice.last_step(), test::IsOk());
}

TEST(Fanout, WhatIsTooLargeIsSaidAtOnce) {
  World world;
  WorldClient& alice = world.AddRegistered("alice");
  WorldClient& bob = world.AddRegistered("bob");
  world.MakeContacts(alice, bob);
  const std::string largest(kMaxInlineBytes, 'x');
  const MessageId message = alice.SendText(bob.address(), largest, world.now());
  world.Settle();
  EXPECT_EQ(alice.StateOf(message), MessageState::kConfirmed);
  EXPECT_EQ(bob.Texts(alice.address()), std::vector<std::string>{largest});
}

TEST(Fanout, NotesToOneselfStayAtHome) {
  World world;
  WorldClient& alice = world.AddRegistered("alice");
  const MessageId note = alice.SendText(alice.address(), "milk", world.now());
  world.Settle();
  EXPECT_EQ(alice.StateOf(note), MessageState::kConfirmed);
}

}  // namespace
}  // namespace pawl::client
