#include <gtest/gtest.h>

#include "pair.h"
#include "ratchet/braid/erasure_code.h"

namespace pawl::ratchet::braid {
namespace {

Kind KindOf(const Sent& sent) { return sent.stamp.message.kind; }

TEST(Send, EachStateSaysItsOwn) {
  Pair pair;
  EXPECT_EQ(KindOf(pair.b.Send()), Kind::kNone);
  EXPECT_EQ(KindOf(pair.a.Send()), Kind::kHeader);
  EXPECT_TRUE(pair.a.In<KeysSampled>());
  pair.RoundsUntilA<HeaderSent>();
  EXPECT_EQ(KindOf(pair.a.Send()), Kind::kEk);
  EXPECT_EQ(KindOf(pair.b.Send()), Kind::kCt1);
  pair.RoundsUntilA<Ct1Received>();
  EXPECT_EQ(KindOf(pair.a.Send()), Kind::kEkCt1Ack);
  pair.RoundsUntilA<EkSentCt1Received>();
  EXPECT_EQ(KindOf(pair.a.Send()), Kind::kCt1Ack);
  EXPECT_EQ(KindOf(pair.b.Send()), Kind::kCt2);
}

TEST(Send, PreparingChangesNothing) {
  Pair pair;
  for (int i = 0; i < 30; ++i) {
    const Bytes before = Encoded(pair.a.spqr);
    test::SeededRng rng(1);
    (void)PrepareSend(ProductionScheme(), pair.a.spqr.state, rng);
    EXPECT_EQ(Encoded(pair.a.spqr), before);
    pair.Round();
  }
}

TEST(Send, ChunksNeverEndAndNeverRepeatWithinTheirNumbers) {
  Pair pair;
  for (uint16_t i = 0; i < 300; ++i) EXPECT_EQ(pair.a.Send().stamp.message.index, i);
  auto& state = std::get<KeysSampled>(pair.a.spqr.state);
  state.sent = UINT16_MAX;
  EXPECT_EQ(pair.a.Send().stamp.message.index, UINT16_MAX);
  EXPECT_EQ(pair.a.Send().stamp.message.index, 0);
}

TEST(Send, WhoEncapsulatesHasTheSecretAtOnceAndKeysItLater) {
  Pair pair;
  ASSERT_EQ(pair.b.Receive(pair.a.Send()), Code::kOk);
  ASSERT_TRUE(pair.b.In<HeaderReceived>());
  EXPECT_EQ(*pair.b.spqr.chains.newest, 0u);
  const Sent first = pair.b.Send();
  EXPECT_EQ(*pair.b.spqr.chains.newest, 1u);
  EXPECT_EQ(*pair.b.spqr.chains.sending, 0u);
  EXPECT_EQ(pair.a.Receive(first), Code::kOk);
}

}  // namespace
}  // namespace pawl::ratchet::braid
