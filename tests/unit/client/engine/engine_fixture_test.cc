// Two people who talked with the release before the Triple Ratchet go on with this one.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "support/world.h"

namespace pawl::client {
namespace {

using test::World;
using test::WorldClient;
using ::testing::Contains;
using ::testing::ElementsAre;

std::filesystem::path Fixture() {
  const char* source = std::getenv("PAWL_SOURCE_DIR");
  return std::filesystem::path(source != nullptr ? source : ".") / "tests" / "fixtures" / "talk-v1";
}

class TalkFixture : public ::testing::Test {
 protected:
  TalkFixture() : world_({.seed = 2, .relay_files = Fixture() / "relay"}) {
    world_.Run(Hours(1));  // after all that the fixture holds
  }
  WorldClient& Add(const char* name) { return world_.AddFrom({Fixture() / name, true}, name); }
  // Sessions with the other that could still be sent on.
  static size_t Usable(WorldClient& client) {
    size_t usable = 0;
    store::Transaction tx = test::Must(client.store().Begin());
    for (const store::SessionRow& row : test::Must(tx.sessions().LoadAll())) {
      const auto session =
          test::Must(session::Session::Decode(row.facts.Expose(), row.progress.Expose(), {}));
      usable += !session.NeedsFreshSession(Timestamp{});
    }
    return usable;
  }
  World world_;
};

TEST_F(TalkFixture, OpensAndItsSessionsAreReplacedByFreshHandshakes) {
  WorldClient& alice = Add("alice");
  WorldClient& bob = Add("bob");
  EXPECT_EQ(Usable(alice), 0u);
  EXPECT_EQ(Usable(bob), 0u);
  world_.Settle();
  alice.SendText(bob.address(), "after the change", world_.now());
  world_.Settle();
  bob.SendText(alice.address(), "on both sides", world_.now());
  world_.Settle();
  EXPECT_THAT(bob.Texts(alice.address()), Contains("after the change"));
  EXPECT_THAT(alice.Texts(bob.address()), Contains("on both sides"));
  EXPECT_GT(Usable(alice), 0u);
  EXPECT_GT(Usable(bob), 0u);
}

TEST_F(TalkFixture, WhatWasOnItsWayArrives) {
  WorldClient& alice = Add("alice");
  WorldClient& bob = Add("bob");
  world_.Run(Minutes(1));
  EXPECT_THAT(bob.Texts(alice.address()), ElementsAre("lies at the relay"));
  EXPECT_THAT(alice.Texts(bob.address()), ElementsAre("has not left yet"));
}

TEST_F(TalkFixture, ItsHistoryAndContactsAreThere) {
  WorldClient& alice = Add("alice");
  const auto bob = *identity::Address::Create("bob", "example.org");
  store::Transaction tx = test::Must(alice.store().Begin());
  const auto rows =
      test::Must(tx.messages().History(ConversationOf(alice.address(), bob), std::nullopt, 100));
  EXPECT_EQ(rows.size(), 7u);
  const auto peer = test::Must(tx.peers().Find(bob.ToString()));
  ASSERT_TRUE(peer);
}

}  // namespace
}  // namespace pawl::client
