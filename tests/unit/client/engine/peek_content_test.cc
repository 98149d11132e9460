#include "client/engine/peek_content.h"

#include "unit/client/engine/peek_world.h"

namespace pawl::client {
namespace {

using store::ContactState;

class PeekContentTest : public PeekWorld {
 protected:
  Peeked Look(ByteView content, const identity::DeviceAddress& from) {
    const auto snapshot = world_.Look();
    PeekPeople people(*snapshot, *world_.state().self, no_lists_, world_.clock.Now());
    return Must(PeekContent(*snapshot, people, from, {crypto::SecretBytes::From(content), {}}));
  }
  template <typename Body>
  Peeked LookAtBody(const Body& body) {
    return Look(Must(wire::Build(Header(), body)).view(), bobs_);
  }

 private:
  const std::vector<identity::DeviceList> no_lists_{};
};

TEST_F(PeekContentTest, AContactsWordsAreAMessage) {
  for (const ContactState state : {ContactState::kAccepted, ContactState::kRequested}) {
    world_.Know(bob_, state);
    const Peeked item = LookAtBody(wire::Text{"hello"});
    EXPECT_EQ(item.kind, PeekKind::kMessage);
    EXPECT_EQ(TextOf(item), "hello");
    EXPECT_EQ(LookAtBody(wire::Reaction{MessageId({1}), "+", false}).kind, PeekKind::kMessage);
  }
}

TEST_F(PeekContentTest, AStrangersWordsAreARequest) {
  EXPECT_EQ(LookAtBody(wire::Text{"hello"}).kind, PeekKind::kRequest) << "nobody at all";
  for (const ContactState state : {ContactState::kNone, ContactState::kAsking}) {
    world_.Know(bob_, state);
    EXPECT_EQ(LookAtBody(wire::Text{"hello"}).kind, PeekKind::kRequest);
  }
}

TEST_F(PeekContentTest, ARequestIsOneOnlyTheFirstTime) {
  world_.Know(bob_, ContactState::kNone);
  EXPECT_EQ(LookAtBody(wire::ContactRequest{{}, "Bob"}).name, "Bob");
  EXPECT_EQ(LookAtBody(wire::ContactRequest{{}, "Bob"}).kind, PeekKind::kRequest);
  for (const ContactState state : {ContactState::kAsking, ContactState::kAccepted}) {
    world_.Know(bob_, state);
    EXPECT_EQ(LookAtBody(wire::ContactRequest{{}, "Bob"}).kind, PeekKind::kNothing);
  }
}

TEST_F(PeekContentTest, WhatNoUserWaitsForIsNothing) {
  world_.Know(bob_);
  const std::vector<MessageId> ids = {MessageId({1})};
  EXPECT_EQ(LookAtBody(wire::Confirmed{ids}).kind, PeekKind::kNothing);
  EXPECT_EQ(LookAtBody(wire::ContactAnswer{.accepted = true, .delivery_key = {}}).kind,
            PeekKind::kNothing);
  wire::ContentHeader elsewhere = Header();
  elsewhere.conversation = ConversationId({1});
  const auto strange = Must(wire::Build(elsewhere, wire::Text{"hello"}));
  EXPECT_EQ(Look(strange.view(), bobs_).kind, PeekKind::kNothing) << "of another conversation";
  const identity::DeviceAddress own{world_.state().self->address(), DeviceId(2)};
  const auto copy = Must(wire::Build(Header(), wire::Text{"hello"}));
  EXPECT_EQ(Look(copy.view(), own).kind, PeekKind::kNothing) << "from a device of our own";
}

TEST_F(PeekContentTest, BlockedPeopleAreNotHeard) {
  world_.Know(bob_, ContactState::kBlocked);
  const Peeked item = LookAtBody(wire::Text{"hello"});
  EXPECT_EQ(item.kind, PeekKind::kNothing);
  EXPECT_TRUE(item.content.empty());
}

TEST_F(PeekContentTest, AMessageThatIsInTheHistoryIsKnown) {
  world_.Know(bob_);
  const wire::ContentHeader header = Header();
  const auto content = Must(wire::Build(header, wire::Text{"hello"}));
  EXPECT_EQ(Look(content.view(), bobs_).kind, PeekKind::kMessage);
  const std::string sender = bobs_.account.ToString();
  store::NewMessage message;
  message.name = {header.conversation, sender, header.id};
  message.content = content.view();
  EXPECT_THAT(
      world_.Step([&](Batch& batch) { return batch.tx.messages().Insert(message).status(); }),
      IsOk());
  EXPECT_EQ(Look(content.view(), bobs_).kind, PeekKind::kKnown) << "it came by another session";
}

TEST_F(PeekContentTest, BytesThatAreNoContentAreUnreadable) {
  world_.Know(bob_);
  const Peeked item = Look(AsBytes("no content"), bobs_);
  EXPECT_EQ(item.kind, PeekKind::kUnreadable);
  EXPECT_EQ(item.code, Code::kMalformed);
}

}  // namespace
}  // namespace pawl::client
