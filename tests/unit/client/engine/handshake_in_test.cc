#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/engine/conversation.h"
#include "client/engine/fanout.h"
#include "client/engine/inbound.h"
#include "client/engine/outbound.h"
#include "support/step_world.h"
#include "wire/content.h"
#include "wire/content_builder.h"

namespace pawl::client {
namespace {

using test::IsOk;
using test::Must;
using test::OneTime;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using Kind = Arrival::Kind;

// Bob begins sessions with us, by what the relay hands out of our keys.
class HandshakeIn : public ::testing::Test {
 protected:
  HandshakeIn() {
    world_.MakeAccount();
    EXPECT_THAT(world_.Step([](Batch& batch) { return MakeOneTimePairs(batch, 1); }), IsOk());
  }
  session::Session Begin(OneTime one_time = OneTime::kYes) {
    const Self& us = *world_.state().self;
    const auto bundle =
        Must(identity::Bundle::Parse(Must(world_.state()
                                              .bundle_keys->front()
                                              .MakeBundle(us.device, world_.clock.Now())
                                              .Sign(us.signing)),
                                     us.signing.pub()));
    std::optional<identity::OneTimePair> pair;
    if (one_time == OneTime::kYes) {
      pair = Must(identity::OneTimePair::Parse(Pairs().at(0).public_record, us.signing.pub()));
    }
    return Must(session::Initiate({.local = bob_.local,
                                   .remote = session::PublicPart(us.device),
                                   .bundle = bundle,
                                   .one_time = pair ? &*pair : nullptr,
                                   .suites = bob_.keys.suites},
                                  world_.clock.Now(), bob_.rng));
  }
  Bytes Write(session::Session& session, std::string_view text) {
    const auto content = Must(wire::Build(
        {.id = MessageId(bob_.rng.Array<16>()),
         .sent_at = world_.clock.Now(),
         .conversation = ConversationOf(world_.state().self->address(), address_.account)},
        wire::Text{text}));
    return Must(test::Send(session, AsText(content.view()), bob_.rng));
  }
  Arrival Open(ByteView envelope, ListIsFresh fresh = ListIsFresh::kNo) {
    Arrival arrival;
    EXPECT_THAT(world_.Step([&](Batch& batch) -> absl::Status {
      PAWL_ASSIGN(arrival, OpenHandshake(batch, envelope, fresh));
      return OkStatus();
    }),
                IsOk());
    return arrival;
  }
  std::vector<store::PrekeyRow> Pairs() {
    return world_.Read(
        [](auto& tx) { return Must(tx.prekeys().LoadKind(store::PrekeyKind::kOneTime)); });
  }
  void EraseSessions() {
    ASSERT_THAT(world_.Step([&](Batch& batch) -> absl::Status {
      for (const SessionEntry* entry : batch.sessions.With(address_)) {
        PAWL_TRY(batch.tx.sessions().Erase(entry->id));
        batch.sessions.Erase(entry->id);
      }
      return OkStatus();
    }),
                IsOk());
  }
  // No session, and the pair is there for whoever comes next.
  void ExpectUntouched() {
    EXPECT_EQ(world_.state().sessions.size(), 0u);
    EXPECT_THAT(Pairs(), SizeIs(1));
    EXPECT_THAT(world_.Told(), IsEmpty());
  }
  test::StepWorld world_;
  test::TestDevice bob_{"bob@example.org/1", 5};
  const identity::DeviceAddress address_ = bob_.local.address;
};

TEST_F(HandshakeIn, ListedAndAuthenticItBeginsASessionAndUsesUpItsPair) {
  world_.Know(bob_);
  session::Session session = Begin();
  const Arrival arrival = Open(Write(session, "hello"));
  EXPECT_EQ(arrival.kind, Kind::kOpened);
  EXPECT_THAT(world_.state().sessions.With(address_), SizeIs(1));
  EXPECT_THAT(Pairs(), IsEmpty());
  EXPECT_THAT(world_.Told(), ElementsAre(EventKind::kMessage));
}

TEST_F(HandshakeIn, UntilTheSendersListIsKnownItWaitsForIt) {
  session::Session session = Begin();
  const Bytes envelope = Write(session, "hello");
  const Arrival arrival = Open(envelope);
  EXPECT_EQ(arrival.kind, Kind::kParked);
  EXPECT_EQ(arrival.waits_for, address_.account);
  EXPECT_TRUE(arrival.fetch_list);
  ExpectUntouched();
  world_.Know(bob_);
  EXPECT_EQ(Open(envelope, ListIsFresh::kYes).kind, Kind::kOpened);
}

TEST_F(HandshakeIn, NotInAFreshListThereIsNothingToWaitFor) {
  session::Session session = Begin();
  const Arrival arrival = Open(Write(session, "hello"), ListIsFresh::kYes);
  EXPECT_EQ(arrival.kind, Kind::kDropped);
  EXPECT_EQ(arrival.code, Code::kDeviceNotListed);
  ExpectUntouched();
}

TEST_F(HandshakeIn, ASenderWhoSpeaksOfANewerListIsHeardOnceThatIsFetched) {
  world_.Know(bob_);
  bob_.local.list = {.version = 2, .hash = {9}};
  session::Session session = Begin();
  const Bytes envelope = Write(session, "hello");
  EXPECT_EQ(Open(envelope).waits_for, address_.account);
  ExpectUntouched();
  EXPECT_EQ(Open(envelope, ListIsFresh::kYes).kind, Kind::kOpened) << "the relay has no newer one";
}

TEST_F(HandshakeIn, AMessageThatRepeatsTheHandshakeIsReadOnItsSessionOnce) {
  world_.Know(bob_);
  session::Session session = Begin();
  const Bytes first = Write(session, "one");
  const Bytes second = Write(session, "two");
  EXPECT_EQ(Open(second).kind, Kind::kOpened);
  EXPECT_EQ(Open(first).kind, Kind::kOpened);
  EXPECT_EQ(Open(first).code, Code::kReplayed);
  EXPECT_EQ(Open(second).code, Code::kReplayed);
  EXPECT_THAT(world_.state().sessions.With(address_), SizeIs(1));
  EXPECT_THAT(world_.Told(), SizeIs(2));
}

TEST_F(HandshakeIn, AnOldHandshakeBeginsNothingAfterItsSessionIsGone) {
  world_.Know(bob_);
  for (const OneTime one_time : {OneTime::kYes, OneTime::kNo}) {
    session::Session session = Begin(one_time);
    const Bytes envelope = Write(session, "hello");
    ASSERT_EQ(Open(envelope).kind, Kind::kOpened);
    EraseSessions();
    const Arrival again = Open(envelope);
    EXPECT_EQ(again.kind, Kind::kDropped);
    EXPECT_EQ(again.code, Code::kReplayed);
    EXPECT_EQ(world_.state().sessions.size(), 0u);
  }
}

TEST_F(HandshakeIn, DamagedItIsDroppedAndTheTrueOneStillBegins) {
  world_.Know(bob_);
  session::Session session = Begin();
  const Bytes envelope = Write(session, "hello");
  for (size_t at = 1; at < envelope.size(); at += 101) {
    Bytes damaged = envelope;
    damaged[at] ^= 1;
    EXPECT_EQ(Open(damaged).kind, Kind::kDropped) << at;
    world_.clock.Advance(Seconds(10));
  }
  ExpectUntouched();
  EXPECT_EQ(Open(envelope).kind, Kind::kOpened);
}

TEST_F(HandshakeIn, WhoIsBlockedBeginsNothing) {
  world_.Know(bob_, store::ContactState::kBlocked);
  session::Session session = Begin();
  EXPECT_EQ(Open(Write(session, "hello")).code, Code::kBlocked);
  ExpectUntouched();
}

TEST_F(HandshakeIn, KeysThatAreGoneOpenNothing) {
  world_.Know(bob_);
  session::Session session = Begin();
  const Bytes envelope = Write(session, "hello");
  ASSERT_THAT(world_.Step([](Batch& batch) -> absl::Status {
    PAWL_TRY(batch.tx.prekeys().Erase(store::PrekeyKind::kBundle, 1));
    return RotateBundle(batch);
  }),
              IsOk());
  EXPECT_EQ(Open(envelope).code, Code::kUnknownSession);
  ExpectUntouched();
}

TEST_F(HandshakeIn, BeyondTheBudgetItWaitsItsTurn) {
  world_.Know(bob_);
  session::Session session = Begin();
  const Bytes envelope = Write(session, "hello");
  world_.state().trial_refill = world_.clock.Now();
  world_.state().trial_budget = 4;
  const Arrival arrival = Open(envelope);
  EXPECT_EQ(arrival.kind, Kind::kParked);
  EXPECT_TRUE(arrival.untried);
  EXPECT_FALSE(arrival.waits_for);
  EXPECT_EQ(world_.state().trial_budget, 4);
  ExpectUntouched();
  world_.clock.Advance(Seconds(1));
  EXPECT_EQ(Open(envelope).kind, Kind::kOpened);
}

TEST_F(HandshakeIn, UnderAnIdentityThatIsNotAcceptedItWaitsForTheApp) {
  const test::TestDevice before("bob@example.org/1", 77);
  world_.Know(before);
  ASSERT_THAT(world_.Step([&](Batch& batch) {
    batch.peers.Edit(address_.account, batch.now).pending = bob_.list;
    return OkStatus();
  }),
              IsOk());
  session::Session session = Begin();
  const Arrival arrival = Open(Write(session, "hello"));
  EXPECT_EQ(arrival.kind, Kind::kParked);
  EXPECT_EQ(arrival.waits_for, address_.account);
  EXPECT_FALSE(arrival.fetch_list);
  EXPECT_TRUE(arrival.undecided);
  ExpectUntouched();
}

TEST_F(HandshakeIn, ASessionInPlaceOfAConfirmedOneWithoutKnowledgeOfItIsTold) {
  world_.Know(bob_);
  session::Session first = Begin();
  ASSERT_EQ(Open(Write(first, "hello")).kind, Kind::kOpened);
  session::Session second = Begin(OneTime::kNo);
  ASSERT_EQ(Open(Write(second, "who am I?")).kind, Kind::kOpened);
  EXPECT_THAT(world_.Told(),
              ElementsAre(EventKind::kMessage, EventKind::kSessionReset, EventKind::kMessage));
  EXPECT_EQ(world_.Events()[1].device, DeviceId(1));
}

TEST_F(HandshakeIn, WhatADeviceThatLostItsStateHadNotConfirmedIsSentAgainOnItsNewSession) {
  world_.Know(bob_);
  session::Session first = Begin();
  ASSERT_EQ(Open(Write(first, "hello")).kind, Kind::kOpened);
  constexpr MessageId kMessage({7});
  const ConversationId conversation =
      ConversationOf(world_.state().self->address(), address_.account);
  const auto content = Must(
      wire::Build({.id = kMessage, .sent_at = world_.clock.Now(), .conversation = conversation},
                  wire::Text{"not confirmed"}));
  ASSERT_THAT(world_.Step([&](Batch& batch) -> absl::Status {
    PAWL_TRY(InsertOwnMessage(batch, address_.account, content.view(),
                              *Must(wire::VerifyContent(content.view())),
                              store::MessageState::kQueued, DeviceId(1)));
    return SendToDevice(batch, address_,
                        {.content = content.view(),
                         .conversation = conversation,
                         .cls = store::OutboxClass::kMessage,
                         .message = kMessage});
  }),
              IsOk());
  const auto rows = [&] {
    return world_.Read([&](auto& tx) {
      return Must(tx.outbox().LoadFor(address_.account.ToString(), address_.device, 10));
    });
  };
  ASSERT_THAT(rows(), SizeIs(1));
  const SessionId before = rows()[0].session;
  session::Session second = Begin(OneTime::kNo);
  ASSERT_EQ(Open(Write(second, "who am I?")).kind, Kind::kOpened);
  ASSERT_THAT(rows(), SizeIs(1));
  EXPECT_EQ(rows()[0].message, kMessage);
  EXPECT_NE(rows()[0].session, before);
}

TEST_F(HandshakeIn, WhatWaitedForTheirPrekeysGoesOnTheirSession) {
  world_.Know(bob_);
  ASSERT_THAT(world_.Step([&](Batch& batch) {
    return SendToDevice(batch, address_, {.content = AsBytes("waiting")});
  }),
              IsOk());
  ASSERT_EQ(world_.state().pending.Count(address_), 1);
  session::Session session = Begin();
  ASSERT_EQ(Open(Write(session, "hello")).kind, Kind::kOpened);
  EXPECT_EQ(world_.state().pending.Count(address_), 0);
  EXPECT_NE(world_.state().outbox.Find(address_), nullptr);
}

// A weekend's worth of copies from a device that has not heard from us yet.
TEST_F(HandshakeIn, HoweverManyRepeatItNoBudgetIsUsedUp) {
  world_.Know(bob_);
  world_.state().trial_refill = world_.clock.Now();
  world_.state().trial_budget = 5;
  session::Session session = Begin();
  for (int i = 0; i < 300; ++i) ASSERT_EQ(Open(Write(session, "copy")).kind, Kind::kOpened) << i;
  EXPECT_EQ(world_.state().trial_budget, 5);
  EXPECT_THAT(world_.state().sessions.With(address_), SizeIs(1));
}

TEST_F(HandshakeIn, WhatRepeatsAHandshakeOfLongAgoIsGivenItsDecapsulationBack) {
  world_.Know(bob_, store::ContactState::kNone);
  session::Session session = Begin();
  ASSERT_EQ(Open(Write(session, "one")).kind, Kind::kOpened);
  world_.state().trial_refill = world_.clock.Now();
  world_.state().trial_budget = 5;
  world_.state().repeating.clear();
  ASSERT_EQ(Open(Write(session, "two")).kind, Kind::kOpened);
  EXPECT_EQ(world_.state().trial_budget, 5);
  EXPECT_THAT(world_.state().repeating, SizeIs(1)) << "the next one is found at once";
}

TEST_F(HandshakeIn, AStrangersFirstMessageCostsAndAContactsDoesNot) {
  const auto spent = [&](store::ContactState contact) {
    world_.Know(bob_, contact);
    world_.state().trial_refill = world_.clock.Now();
    world_.state().trial_budget = kTrialCapacity;
    session::Session session = Begin(OneTime::kNo);
    EXPECT_EQ(Open(Write(session, "hello")).kind, Kind::kOpened);
    return kTrialCapacity - world_.state().trial_budget;
  };
  EXPECT_GT(spent(store::ContactState::kNone), 0);
  EXPECT_EQ(spent(store::ContactState::kAccepted), 0);
}

TEST_F(HandshakeIn, WhatIsTooShortForOneCostsNothing) {
  world_.state().trial_refill = world_.clock.Now();
  world_.state().trial_budget = 0;
  const Arrival arrival = Open(Bytes(2048, 1));
  EXPECT_EQ(arrival.kind, Kind::kDropped);
  EXPECT_EQ(arrival.code, Code::kUnknownSession);
}

TEST_F(HandshakeIn, AnotherIdentityForTheSameEpochIsRefusedAndToldOnce) {
  world_.Know(bob_);
  session::Session first = Begin(OneTime::kNo);
  ASSERT_EQ(Open(Write(first, "hello")).kind, Kind::kOpened);
  bob_.local.identity_key = crypto::X25519KeyPair::Generate(bob_.rng);
  bob_.local.epoch_record =
      Must(identity::EpochRecord{address_, DeviceEpoch(1), bob_.local.identity_key.pub}.Sign(
          bob_.signing));
  session::Session second = Begin();
  EXPECT_EQ(Open(Write(second, "me too")).code, Code::kIdentityChanged);
  EXPECT_EQ(Open(Write(second, "me too")).code, Code::kReplayed);
  EXPECT_THAT(world_.state().sessions.With(address_), SizeIs(1));
  EXPECT_THAT(Pairs(), SizeIs(1)) << "no key of ours was used up";
  EXPECT_THAT(world_.Told(), ElementsAre(EventKind::kMessage, EventKind::kSessionReset));
  EXPECT_EQ(world_.Events()[1].code, Code::kIdentityChanged);
}

TEST_F(HandshakeIn, WhoOnlyClaimsTheIdentityThatIsNotAcceptedDoesNotWaitForTheApp) {
  const test::TestDevice before("bob@example.org/1", 77);
  const test::TestDevice pending("bob@example.org/1", 78);
  world_.Know(before);
  ASSERT_THAT(world_.Step([&](Batch& batch) {
    batch.peers.Edit(address_.account, batch.now).pending = pending.list;
    return OkStatus();
  }),
              IsOk());
  session::Session session = Begin();
  EXPECT_EQ(Open(Write(session, "I am Bob")).kind, Kind::kDropped);
}

}  // namespace
}  // namespace pawl::client
