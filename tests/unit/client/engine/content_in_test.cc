#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/engine/conversation.h"
#include "client/engine/inbound.h"
#include "support/step_world.h"
#include "wire/content_builder.h"

namespace pawl::client {
namespace {

using test::IsOk;
using test::Must;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr MessageId kMessage{ByteArray<16>{1}};

// What an authentic message does, by its content. Bob is a contact; the laptop is our other device.
class ContentIn : public ::testing::Test {
 protected:
  ContentIn() {
    world_.MakeAccount();
    world_.Know(bob_);
    from_bob_ = world_.BeginSession(bob_);
    from_laptop_ = world_.BeginSession(laptop_);
  }
  absl::Status TakeBytes(SessionId session, ByteView content) {
    return world_.Step([&](Batch& batch) -> absl::Status {
      const session::Opened opened{crypto::SecretBytes::From(content), {}};
      PAWL_TRY(TakeContent(batch, *batch.sessions.Find(session), opened));
      confirmed_ = batch.to_confirm;
      return OkStatus();
    });
  }
  template <typename Body>
  wire::ContentBytes Make(const Body& body, const MessageId& id, const ConversationId& where) {
    return Must(wire::Build({.id = id, .sent_at = Timestamp{5}, .conversation = where}, body));
  }
  // In the conversation that it belongs to.
  template <typename Body>
  void FromBob(const Body& body, const MessageId& id = kMessage) {
    EXPECT_THAT(TakeBytes(from_bob_, Make(body, id, ConversationOf(alice_, to_bob_)).view()),
                IsOk());
  }
  template <typename Body>
  void FromLaptop(const Body& body) {
    EXPECT_THAT(
        TakeBytes(from_laptop_, Make(body, kMessage, ConversationOf(alice_, alice_)).view()),
        IsOk());
  }
  void Set(store::ContactState state) { world_.Know(bob_, state); }
  std::optional<store::MessageState> StateOf(const std::string& sender, const MessageId& id) {
    return world_.Read([&](auto& tx) {
      return Must(tx.messages().FindState({ConversationOf(alice_, to_bob_), sender, id}));
    });
  }
  test::StepWorld world_;
  test::TestDevice bob_{"bob@example.org/1", 5}, laptop_{"alice@example.org/2", 6};
  const identity::Address alice_ = laptop_.local.address.account;
  const identity::Address to_bob_ = bob_.local.address.account;
  SessionId from_bob_, from_laptop_;
  decltype(Batch::to_confirm) confirmed_;
};

TEST_F(ContentIn, AMessageIsKeptToldAndConfirmed) {
  FromBob(wire::Text{"hello"});
  ASSERT_THAT(world_.Told(), ElementsAre(EventKind::kMessage));
  const auto events = world_.Events();
  EXPECT_EQ(events[0].peer, to_bob_);
  EXPECT_EQ(events[0].device, DeviceId(1));
  EXPECT_EQ(events[0].message, kMessage);
  EXPECT_EQ(events[0].sent_at, Timestamp{5});
  EXPECT_FALSE(events[0].outgoing);
  EXPECT_EQ(StateOf("bob@example.org", kMessage), store::MessageState::kReceived);
  EXPECT_THAT(confirmed_[bob_.local.address], ElementsAre(kMessage));
  const auto row = world_.Read(
      [&](auto& tx) { return Must(tx.conversations().Find(ConversationOf(alice_, to_bob_))); });
  ASSERT_TRUE(row);
  EXPECT_EQ(row->unread, 1u);
}

TEST_F(ContentIn, TheSameMessageAgainIsConfirmedAgainAndToldOnce) {
  FromBob(wire::Text{"hello"});
  FromBob(wire::Text{"something else under its id"});
  EXPECT_THAT(world_.Told(), SizeIs(1));
  EXPECT_THAT(confirmed_[bob_.local.address], ElementsAre(kMessage));
}

TEST_F(ContentIn, WhatIsNoContentOrOfAnotherConversationIsDropped) {
  EXPECT_THAT(TakeBytes(from_bob_, Bytes(200, 0xff)), IsOk());
  EXPECT_THAT(TakeBytes(from_bob_, {}), IsOk());
  const auto elsewhere = *identity::Address::Parse("carol@example.org");
  EXPECT_THAT(
      TakeBytes(from_bob_,
                Make(wire::Text{"hello"}, kMessage, ConversationOf(alice_, elsewhere)).view()),
      IsOk());
  EXPECT_THAT(world_.Told(), IsEmpty());
  EXPECT_THAT(confirmed_, IsEmpty());
}

TEST_F(ContentIn, WhoIsBlockedIsNotHeard) {
  Set(store::ContactState::kBlocked);
  FromBob(wire::Text{"hello"});
  FromBob(wire::ContactRequest{.delivery_key = Bytes(32, 1), .name = "Bob"});
  EXPECT_THAT(world_.Told(), IsEmpty());
  EXPECT_THAT(confirmed_, IsEmpty());
  EXPECT_EQ(StateOf("bob@example.org", kMessage), std::nullopt);
}

TEST_F(ContentIn, AStrangersMessageIsARequestFirst) {
  Set(store::ContactState::kNone);
  FromBob(wire::Text{"hello"});
  EXPECT_THAT(world_.Told(), ElementsAre(EventKind::kContactRequest, EventKind::kMessage));
  EXPECT_EQ(world_.state().peers.at(to_bob_)->state, store::ContactState::kAsking);
}

TEST_F(ContentIn, TypingIsShownOfContactsAndKeptNowhere) {
  FromBob(wire::Typing{true});
  ASSERT_THAT(world_.effects.events, SizeIs(1));
  EXPECT_EQ(world_.effects.events[0].kind, EventKind::kTyping);
  EXPECT_TRUE(world_.effects.events[0].active);
  Set(store::ContactState::kAsking);
  FromBob(wire::Typing{true});
  EXPECT_THAT(world_.effects.events, IsEmpty());
  EXPECT_THAT(world_.Told(), IsEmpty());
  EXPECT_THAT(confirmed_, IsEmpty());
}

TEST_F(ContentIn, ADeletionReachesWhatItsSenderWroteAndNothingElse) {
  const MessageId theirs({2}), ours({3});
  FromBob(wire::Text{"regretted"}, theirs);
  ASSERT_THAT(world_.Step([&](Batch& batch) {
    return batch.tx.messages()
        .Insert({.name = {ConversationOf(alice_, to_bob_), "alice@example.org", ours},
                 .direction = store::Direction::kOutgoing,
                 .sender_device = DeviceId(1),
                 .sent_at = batch.now,
                 .received_at = batch.now,
                 .content = AsBytes("hi"),
                 .state = store::MessageState::kConfirmed})
        .status();
  }),
              IsOk());
  FromBob(wire::Delete{theirs}, MessageId({4}));
  FromBob(wire::Delete{ours}, MessageId({5}));
  FromBob(wire::Delete{MessageId({99})}, MessageId({6}));
  EXPECT_EQ(StateOf("bob@example.org", theirs), store::MessageState::kDeleted);
  EXPECT_EQ(StateOf("alice@example.org", ours), store::MessageState::kConfirmed);
}

TEST_F(ContentIn, APeerCannotSpeakForOurOtherDevices) {
  const auto inner =
      Make(wire::Text{"as if by us"}, MessageId({8}), ConversationOf(alice_, to_bob_));
  FromBob(wire::SyncSent{"bob@example.org", inner.view()});
  FromBob(wire::SyncContact{.address = "eve@example.org",
                            .state = static_cast<uint8_t>(store::ContactState::kAccepted),
                            .delivery_key = {},
                            .name = {}});
  FromBob(wire::Text{"read me"});
  FromBob(wire::SyncRead{ConversationOf(alice_, to_bob_), std::vector<MessageId>{kMessage}});
  EXPECT_THAT(world_.Told(), ElementsAre(EventKind::kMessage)) << "the one to be read";
  EXPECT_EQ(StateOf("alice@example.org", MessageId({8})), std::nullopt);
  EXPECT_EQ(StateOf("bob@example.org", kMessage), store::MessageState::kReceived);
  EXPECT_FALSE(world_.state().peers.contains(*identity::Address::Parse("eve@example.org")));
}

TEST_F(ContentIn, OurOtherDeviceTakesNothingBackThatWasDecidedAfterWhatItKnows) {
  using enum store::ContactState;
  const auto carol = *identity::Address::Parse("carol@example.org");
  const auto laptop_says = [&](store::ContactState state, uint64_t version) {
    FromLaptop(wire::SyncContact{.address = "carol@example.org",
                                 .state = static_cast<uint8_t>(state),
                                 .delivery_key = {},
                                 .name = {},
                                 .version = version});
    return world_.state().peers.at(carol)->state;
  };
  EXPECT_EQ(laptop_says(kRequested, 5), kRequested);
  EXPECT_EQ(laptop_says(kAccepted, 6), kAccepted);
  EXPECT_EQ(laptop_says(kRequested, 5), kAccepted) << "said before";
  EXPECT_EQ(laptop_says(kBlocked, 20), kBlocked);
  EXPECT_EQ(laptop_says(kAccepted, 19), kBlocked)
      << "nobody is let in again by a device that had not heard";
  EXPECT_EQ(laptop_says(kNone, 21), kNone) << "no longer blocked";
}

TEST_F(ContentIn, AContactLearntAnewAfterOurStateWasLostIsAskedToo) {
  const identity::DeviceAddress bob = bob_.local.address, laptop = laptop_.local.address;
  const auto laptop_says_accepted = [&] {
    FromLaptop(wire::SyncContact{.address = "bob@example.org",
                                 .state = static_cast<uint8_t>(store::ContactState::kAccepted),
                                 .delivery_key = {},
                                 .name = {}});
    return world_.state().repairs.contains(bob);
  };
  const auto laptop_is_asked = [&](Code reason) {
    Set(store::ContactState::kRequested);
    EXPECT_THAT(world_.Step([&](Batch& batch) {
      batch.repairs.Set(laptop, {.reason = reason, .began_at = batch.now});
      return OkStatus();
    }),
                IsOk());
  };
  laptop_is_asked(Code::kAuthFailed);
  EXPECT_FALSE(laptop_says_accepted()) << "a message of the laptop's was damaged, no more";
  laptop_is_asked(Code::kDiverged);
  EXPECT_TRUE(laptop_says_accepted());
  EXPECT_EQ(world_.state().repairs.at(bob).reason, Code::kDiverged);
}

TEST_F(ContentIn, OurOtherDeviceSyncsAndIsNoPeer) {
  FromLaptop(wire::Text{"a message of one's own to oneself goes as a copy"});
  FromLaptop(wire::ContactRequest{.delivery_key = Bytes(32, 1), .name = "me"});
  EXPECT_THAT(world_.Told(), IsEmpty());
  EXPECT_FALSE(world_.state().peers.contains(alice_));

  const auto inner = Make(wire::Text{"by laptop"}, MessageId({8}), ConversationOf(alice_, to_bob_));
  FromLaptop(wire::SyncSent{"bob@example.org", inner.view()});
  ASSERT_THAT(world_.Told(), ElementsAre(EventKind::kMessage));
  EXPECT_TRUE(world_.Events()[0].outgoing);
  EXPECT_EQ(world_.Events()[0].device, DeviceId(2));
  EXPECT_EQ(StateOf("alice@example.org", MessageId({8})), store::MessageState::kAtRelay);
}

TEST_F(ContentIn, AReceiptIsForWhatWeSent) {
  ASSERT_THAT(world_.Step([&](Batch& batch) {
    return batch.tx.messages()
        .Insert({.name = {ConversationOf(alice_, to_bob_), "alice@example.org", kMessage},
                 .direction = store::Direction::kOutgoing,
                 .sender_device = DeviceId(1),
                 .sent_at = batch.now,
                 .received_at = batch.now,
                 .content = AsBytes("hi"),
                 .state = store::MessageState::kAtRelay})
        .status();
  }),
              IsOk());
  const std::vector<MessageId> named = {kMessage, MessageId({77})};
  FromBob(wire::Receipt{wire::fb::ReceiptKind::Read, named}, MessageId({9}));
  ASSERT_THAT(world_.Told(), ElementsAre(EventKind::kReceipt));
  EXPECT_EQ(world_.Events()[0].receipt, ReceiptKind::kRead);
  EXPECT_EQ(world_.Events()[0].message, kMessage);
  EXPECT_THAT(confirmed_, IsEmpty()) << "automatic messages are not confirmed";
}

TEST_F(ContentIn, WhoIsBlockedSaysNothingOfListsEither) {
  Set(store::ContactState::kBlocked);
  const session::ListRefs refs{.sender = {7, {1}}, .recipient = {UINT32_MAX, {2}}};
  EXPECT_THAT(world_.Step([&](Batch& batch) {
    return TakeContent(batch, *batch.sessions.Find(from_bob_), {crypto::SecretBytes(), refs});
  }),
              IsOk());
  EXPECT_THAT(world_.state().fetches, IsEmpty());
  EXPECT_EQ(world_.state().claims.Find(to_bob_, alice_), nullptr);
}

}  // namespace
}  // namespace pawl::client
