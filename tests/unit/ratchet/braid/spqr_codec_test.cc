#include <gmock/gmock.h>

#include <set>

#include "pair.h"
#include "support/flip.h"

namespace pawl::ratchet::braid {
namespace {

using test::HasCode;
using test::IsOk;

// Every state the Braid has, some with chunks in them, as two meet them in a lossy conversation.
template <typename Check>
void ForEveryState(const Check& check) {
  Pair pair;
  test::SeededRng chance(5);
  std::set<size_t> seen;
  for (int i = 0; i < 400; ++i) {
    for (Party* from : {&pair.a, &pair.b}) {
      const Sent sent = from->Send();
      if (chance.Below(2) == 0) {
        EXPECT_EQ((from == &pair.a ? pair.b : pair.a).Receive(sent), Code::kOk);
      }
      for (Party* party : {&pair.a, &pair.b}) {
        if (seen.insert(party->spqr.state.index()).second || i % 100 == 0) check(*party);
      }
    }
  }
  EXPECT_EQ(seen.size(), std::variant_size_v<State>);
}

TEST(SpqrCodec, EveryStateComesBackAsItWas) {
  ForEveryState([](const Party& party) {
    const Bytes bytes = Encoded(party.spqr);
    PAWL_ASSERT_OK_AND_ASSIGN(const Spqr again, DecodeSpqr(ProductionScheme(), bytes));
    EXPECT_EQ(Encoded(again), bytes);
    test::SeededRng one(9), other(9);
    PAWL_ASSERT_OK_AND_ASSIGN(const SpqrSend expected,
                              PrepareSend(ProductionScheme(), party.spqr, one));
    PAWL_ASSERT_OK_AND_ASSIGN(const SpqrSend sent, PrepareSend(ProductionScheme(), again, other));
    EXPECT_EQ(sent.stamp.message.chunk_bytes, expected.stamp.message.chunk_bytes);
    EXPECT_TRUE(sent.key.Equals(expected.key));
  });
}

TEST(SpqrCodec, NoTruncationDecodes) {
  ForEveryState([](const Party& party) {
    const Bytes bytes = Encoded(party.spqr);
    for (size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_FALSE(DecodeSpqr(ProductionScheme(), ByteView(bytes).first(size)).ok()) << size;
    }
    Bytes longer = bytes;
    longer.push_back(0);
    EXPECT_THAT(DecodeSpqr(ProductionScheme(), longer), HasCode(Code::kMalformed));
  });
}

TEST(SpqrCodec, WhatDecodesAfterABitFlipEncodesToTheSameBytes) {
  Pair pair;
  pair.RoundsUntilB<Ct1Sampled>();
  pair.Round();
  test::ForEachBitFlip(Encoded(pair.b.spqr), [](ByteView flipped) {
    const auto decoded = DecodeSpqr(ProductionScheme(), flipped);
    if (decoded.ok()) {
      EXPECT_TRUE(SameBytes(Encoded(*decoded), flipped));
    }
  });
}

TEST(SpqrCodec, AnotherVersionIsSaidToBeOne) {
  Pair pair;
  Bytes bytes = Encoded(pair.a.spqr);
  bytes[0] = 2;
  EXPECT_THAT(DecodeSpqr(ProductionScheme(), bytes), HasCode(Code::kUnsupportedVersion));
}

TEST(SpqrCodec, ChainsAndBraidThatDoNotAgreeAreRefused) {
  Pair pair;
  pair.RoundsUntilB<Ct1Sampled>();
  Spqr mixed{Clone(pair.a.spqr.state), pair.b.spqr.chains.Clone(), false};
  EXPECT_THAT(DecodeSpqr(ProductionScheme(), Encoded(mixed)), HasCode(Code::kMalformed));
}

}  // namespace
}  // namespace pawl::ratchet::braid
