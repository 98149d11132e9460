#include "ratchet/double_ratchet.h"

#include <gmock/gmock.h>

#include <set>

#include "party.h"
#include "support/hex.h"
#include "support/matchers.h"

namespace pawl::ratchet {
namespace {

using test::HasCode;
using test::IsOk;
using test::IsOkAndHolds;
using testing::Eq;

class DoubleRatchetTest : public testing::Test {
 protected:
  // A header as a peer with all keys could write it, but an honest one does not.
  absl::StatusOr<ReceiveStep> Craft(const Party& to, Located::Source source, const Header& header) {
    const SkippedDelta delta(to.skipped);
    return PrepareReceive(ProductionProfile(), to.core, delta, {source, RouteTag(), header}, kNow);
  }
  crypto::X25519Public FreshKey() { return crypto::X25519KeyPair::Generate(two_.setup).pub; }

  TwoParties two_;
  Party& alice_ = two_.alice;
  Party& bob_ = two_.bob;
};

TEST_F(DoubleRatchetTest, PingPongTurnsEveryTime) {
  std::set<std::string> keys;
  for (int i = 0; i < 10; ++i) {
    ASSERT_THAT(bob_.Receive(*alice_.Send("ping")), IsOkAndHolds(Eq("ping")));
    keys.insert(test::ToHex(alice_.core.own->pub));
    ASSERT_THAT(alice_.Receive(*bob_.Send("pong")), IsOkAndHolds(Eq("pong")));
    keys.insert(test::ToHex(bob_.core.own->pub));
  }
  EXPECT_EQ(keys.size(), 20u);
}

TEST_F(DoubleRatchetTest, ResponderHasNothingToSendToBeforeItsFirstMessage) {
  EXPECT_THAT(bob_.Send("too early"), HasCode(Code::kWrongState));
}

TEST_F(DoubleRatchetTest, ReorderedAndLostMessagesAreAllReadable) {
  std::vector<Sealed> first;
  for (int i = 0; i < 5; ++i) first.push_back(*alice_.Send("a" + std::to_string(i)));
  ASSERT_THAT(bob_.Receive(first[3]), IsOkAndHolds(Eq("a3")));
  ASSERT_THAT(bob_.Receive(first[0]), IsOkAndHolds(Eq("a0")));
  ASSERT_THAT(alice_.Receive(*bob_.Send("turn")), IsOk());
  const Sealed next = *alice_.Send("next chain");
  ASSERT_THAT(bob_.Receive(next), IsOkAndHolds(Eq("next chain")));
  // pn told how long the old chain was: its end is not lost.
  EXPECT_THAT(bob_.Receive(first[4]), IsOkAndHolds(Eq("a4")));
  EXPECT_THAT(bob_.Receive(first[2]), IsOkAndHolds(Eq("a2")));
  EXPECT_THAT(bob_.Receive(first[1]), IsOkAndHolds(Eq("a1")));
  EXPECT_EQ(bob_.skipped.size(), 0u);
}

TEST_F(DoubleRatchetTest, ReplayOfASkippedMessageIsRejected) {
  const Sealed skipped = *alice_.Send("0");
  ASSERT_THAT(bob_.Receive(*alice_.Send("1")), IsOk());
  ASSERT_THAT(bob_.Receive(skipped), IsOk());
  const auto before = bob_.State();
  EXPECT_THAT(bob_.Receive(skipped), HasCode(Code::kReplayed));
  EXPECT_EQ(bob_.State(), before);
}

TEST_F(DoubleRatchetTest, JumpOfExactlyTheLimitWorksAndOneMoreDoesNot) {
  two_.Greet();
  ASSERT_THAT(bob_.Receive(*alice_.Send("turn")), IsOk());
  Header header{*bob_.core.peer, 1 + kMaxJump, 1, 0, {}, kNoStamp};
  EXPECT_THAT(Craft(bob_, Located::Source::kCurrent, header), IsOk());
  ++header.n;
  EXPECT_THAT(Craft(bob_, Located::Source::kCurrent, header), HasCode(Code::kTooFarAhead));
  header.n = UINT32_MAX;
  EXPECT_THAT(Craft(bob_, Located::Source::kCurrent, header), HasCode(Code::kMalformed));
  header.n = UINT32_MAX - 1;
  EXPECT_THAT(Craft(bob_, Located::Source::kCurrent, header), HasCode(Code::kTooFarAhead));
}

TEST_F(DoubleRatchetTest, JumpOverATurnCountsBothChains) {
  two_.Greet();
  ASSERT_THAT(bob_.Receive(*alice_.Send("turn")), IsOk());
  ASSERT_THAT(bob_.Send("answer"), IsOk());
  Header header{FreshKey(), kMaxJump / 2, 1 + kMaxJump / 2, 0, {}, kNoStamp};
  EXPECT_THAT(Craft(bob_, Located::Source::kNext, header), IsOk());
  ++header.n;
  EXPECT_THAT(Craft(bob_, Located::Source::kNext, header), HasCode(Code::kTooFarAhead));
  header = {FreshKey(), UINT32_MAX - 1, UINT32_MAX, 0, {}};
  EXPECT_THAT(Craft(bob_, Located::Source::kNext, header), HasCode(Code::kTooFarAhead));
}

TEST_F(DoubleRatchetTest, LargestJumpsKeepNoMoreThanTheBound) {
  // An honest sender stops at 1,000, so two chains' worth of losses fill the store exactly, and a
  // third makes the oldest go.
  Sealed oldest;
  for (int chain = 0; chain < 3; ++chain) {
    for (uint32_t i = 0; i + 1 < kMaxUnanswered; ++i) {
      const Sealed lost = *alice_.Send("lost");
      if (chain == 0 && i == 0) oldest = lost;
    }
    ASSERT_THAT(bob_.Receive(*alice_.Send("last")), IsOk());
    EXPECT_LE(bob_.skipped.size(), kMaxSkippedKeys);
    ASSERT_THAT(alice_.Receive(*bob_.Send("turn")), IsOk());
  }
  EXPECT_EQ(bob_.skipped.size(), kMaxSkippedKeys);
  EXPECT_THAT(bob_.Receive(oldest), testing::Not(IsOk()));
}

TEST_F(DoubleRatchetTest, SenderStopsAtTheMostUnanswered) {
  for (uint32_t i = 0; i < kMaxUnanswered; ++i) ASSERT_THAT(alice_.Send("?"), IsOk());
  EXPECT_EQ(alice_.core.unanswered(), kMaxUnanswered);
  const auto before = alice_.State();
  EXPECT_THAT(alice_.Send("?"), HasCode(Code::kWrongState));
  EXPECT_EQ(alice_.State(), before);
}

TEST_F(DoubleRatchetTest, SkippedKeysExpire) {
  const Sealed skipped = *alice_.Send("0");
  ASSERT_THAT(bob_.Receive(*alice_.Send("1")), IsOk());
  EXPECT_THAT(bob_.Receive(skipped, kNow + kSkippedKeyLifetime), HasCode(Code::kExpired));
  EXPECT_THAT(bob_.Receive(skipped, kNow + kSkippedKeyLifetime - Milliseconds(1)), IsOk());
}

TEST_F(DoubleRatchetTest, LateMessagesOfFiveChainsAreReadableAndNoOlder) {
  std::vector<Sealed> late;
  for (size_t chain = 0; chain <= kMaxReceivingChains; ++chain) {
    late.push_back(*alice_.Send("late" + std::to_string(chain)));
    ASSERT_THAT(bob_.Receive(*alice_.Send("on time")), IsOk());
    ASSERT_THAT(alice_.Receive(*bob_.Send("turn")), IsOk());
  }
  EXPECT_EQ(bob_.skipped.size(), kMaxReceivingChains);
  EXPECT_THAT(bob_.Receive(late[0]), testing::Not(IsOk()));
  for (size_t chain = 1; chain <= kMaxReceivingChains; ++chain) {
    EXPECT_THAT(bob_.Receive(late[chain]), IsOkAndHolds(Eq("late" + std::to_string(chain))));
  }
}

// A header under the next header key while we have no ratchet key of our own: there is nothing that
// it could answer, and nothing is derived from a key that stands for none.
TEST_F(DoubleRatchetTest, TurnWithoutAKeyOfOursIsRefusedBeforeAnyKdf) {
  ASSERT_THAT(bob_.Receive(*alice_.Send("turn")), IsOk());
  ASSERT_FALSE(bob_.core.own);
  EXPECT_THAT(Craft(bob_, Located::Source::kNext, {FreshKey(), 0, 1, 0, {}}),
              HasCode(Code::kMalformed));
}

TEST_F(DoubleRatchetTest, HeadersThatNoHonestPeerWritesAreRefused) {
  two_.Greet();
  ASSERT_THAT(bob_.Receive(*alice_.Send("0")), IsOk());
  ASSERT_THAT(bob_.Receive(*alice_.Send("1")), IsOk());
  ASSERT_THAT(bob_.Send("answer"), IsOk());
  using enum Located::Source;
  // The current chain with another ratchet key.
  EXPECT_THAT(Craft(bob_, kCurrent, {FreshKey(), 2, 1, 0, {}}), HasCode(Code::kMalformed));
  // A number that was read already.
  EXPECT_THAT(Craft(bob_, kCurrent, {*bob_.core.peer, 1, 1, 0, {}}), HasCode(Code::kMalformed));
  // The next chain with the old ratchet key, or with a previous length below what was read.
  EXPECT_THAT(Craft(bob_, kNext, {*bob_.core.peer, 0, 2, 0, {}}), HasCode(Code::kMalformed));
  EXPECT_THAT(Craft(bob_, kNext, {FreshKey(), 0, 1, 0, {}}), HasCode(Code::kMalformed));
  // A resumption that nobody offered.
  EXPECT_THAT(Craft(bob_, kNext, {FreshKey(), 0, 2, kFlagResumed, {}}), HasCode(Code::kMalformed));
  // A point of small order.
  EXPECT_THAT(Craft(bob_, kNext, {crypto::X25519Public{1}, 0, 2, 0, {}}),
              HasCode(Code::kInvalidKey));
}

TEST_F(DoubleRatchetTest, FirstChainHasNoPreviousOne) {
  EXPECT_THAT(Craft(bob_, Located::Source::kNext, {FreshKey(), 0, 1, 0, {}}),
              HasCode(Code::kMalformed));
  EXPECT_THAT(Craft(bob_, Located::Source::kNext, {FreshKey(), 0, 0, 0, {}}), IsOk());
}

class ResumptionTest : public DoubleRatchetTest {
 protected:
  ResumptionTest() {
    alice_.core.resumption = Resumption{Resumption::Use::kWhenReceiving, secret_.Clone()};
    bob_.core.resumption = Resumption{Resumption::Use::kWhenSending, secret_.Clone()};
  }
  ResumptionSecret secret_ = ResumptionSecret::Random(two_.setup);
};

TEST_F(ResumptionTest, IsMixedIntoTheFirstAnswerAndThenGone) {
  ASSERT_THAT(bob_.Receive(*alice_.Send("hello")), IsOk());
  const Sealed lost = *bob_.Send("lost");
  EXPECT_FALSE(bob_.core.resumption);
  // Every message of that chain says so: which one arrives first does not matter.
  ASSERT_THAT(alice_.Receive(*bob_.Send("hi")), IsOkAndHolds(Eq("hi")));
  EXPECT_FALSE(alice_.core.resumption);
  EXPECT_THAT(alice_.Receive(lost), IsOk());
  EXPECT_THAT(bob_.Receive(*alice_.Send("on")), IsOk());
  EXPECT_THAT(alice_.Receive(*bob_.Send("and on")), IsOk());
}

TEST_F(ResumptionTest, ResponderThatLostItGoesOnWithoutIt) {
  bob_.core.resumption.reset();
  ASSERT_THAT(bob_.Receive(*alice_.Send("hello")), IsOk());
  ASSERT_THAT(alice_.Receive(*bob_.Send("hi")), IsOk());
  EXPECT_FALSE(alice_.core.resumption);
}

TEST_F(ResumptionTest, AnotherSecretDoesNotOpen) {
  bob_.core.resumption->secret = ResumptionSecret::Random(two_.setup);
  ASSERT_THAT(bob_.Receive(*alice_.Send("hello")), IsOk());
  const auto before = alice_.State();
  EXPECT_THAT(alice_.Receive(*bob_.Send("hi")), HasCode(Code::kAuthFailed));
  EXPECT_EQ(alice_.State(), before);
}

// Two copies of one state side by side: the same chain key, but never the same body key and nonce.
TEST_F(DoubleRatchetTest, ClonedStatesNeverRepeatABodyKey) {
  two_.Greet();
  ASSERT_THAT(alice_.Send("opens the chain"), IsOk());
  Party clone(alice_.core.Clone(), 4711);
  std::set<std::string> keys;
  for (Party* party : {&alice_, &clone}) {
    for (int i = 0; i < 50; ++i) {
      const SendStep step = *PrepareSend(ProductionProfile(), party->core, party->rng);
      const Sealed sealed = *party->Send("x");
      const MessageParts parts = *MessageParts::Split(sealed.message);
      const BodyKeys body = ProductionProfile().body(step.seed, PqKey::Zero(), parts.salt);
      keys.insert(test::ToHex(body.key.Expose()) + test::ToHex(body.nonce));
    }
  }
  EXPECT_EQ(keys.size(), 100u);
}

// A thief of both states reads on until each side has turned once; then the chains are out of
// reach.
TEST_F(DoubleRatchetTest, HealsAfterARoundTrip) {
  two_.Greet();
  Party stolen(bob_.core.Clone(), 666);
  ASSERT_THAT(bob_.Receive(*alice_.Send("seen")), IsOk());
  ASSERT_THAT(alice_.Receive(*bob_.Send("heals")), IsOk());
  const Sealed healed = *alice_.Send("not seen");
  EXPECT_THAT(stolen.Receive(healed), testing::Not(IsOk()));
  EXPECT_THAT(bob_.Receive(healed), IsOk());
}

}  // namespace
}  // namespace pawl::ratchet
