#include "client/engine/peer.h"

#include <gtest/gtest.h>

#include "client/engine/self.h"
#include "crypto/init.h"
#include "support/fake_clock.h"
#include "support/matchers.h"
#include "support/seeded_rng.h"
#include "wire/content.h"

namespace pawl::client {
namespace {

using test::HasCode;
using test::IsOk;

class PeerTest : public ::testing::Test {
 protected:
  PeerTest() : rng_(4) {
    EXPECT_THAT(crypto::Init(), IsOk());
    peer_.list = MakeFirstDevice(bob_, test::FakeClock::kStart, rng_)->list;
    peer_.state = store::ContactState::kAccepted;
    peer_.state_version = 77;
    peer_.delivery_key = rng_.Array<32>();
    peer_.display_name = "Bob";
    peer_.verified = true;
  }
  const identity::Address bob_ = *identity::Address::Parse("bob@example.org");
  test::SeededRng rng_;
  Peer peer_{.address = bob_};
};

TEST_F(PeerTest, SurvivesTheStore) {
  peer_.pending = MakeFirstDevice(bob_, test::FakeClock::kStart, rng_)->list;
  const auto again = DecodePeer(EncodePeer(peer_));
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->list->ref(), peer_.list->ref());
  EXPECT_EQ(again->pending->ref(), peer_.pending->ref());
  EXPECT_EQ(again->delivery_key, peer_.delivery_key);
  EXPECT_EQ(again->display_name, "Bob");
  EXPECT_TRUE(again->verified);
  EXPECT_TRUE(again->accepted());
  EXPECT_EQ(again->state_version, peer_.state_version);
}

TEST_F(PeerTest, WhatTheUserDecidedLastHoldsOnWhicheverDeviceItWas) {
  using enum store::ContactState;
  Peer here = peer_, there = peer_;
  here.Decide(kBlocked, Timestamp{5'000});
  there.Decide(kNone, Timestamp{6'000});
  EXPECT_TRUE(here.Adopt(there.state, there.state_version));
  EXPECT_EQ(here.state, kNone);
  EXPECT_FALSE(there.Adopt(kBlocked, 5'000));
  EXPECT_EQ(there.state, kNone);
}

TEST_F(PeerTest, WhatIsDecidedInKnowledgeOfADecisionHoldsWhateverTheClockSays) {
  using enum store::ContactState;
  Peer here = peer_, there = peer_;
  here.Decide(kBlocked, Timestamp{5'000});
  there.Adopt(here.state, here.state_version);
  there.Decide(kAccepted, Timestamp{1'000});
  EXPECT_TRUE(here.Adopt(there.state, there.state_version));
  EXPECT_EQ(here.state, kAccepted);
}

TEST_F(PeerTest, MailUndoesNoDecisionThatThisDeviceHasNotHeardOf) {
  using enum store::ContactState;
  Peer here = peer_, there = peer_;
  here.Decide(kBlocked, Timestamp{5'000});
  there.Follow(kNone);  // they said no
  EXPECT_FALSE(here.Adopt(there.state, there.state_version));
  EXPECT_TRUE(there.Adopt(here.state, here.state_version));
  EXPECT_TRUE(here.blocked());
  EXPECT_TRUE(there.blocked());
}

TEST_F(PeerTest, OfWhatWasDecidedAtOnceTheMoreGuardedHoldsOnBoth) {
  using enum store::ContactState;
  Peer here = peer_, there = peer_;
  here.Decide(kBlocked, Timestamp{5'000});
  there.Decide(kNone, Timestamp{5'000});
  EXPECT_FALSE(here.Adopt(there.state, there.state_version));
  EXPECT_TRUE(there.Adopt(here.state, here.state_version));
  EXPECT_TRUE(there.blocked());
}

TEST_F(PeerTest, SayingTheSameIsNoNewsAndVersionsEndBeforeTheyOverflow) {
  using enum store::ContactState;
  EXPECT_FALSE(peer_.Adopt(kAccepted, wire::kMaxSyncVersion));
  peer_.Follow(kNone);
  peer_.Decide(kBlocked, Timestamp{INT64_MAX});
  EXPECT_EQ(peer_.state_version, wire::kMaxSyncVersion);
}

TEST_F(PeerTest, APinWithoutAListSurvivesToo) {
  peer_.list.reset();
  peer_.pin = Peer::Pin{{1, 2}, {9, {7}}};
  const auto again = DecodePeer(EncodePeer(peer_));
  ASSERT_THAT(again, IsOk());
  EXPECT_FALSE(again->list);
  ASSERT_TRUE(again->pin);
  EXPECT_EQ(again->pin->account_key, peer_.pin->account_key);
  EXPECT_EQ(again->pin->least, peer_.pin->least);
}

TEST_F(PeerTest, ADamagedRowIsCorrupt) {
  auto row = EncodePeer(peer_);
  row.delivery_key = crypto::SecretBytes(3);
  EXPECT_THAT(DecodePeer(row), HasCode(Code::kCorrupt));
}

TEST_F(PeerTest, EditsLeaveTheTableAloneUntilApplied) {
  PeerTable table;
  table[bob_] = std::make_shared<const Peer>(peer_);
  const auto carol = *identity::Address::Parse("carol@example.org");
  PeerEdits edits(table);
  edits.Edit(bob_, Timestamp{5}).state = store::ContactState::kBlocked;
  edits.Edit(carol, Timestamp{5}).display_name = "Carol";
  EXPECT_TRUE(edits.Find(bob_)->blocked());
  EXPECT_FALSE(table[bob_]->blocked());
  EXPECT_FALSE(table.contains(carol));
  EXPECT_EQ(edits.All(), (std::vector<identity::Address>{bob_, carol}));
  std::move(edits).ApplyTo(table);
  EXPECT_TRUE(table[bob_]->blocked());
  EXPECT_EQ(table[carol]->display_name, "Carol");
  EXPECT_EQ(table[carol]->created_at, Timestamp{5});
}

}  // namespace
}  // namespace pawl::client
