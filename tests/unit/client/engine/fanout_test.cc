#include "client/engine/fanout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/world.h"

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
