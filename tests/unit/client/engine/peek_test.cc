#include "client/engine/peek.h"

#include "unit/client/engine/peek_world.h"

namespace pawl::client {
namespace {

using test::HasCode;
using ::testing::ElementsAre;
using ::testing::SizeIs;

class PeekTest : public PeekWorld {
 protected:
  PeekTest() { world_.Know(bob_); }
};

TEST_F(PeekTest, ShowsWhatWaitsAndTheClientGetsItAllTheSame) {
  session::Session session = Established();
  const std::vector<Bytes> waiting = {Write(session, "one"), Write(session, "two"),
                                      Write(session, "three")};
  for (int i = 0; i < 2; ++i) {
    const auto items = Look(waiting);
    ASSERT_THAT(items, SizeIs(3));
    for (const Peeked& item : items) {
      EXPECT_EQ(item.kind, PeekKind::kMessage);
      EXPECT_EQ(item.peer, bobs_.account);
      EXPECT_EQ(item.device, bobs_.device);
      EXPECT_EQ(item.conversation, ConversationOf(world_.state().self->address(), bobs_.account));
      EXPECT_EQ(item.received_at, Timestamp{7});
      EXPECT_EQ(item.sent_at, world_.clock.Now());
    }
    EXPECT_EQ(TextOf(items[0]), "one");
    EXPECT_EQ(TextOf(items[2]), "three");
  }
  for (const Bytes& envelope : waiting) Deliver(envelope);
  EXPECT_THAT(Received(), ElementsAre("hello", "one", "two", "three"));
}

TEST_F(PeekTest, SeesTheWriterOnlyAsFarAsItHasCommitted) {
  session::Session session = Established();
  const Bytes one = Write(session, "one");
  const auto before = world_.Look();
  Deliver(one);
  std::vector<PeekInput> inputs;
  inputs.push_back({.id = IdOf(one), .bytes = one});
  const auto items = Must(Peek(*before, std::move(inputs), {}, world_.clock.Now()));
  EXPECT_EQ(items[0].kind, PeekKind::kMessage) << "in that snapshot it has not come yet";
  EXPECT_EQ(LookAt(one).kind, PeekKind::kKnown);
}

TEST_F(PeekTest, AChainLongerThanTheAnnouncedTagsOpensWhole) {
  session::Session session = Established();
  std::vector<Bytes> waiting;
  for (int i = 0; i < 150; ++i) waiting.push_back(Write(session, std::to_string(i)));
  const auto items = Look(waiting);
  for (size_t i = 0; i < items.size(); ++i) EXPECT_EQ(TextOf(items[i]), std::to_string(i));
}

TEST_F(PeekTest, OneFromTheMiddleAndAllInDisorderOpenToo) {
  session::Session session = Established();
  std::vector<Bytes> waiting;
  for (int i = 0; i < 100; ++i) waiting.push_back(Write(session, std::to_string(i)));
  EXPECT_EQ(TextOf(LookAt(waiting[20])), "20") << "within the announced tags";
  EXPECT_EQ(TextOf(LookAt(waiting[90])), "90") << "beyond them: tried against the header keys";
  std::reverse(waiting.begin(), waiting.end());
  const auto items = Look(waiting);
  for (size_t i = 0; i < items.size(); ++i) EXPECT_EQ(TextOf(items[i]), std::to_string(99 - i));
}

TEST_F(PeekTest, SkippedKeysOfTheStoreOpenWhatComesLate) {
  session::Session session = Established();
  std::vector<Bytes> late;
  for (int i = 0; i < 40; ++i) late.push_back(Write(session, std::to_string(i)));
  Deliver(Write(session, "ahead of them all"));
  const auto items = Look(late);
  for (size_t i = 0; i < items.size(); ++i) EXPECT_EQ(TextOf(items[i]), std::to_string(i));
  for (const Bytes& envelope : late) Deliver(envelope);
  EXPECT_THAT(Received(), SizeIs(42)) << "no key was used up";
}

TEST_F(PeekTest, FindsEachSendersSessionAmongMany) {
  session::Session session = Established();
  std::vector<Bytes> waiting;
  std::deque<test::TestDevice> others;
  for (uint64_t i = 0; i < 12; ++i) {
    others.emplace_back("p" + std::to_string(i) + "@example.org/1", 50 + i);
    test::TestDevice& other = others.back();
    world_.Know(other);
    const SessionId id = world_.BeginSession(other);
    session::Session theirs = world_.AcceptedBy(other, id);
    const auto content =
        Must(wire::Build({.id = MessageId(other.rng.Array<16>()),
                          .sent_at = world_.clock.Now(),
                          .conversation = ConversationOf(world_.state().self->address(),
                                                         other.local.address.account)},
                         wire::Text{std::to_string(i)}));
    waiting.push_back(Must(test::Send(theirs, AsText(content.view()), other.rng)));
  }
  waiting.push_back(Write(session, "12"));
  const auto items = Look(waiting);
  for (size_t i = 0; i < items.size(); ++i) {
    EXPECT_EQ(TextOf(items[i]), std::to_string(i));
    EXPECT_EQ(items[i].peer, i < 12 ? others[i].local.address.account : bobs_.account);
  }
}

TEST_F(PeekTest, WhatTheClientHasIsKnownByItsIdOrItsBytes) {
  session::Session session = Established();
  const Bytes one = Write(session, "one");
  Deliver(one);
  EXPECT_EQ(LookAt(one).kind, PeekKind::kKnown);
  const auto snapshot = world_.Look();
  std::vector<PeekInput> inputs;
  inputs.push_back({.id = std::nullopt, .bytes = one});
  inputs.push_back({.id = EnvelopeId({1}), .bytes = one});
  inputs.push_back({.id = IdOf(one), .bytes = Bytes(256, 1)});
  for (const Peeked& item : Must(Peek(*snapshot, std::move(inputs), {}, world_.clock.Now()))) {
    EXPECT_EQ(item.kind, PeekKind::kKnown);
    EXPECT_FALSE(item.peer);
  }
}

TEST_F(PeekTest, AMessageThatLiesThereTwiceIsShownOnce) {
  const auto item = [](uint8_t message, const char* from, PeekKind kind) {
    Peeked made;
    made.kind = kind;
    made.peer = *identity::Address::Parse(from);
    made.message = MessageId(ByteArray<16>{message});
    made.content = crypto::SecretBytes::From(AsBytes("text"));
    return made;
  };
  std::vector<Peeked> items;
  items.push_back(item(1, "bob@example.org", PeekKind::kMessage));
  items.push_back(item(1, "bob@example.org", PeekKind::kMessage));
  items.push_back(item(1, "eve@example.org", PeekKind::kRequest));
  items.push_back(item(0, "eve@example.org", PeekKind::kRequest));
  items.push_back(item(0, "eve@example.org", PeekKind::kRequest));
  ShowOnce(items);
  std::vector<PeekKind> kinds;
  for (const Peeked& shown : items) kinds.push_back(shown.kind);
  EXPECT_THAT(kinds, ElementsAre(PeekKind::kMessage, PeekKind::kKnown, PeekKind::kRequest,
                                 PeekKind::kRequest, PeekKind::kRequest));
  EXPECT_TRUE(items[1].content.empty());
}

TEST_F(PeekTest, NoiseAndTamperedMailSayNothingAboutAnybody) {
  session::Session session = Established();
  Bytes routed = Write(session, "one");
  routed.back() ^= 1;
  Bytes untagged = Write(session, "two");
  untagged[5] ^= 1;
  const std::vector<Bytes> waiting = {routed, untagged, Bytes(4096, 1), Bytes(10, 1), {}};
  for (const Peeked& item : Look(waiting)) {
    EXPECT_EQ(item.kind, PeekKind::kUnreadable);
    EXPECT_NE(item.code, Code::kOk);
    EXPECT_FALSE(item.peer);
    EXPECT_TRUE(item.content.empty());
  }
  EXPECT_EQ(TextOf(LookAt(Write(session, "three"))), "three");
}

TEST_F(PeekTest, NoiseWithoutEndCostsNoMoreThanTheBudget) {
  session::Session session = Established();
  std::vector<Bytes> waiting;
  for (int i = 0; i < 3000; ++i) {
    waiting.emplace_back(256, 1);
    waiting.back()[0] = session::kEnvelopeVersion;
    for (size_t at = 0; at < 4; ++at) waiting.back()[5 + at] = static_cast<uint8_t>(i >> (8 * at));
  }
  waiting.push_back(Write(session, "mail"));
  const auto items = Look(waiting);
  EXPECT_EQ(TextOf(items.back()), "mail") << "what is routed is not on the budget";
  EXPECT_EQ(items.front().code, Code::kUnknownSession);
}

TEST_F(PeekTest, AStoreWithoutAnAccountHasNoMail) {
  test::StepWorld empty;
  const auto snapshot = empty.Look();
  EXPECT_THAT(PeekSelf(*snapshot), HasCode(Code::kWrongState));
  EXPECT_THAT(Peek(*snapshot, {}, {}, empty.clock.Now()), HasCode(Code::kWrongState));
  const auto ours = world_.Look();
  PAWL_ASSERT_OK_AND_ASSIGN(const Self self, PeekSelf(*ours));
  EXPECT_EQ(self.device.address, world_.state().self->device.address);
}

}  // namespace
}  // namespace pawl::client
