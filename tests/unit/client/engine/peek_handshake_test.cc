#include "client/engine/peek_handshake.h"

#include "unit/client/engine/peek_world.h"

namespace pawl::client {
namespace {

using store::ContactState;
using ::testing::ElementsAre;
using ::testing::SizeIs;

class PeekHandshake : public PeekWorld {
 protected:
  size_t OneTimePairs() {
    return world_.Read([](store::Transaction& tx) {
      return Must(tx.prekeys().LoadKind(store::PrekeyKind::kOneTime)).size();
    });
  }
};

TEST_F(PeekHandshake, AContactsFirstMessageIsShownAndStillBeginsTheSessionLater) {
  world_.Know(bob_);
  session::Session session = Begin();
  const Bytes first = Write(session, "first"), second = Write(session, "second");
  for (int i = 0; i < 2; ++i) {
    const auto items = Look({first, second});
    EXPECT_EQ(items[0].kind, PeekKind::kMessage);
    EXPECT_EQ(items[0].peer, bobs_.account);
    EXPECT_EQ(TextOf(items[0]), "first");
    EXPECT_EQ(TextOf(items[1]), "second");
  }
  EXPECT_EQ(TextOf(LookAt(second)), "second") << "without the first one, too";
  EXPECT_EQ(OneTimePairs(), 1u) << "no prekey is used up";
  Deliver(first);
  EXPECT_EQ(OneTimePairs(), 0u);
  EXPECT_EQ(TextOf(LookAt(second)), "second") << "its handshake began a session meanwhile";
  Deliver(second);
  EXPECT_THAT(Received(), ElementsAre("first", "second"));
}

TEST_F(PeekHandshake, ALastResortHandshakeIsNotRememberedByLooking) {
  world_.Know(bob_);
  session::Session session = Begin(test::OneTime::kNo);
  const Bytes first = Write(session, "first");
  EXPECT_EQ(TextOf(LookAt(first)), "first");
  EXPECT_EQ(TextOf(LookAt(first)), "first");
  Deliver(first);
  EXPECT_THAT(Received(), ElementsAre("first"));
}

TEST_F(PeekHandshake, AStrangerWhoseListIsKnownAsks) {
  world_.Know(bob_, ContactState::kNone);
  session::Session session = Begin();
  const Peeked item = LookAt(WriteBody(session, wire::ContactRequest{{}, "Bob"}));
  EXPECT_EQ(item.kind, PeekKind::kRequest);
  EXPECT_EQ(item.peer, bobs_.account);
  EXPECT_EQ(item.name, "Bob");
  const Peeked message = LookAt(Write(session, "let me in"));
  EXPECT_EQ(message.kind, PeekKind::kRequest);
  EXPECT_EQ(TextOf(message), "let me in");
}

TEST_F(PeekHandshake, WhoIsNotProvenIsNotNamedUntilTheListIsFetched) {
  session::Session session = Begin();
  const Bytes first = Write(session, "who am I?");
  Peeked item = LookAt(first);
  EXPECT_EQ(item.kind, PeekKind::kUnreadable);
  EXPECT_EQ(item.code, Code::kDeviceNotListed);
  EXPECT_FALSE(item.peer);
  EXPECT_EQ(item.unlisted, bobs_.account);
  EXPECT_EQ(item.input.bytes, first);
  EXPECT_EQ(item.input.id, IdOf(first));
  item = LookAt(first, {bob_.list});
  EXPECT_EQ(item.kind, PeekKind::kRequest);
  EXPECT_EQ(item.peer, bobs_.account);
  EXPECT_EQ(TextOf(item), "who am I?");
}

TEST_F(PeekHandshake, OfABlockedPersonNothingIsAskedOrSaid) {
  world_.Know(bob_, ContactState::kBlocked);
  session::Session session = Begin();
  const Peeked item = LookAt(Write(session, "hear me"));
  EXPECT_EQ(item.kind, PeekKind::kNothing);
  EXPECT_FALSE(item.unlisted);
}

TEST_F(PeekHandshake, AListOfAnotherKeyThanTheKnownOneIsNotBelieved) {
  const test::TestDevice impostor("bob@example.org/1", 99);
  world_.Know(bob_);
  bob_ = test::TestDevice("bob@example.org/1", 99);
  session::Session session = Begin();
  const Peeked item = LookAt(Write(session, "trust me"), {impostor.list});
  EXPECT_EQ(item.kind, PeekKind::kUnreadable);
  EXPECT_FALSE(item.peer);
  EXPECT_TRUE(item.content.empty());
}

TEST_F(PeekHandshake, WhatWasAcceptedBeforeIsReplayed) {
  world_.Know(bob_);
  session::Session session = Begin(test::OneTime::kNo);
  const Bytes first = Write(session, "first");
  Deliver(first);
  EXPECT_EQ(LookAt(first).kind, PeekKind::kKnown);
  const auto entries = world_.state().sessions.With(bobs_);
  ASSERT_THAT(entries, SizeIs(1));
  const SessionId id = entries[0]->id;
  EXPECT_THAT(world_.Step([&](Batch& batch) -> absl::Status {
    PAWL_TRY(batch.tx.sessions().Erase(id));
    batch.sessions.Erase(id);
    return OkStatus();
  }),
              IsOk());
  const Peeked item = LookAt(Write(session, "second"));
  EXPECT_EQ(item.kind, PeekKind::kUnreadable);
  EXPECT_EQ(item.code, Code::kReplayed);
}

TEST_F(PeekHandshake, AnEpochThatContradictsTheKnownOneIsRefused) {
  world_.Know(bob_);
  session::Session honest = Begin();
  Deliver(Write(honest, "honest"));
  // The same device key, the same epoch, another identity: a copy of its state is at large.
  auto other = crypto::X25519KeyPair::Generate(bob_.rng);
  bob_.local.epoch_record =
      Must(identity::EpochRecord{bobs_, DeviceEpoch(1), other.pub}.Sign(bob_.signing));
  bob_.local.identity_key = std::move(other);
  session::Session copied = Begin(test::OneTime::kNo);
  const Peeked item = LookAt(Write(copied, "me too"));
  EXPECT_EQ(item.kind, PeekKind::kUnreadable);
  EXPECT_EQ(item.code, Code::kIdentityChanged);
}

TEST_F(PeekHandshake, SessionsAreFoundByTheirDevice) {
  world_.Know(bob_);
  Established();
  const auto snapshot = world_.Look();
  PAWL_ASSERT_OK_AND_ASSIGN(const auto with, SessionsWith(*snapshot, bobs_, {}));
  ASSERT_THAT(with, SizeIs(1));
  EXPECT_EQ(with[0].remote(), bobs_);
  PAWL_ASSERT_OK_AND_ASSIGN(const auto none,
                            SessionsWith(*snapshot, {bobs_.account, DeviceId(2)}, {}));
  EXPECT_THAT(none, SizeIs(0));
}

}  // namespace
}  // namespace pawl::client
