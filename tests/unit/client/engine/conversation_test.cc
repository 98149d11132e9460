#include "client/engine/conversation.h"

#include <gtest/gtest.h>

namespace pawl::client {
namespace {

identity::Address Address(std::string_view text) { return *identity::Address::Parse(text); }

TEST(Conversation, BothSidesDeriveTheSameId) {
  const auto alice = Address("alice@example.org"), bob = Address("bob@example.org");
  EXPECT_EQ(ConversationOf(alice, bob), ConversationOf(bob, alice));
}

TEST(Conversation, OtherPeopleHaveOtherIds) {
  const auto alice = Address("alice@example.org"), bob = Address("bob@example.org");
  EXPECT_NE(ConversationOf(alice, bob), ConversationOf(alice, Address("bob@example.com")));
  EXPECT_NE(ConversationOf(alice, bob), ConversationOf(alice, alice));
  // Names that run together must not: the encoding has lengths.
  EXPECT_NE(ConversationOf(Address("ab@c"), Address("d@e")),
            ConversationOf(Address("a@bc"), Address("d@e")));
}

}  // namespace
}  // namespace pawl::client
