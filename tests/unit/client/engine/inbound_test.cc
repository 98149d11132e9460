#include "client/engine/inbound.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>

#include "client/engine/reducers.h"
#include "session/envelope.h"
#include "support/step_world.h"
#include "support/world.h"

namespace pawl::client {
namespace {

using test::World;
using test::WorldClient;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Inbound : public ::testing::Test {
 protected:
  Inbound() : alice_(world_.AddRegistered("alice")), bob_(world_.AddRegistered("bob")) {}
  // Mail that nobody of ours sent.
  void Inject(WorldClient& to, uint8_t id, ByteView bytes, int64_t cursor = 1'000'000) {
    kept_.push_back(ToBytes(bytes));
    to.Push(EnvelopeArrived{.cursor = MailboxCursor(cursor + id),
                            .id = EnvelopeId({id, 0xee}),
                            .received_at = world_.now(),
                            .bytes = kept_.back()});
  }
  World world_;
  WorldClient& alice_;
  WorldClient& bob_;
  std::deque<Bytes> kept_;
};

TEST_F(Inbound, LostAcknowledgementsAndDuplicatesAreNotSeen) {
  world_.MakeContacts(alice_, bob_);
  bob_.faults.lose_acks = true;
  for (const char* text : {"one", "two", "three"}) {
    alice_.SendText(bob_.address(), text, world_.now());
  }
  world_.Settle();
  for (int i = 0; i < 3; ++i) {
    world_.SetOnline(bob_, false);
    world_.SetOnline(bob_, true);
  }
  EXPECT_THAT(bob_.Texts(alice_.address()), ElementsAre("one", "two", "three"));
  bob_.faults.lose_acks = false;
  world_.SetOnline(bob_, false);
  world_.SetOnline(bob_, true);
  EXPECT_THAT(bob_.Texts(alice_.address()), ElementsAre("one", "two", "three"));
}

TEST_F(Inbound, TheSameBytesUnderAnotherIdAreNotSeenTwice) {
  world_.MakeContacts(alice_, bob_);
  Bytes copy;
  bob_.faults.on_input = [&](Input& input) {
    if (auto* mail = std::get_if<EnvelopeArrived>(&input)) copy = ToBytes(mail->bytes);
    return true;
  };
  alice_.SendText(bob_.address(), "once", world_.now());
  world_.Settle();
  bob_.faults.on_input = nullptr;
  ASSERT_FALSE(copy.empty());
  Inject(bob_, 1, copy);
  world_.Settle();
  EXPECT_THAT(bob_.Texts(alice_.address()), ElementsAre("once"));
}

TEST_F(Inbound, ARelayThatReordersIsReadInItsOrderAndNothingIsLost) {
  world_.MakeContacts(alice_, bob_);
  world_.SetOnline(bob_, false);
  for (int i = 0; i < 40; ++i) alice_.SendText(bob_.address(), std::to_string(i), world_.now());
  world_.Settle();
  std::vector<std::pair<EnvelopeArrived, Bytes>> held;
  bob_.faults.on_input = [&](Input& input) {
    if (auto* mail = std::get_if<EnvelopeArrived>(&input)) {
      held.emplace_back(*mail, ToBytes(mail->bytes));
      return false;
    }
    return true;
  };
  world_.SetOnline(bob_, true);
  ASSERT_EQ(held.size(), 40u);
  bob_.faults.on_input = nullptr;
  std::reverse(held.begin(), held.end());
  for (auto& [mail, bytes] : held) {
    mail.bytes = bytes;
    bob_.Push(mail);
  }
  world_.Settle();
  EXPECT_EQ(bob_.Texts(alice_.address()).size(), 40u);
  EXPECT_THAT(bob_.rejected(), IsEmpty());
}

// A Step takes what has come together: mail, and the list it waits for behind it.
TEST_F(Inbound, MailAndItsSendersListInOneStepAreReadInIt) {
  std::deque<EnvelopeArrived> mail;
  std::optional<Reply> list;
  bob_.faults.on_input = [&](Input& input) {
    if (const auto* arrived = std::get_if<EnvelopeArrived>(&input)) {
      kept_.push_back(ToBytes(arrived->bytes));
      mail.push_back(*arrived);
      mail.back().bytes = kept_.back();
      return mail.size() == 1;
    }
    auto* reply = std::get_if<Reply>(&input);
    auto* record = reply ? std::get_if<DirectoryRecord>(&reply->body) : nullptr;
    if (!record) return true;
    kept_.push_back(ToBytes(record->list));
    list = *reply;
    list->body = DirectoryRecord{kept_.back()};
    return false;
  };
  alice_.SendText(bob_.address(), "one", world_.now());
  alice_.SendText(bob_.address(), "two", world_.now());
  world_.Settle();
  ASSERT_GE(mail.size(), 2u);
  ASSERT_TRUE(list);
  bob_.faults.on_input = nullptr;
  for (size_t i = 1; i < mail.size(); ++i) bob_.Push(mail[i]);
  bob_.Push(*list);
  world_.Settle();
  EXPECT_THAT(bob_.Texts(alice_.address()), ElementsAre("one", "two"));
}

TEST_F(Inbound, GarbageIsQuarantinedThenAcknowledgedAwayAndChangesNothing) {
  world_.MakeContacts(alice_, bob_);
  Inject(bob_, 1, Bytes(512, 1));
  Inject(bob_, 2, Bytes(511, 1));  // a size that nobody pads to
  Inject(bob_, 3, {});
  world_.Settle();
  ASSERT_EQ(bob_.rejected().size(), 2u);
  EXPECT_EQ(bob_.rejected()[0].code, Code::kMalformed);
  world_.Run(Minutes(11));
  ASSERT_EQ(bob_.rejected().size(), 3u);
  EXPECT_EQ(bob_.rejected()[2].code, Code::kUnknownSession);
  alice_.SendText(bob_.address(), "still fine", world_.now());
  world_.Settle();
  EXPECT_THAT(bob_.Texts(alice_.address()), ElementsAre("still fine"));
}

TEST_F(Inbound, AFloodOfGarbageIsBoundedAndMailStillComesThrough) {
  world_.MakeContacts(alice_, bob_);
  for (int round = 0; round < 4; ++round) {
    for (int i = 0; i < 200; ++i) {
      Bytes noise(4096);
      world_.rng().Fill(noise);
      noise[0] = session::kEnvelopeVersion;
      kept_.push_back(noise);
      bob_.Push(EnvelopeArrived{.cursor = MailboxCursor(2'000'000 + round * 200 + i),
                                .id = EnvelopeId(world_.rng().Array<16>()),
                                .received_at = world_.now(),
                                .bytes = kept_.back()});
    }
    world_.Settle();
  }
  alice_.SendText(bob_.address(), "meanwhile", world_.now());
  world_.Settle();
  EXPECT_THAT(bob_.Texts(alice_.address()), ElementsAre("meanwhile"));
  const size_t at_first = bob_.rejected().size();
  EXPECT_GE(at_first, 200u);
  EXPECT_LT(at_first, 800u) << "what was not tried is not acknowledged";
  world_.Run(Minutes(20));
  EXPECT_GE(bob_.rejected().size(), at_first + kQuarantineBound.count);
  alice_.SendText(bob_.address(), "through", world_.now());
  world_.Settle();
  EXPECT_THAT(bob_.Texts(alice_.address()), ElementsAre("meanwhile", "through"));
}

TEST_F(Inbound, EveryFlippedBitIsRejectedAndTheTrueOneIsStillRead) {
  world_.MakeContacts(alice_, bob_);
  bob_.faults.on_call = [](Call&) { return false; };  // he cannot ask for it
  Bytes original;
  bob_.faults.on_input = [&](Input& input) {
    auto* mail = std::get_if<EnvelopeArrived>(&input);
    if (!mail) return true;
    original = ToBytes(mail->bytes);
    return false;
  };
  alice_.SendText(bob_.address(), "untouched", world_.now());
  world_.Settle();
  ASSERT_FALSE(original.empty());
  bob_.faults.on_input = nullptr;
  uint8_t id = 0;
  for (size_t at = 0; at < original.size(); at += 37) {
    Bytes flipped = original;
    flipped[at] ^= 4;
    Inject(bob_, ++id, flipped);
  }
  world_.Settle();
  EXPECT_THAT(bob_.Texts(alice_.address()), IsEmpty());
  Inject(bob_, 0xff, original);
  world_.Settle();
  EXPECT_THAT(bob_.Texts(alice_.address()), ElementsAre("untouched"));
}

TEST_F(Inbound, AMessageAheadOfTheAnnouncedTagsIsFoundByItsHeader) {
  world_.MakeContacts(alice_, bob_);
  int to_lose = 50;
  bob_.faults.on_input = [&](Input& input) {
    return !std::holds_alternative<EnvelopeArrived>(input) || to_lose-- <= 0;
  };
  for (int i = 0; i < 51; ++i) alice_.SendText(bob_.address(), std::to_string(i), world_.now());
  world_.Settle();
  EXPECT_THAT(bob_.Texts(alice_.address()), ElementsAre("50"));
}

// First messages that come behind a flood are read when their turn comes.
TEST_F(Inbound, FirstMessagesBehindAFloodOfGarbageAreNotLost) {
  WorldClient& carol = world_.AddRegistered("carol");
  world_.SetOnline(bob_, false);
  for (int i = 0; i < 20; ++i) carol.SendText(bob_.address(), std::to_string(i), world_.now());
  world_.Run(Hours(3));
  for (int i = 0; i < 450; ++i) {
    Bytes noise(4096);
    world_.rng().Fill(noise);
    noise[0] = session::kEnvelopeVersion;
    kept_.push_back(noise);
    bob_.Push(EnvelopeArrived{.cursor = MailboxCursor(2'000'000 + i),
                              .id = EnvelopeId(world_.rng().Array<16>()),
                              .received_at = world_.now(),
                              .bytes = kept_.back()});
  }
  world_.SetOnline(bob_, true);
  world_.Run(Minutes(1));
  EXPECT_EQ(bob_.Texts(carol.address()).size(), 20u);
}

// By hand: what is acknowledged, and what the app hears.
class Receiving : public ::testing::Test {
 protected:
  Receiving() {
    world_.MakeAccount();
    world_.Know(bob_);
  }
  absl::Status Review() {
    return world_.Step([](Batch& batch) { return ReviewParked(batch); });
  }
  void Park(uint8_t id, ParkedEnvelope envelope) {
    envelope.cursor = MailboxCursor(id);
    envelope.since = world_.clock.Now();
    envelope.bytes = Bytes(4096, 1);
    world_.state().parked.envelopes.emplace_back(EnvelopeId({id}), std::move(envelope));
  }
  size_t Held() { return world_.state().parked.envelopes.size(); }
  test::StepWorld world_;
  test::TestDevice bob_{"bob@example.org/1", 5};
  const identity::DeviceAddress address_ = bob_.local.address;
};

TEST_F(Receiving, AClockSetBackAcknowledgesNothing) {
  Park(1, {});
  Park(2, {.waits_for = address_.account});
  world_.clock.Advance(Days(-2));
  ASSERT_THAT(Review(), test::IsOk());
  EXPECT_EQ(Held(), 2u);
  EXPECT_THAT(world_.effects.acks, IsEmpty());
  world_.clock.Advance(Milliseconds(kQuarantineTime.ms + 1));
  ASSERT_THAT(Review(), test::IsOk());
  EXPECT_EQ(Held(), 1u) << "it waits as long as any other, by the clock as it is now";
}

TEST_F(Receiving, WhatEndsUnreadIsToldWhenItWasFromSomebodyWeKnow) {
  const auto stranger = *identity::Address::Parse("mallory@example.org");
  Park(1, {.waits_for = address_.account});
  Park(2, {.waits_for = stranger});
  Park(3, {});
  world_.clock.Advance(Milliseconds(kParkedTime.ms + 1));
  ASSERT_THAT(Review(), test::IsOk());
  EXPECT_EQ(Held(), 0u);
  EXPECT_THAT(world_.effects.acks, SizeIs(3));
  EXPECT_THAT(world_.effects.rejected, SizeIs(3));
  const auto events = world_.Events();
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_EQ(events[0].kind, EventKind::kGap);
  EXPECT_EQ(events[0].peer, address_.account);
  EXPECT_EQ(events[0].code, Code::kDeviceNotListed);
}

TEST_F(Receiving, WhatWaitsForTheAppWaitsForWeeks) {
  Park(1, {.waits_for = address_.account, .undecided = true});
  world_.clock.Advance(Days(29));
  ASSERT_THAT(Review(), test::IsOk());
  EXPECT_EQ(Held(), 1u);
  world_.clock.Advance(Days(2));
  ASSERT_THAT(Review(), test::IsOk());
  EXPECT_EQ(Held(), 0u);
  ASSERT_THAT(world_.Events(), SizeIs(1));
  EXPECT_EQ(world_.Events()[0].code, Code::kIdentityChanged);
}

TEST_F(Receiving, ARefusedEnvelopeIsOverAndItsSenderNamed) {
  const Bytes bytes(4096, 1);
  const EnvelopeArrived input{.cursor = MailboxCursor(9), .id = EnvelopeId({9}), .bytes = bytes};
  const auto take = [&](Refusals refused) {
    return world_.Step([&](Batch& batch) {
      batch.refused = std::move(refused);
      return Reduce(batch, input);
    });
  };
  Refusals refused;
  refused.envelopes[input.id] = {Code::kInternal, address_};
  ASSERT_THAT(take(refused), test::IsOk());
  EXPECT_THAT(world_.effects.acks, ElementsAre(MailboxCursor(9)));
  ASSERT_THAT(world_.Events(), SizeIs(1));
  EXPECT_EQ(world_.Events()[0].kind, EventKind::kGap);
  EXPECT_EQ(world_.Events()[0].device, address_.device);
  EXPECT_EQ(world_.Events()[0].code, Code::kInternal);
  ASSERT_THAT(take({}), test::IsOk());
  EXPECT_EQ(Held(), 0u) << "it came again, and was not looked at again";
  EXPECT_THAT(world_.effects.acks, SizeIs(1));
}

TEST_F(Receiving, SomethingEphemeralThatCannotBeReadIsNotKept) {
  const Bytes bytes(4096, 1);
  ASSERT_THAT(world_.Step([&](Batch& batch) {
    return Reduce(batch, EnvelopeArrived{.id = EnvelopeId({9}), .bytes = bytes});
  }),
              test::IsOk());
  EXPECT_EQ(Held(), 0u);
}

}  // namespace
}  // namespace pawl::client
