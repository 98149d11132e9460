#include <gmock/gmock.h>

#include "pair.h"
#include "ratchet/braid/erasure_code.h"

namespace pawl::ratchet::braid {
namespace {

using test::HasCode;
using test::IsOk;

Code CodeOfReceiving(const Party& party, const Message& message) {
  return CodeOf(PrepareReceive(ProductionScheme(), party.spqr.state, message));
}

TEST(Receive, AnEarlierEpochIsIgnoredAndALaterOneCannotBe) {
  Pair pair;
  while (*pair.a.epoch() < 3) pair.Round();
  Message message = pair.b.Send().stamp.message;
  for (const uint64_t epoch : {1u, 2u}) {
    message.epoch = Epoch(epoch);
    PAWL_ASSERT_OK_AND_ASSIGN(const ReceiveStep step,
                              PrepareReceive(ProductionScheme(), pair.a.spqr.state, message));
    EXPECT_FALSE(step.next.has_value() || step.takes_chunk);
  }
  message.epoch = Epoch(5);
  EXPECT_EQ(CodeOfReceiving(pair.a, message), Code::kMalformed);
  message.epoch = Epoch(UINT32_MAX);
  EXPECT_EQ(CodeOfReceiving(pair.a, message), Code::kMalformed);
}

TEST(Receive, OnlyTheCiphertextSideMayBeMovedToTheNextEpoch) {
  Pair pair;
  pair.RoundsUntilB<Ct2Sampled>();
  Message next;
  next.epoch = Epoch(2);
  PAWL_ASSERT_OK_AND_ASSIGN(const ReceiveStep step,
                            PrepareReceive(ProductionScheme(), pair.b.spqr.state, next));
  ASSERT_TRUE(step.next.has_value());
  EXPECT_TRUE(std::holds_alternative<KeysUnsampled>(*step.next));
  EXPECT_EQ(CodeOfReceiving(pair.a, next), Code::kMalformed);
}

// Chunks of `stream` in messages of this kind, until the receiver refuses or has it.
Code FeedForged(Party& party, Kind kind, ByteView stream) {
  for (uint16_t index = 0; index < 20; ++index) {
    const Message message = ChunkMessage(ProductionScheme(), party.epoch(), kind, stream, index);
    auto step = PrepareReceive(ProductionScheme(), party.spqr.state, message);
    if (!step.ok()) return CodeOf(step);
    const bool moved = step->next.has_value();
    ApplyReceive(ProductionScheme(), message, *std::move(step), party.spqr.state);
    if (moved) return Code::kOk;
  }
  return Code::kInternal;
}

TEST(Receive, AHeaderWithAnotherMacIsRefused) {
  Pair pair;
  const Bytes forged(kEkHeaderSize + kMacSize, 1);
  EXPECT_EQ(FeedForged(pair.b, Kind::kHeader, forged), Code::kAuthFailed);
  EXPECT_TRUE(pair.b.In<NoHeaderReceived>());
}

TEST(Receive, AKeyThatIsNotItsHeadersIsRefused) {
  Pair pair;
  pair.RoundsUntilB<Ct1Sampled>();
  const Bytes forged(kEkVectorSize, 1);
  EXPECT_EQ(FeedForged(pair.b, Kind::kEk, forged), Code::kInvalidKey);
}

TEST(Receive, AnotherCiphertextIsRefusedWhenItsSecondPartIsHere) {
  Pair pair;
  pair.RoundsUntilA<HeaderSent>();
  EXPECT_EQ(FeedForged(pair.a, Kind::kCt1, Bytes(kCt1Size, 1)), Code::kOk);
  EXPECT_EQ(FeedForged(pair.a, Kind::kCt2, Bytes(kCt2Size + kMacSize, 1)), Code::kOk);
  EXPECT_EQ(FeedForged(pair.a, Kind::kCt2, Bytes(kCt2Size + kMacSize, 1)), Code::kAuthFailed);
}

TEST(Receive, AStateIgnoresWhatItDoesNotCollect) {
  Pair pair;
  for (int round = 0; round < 30; ++round) {
    for (Party* party : {&pair.a, &pair.b}) {
      const Bytes before = Encoded(party->spqr);
      for (const Kind kind : {Kind::kNone, Kind::kHeader, Kind::kEk, Kind::kEkCt1Ack, Kind::kCt1Ack,
                              Kind::kCt1, Kind::kCt2}) {
        // Prepared, not applied: whatever it would do, nothing has changed.
        (void)CodeOfReceiving(*party, {party->epoch(), kind, 3, {}});
      }
      EXPECT_EQ(Encoded(party->spqr), before);
    }
    pair.Round();
  }
}

TEST(Receive, AnAcknowledgementBesideTheLastChunkIsBothAtOnce) {
  Pair pair;
  pair.RoundsUntilB<Ct1Sampled>();
  const auto& keys = std::get<HeaderSent>(pair.a.spqr.state).keys;
  for (uint16_t index = 0; index < 12; ++index) {
    Message message =
        ChunkMessage(ProductionScheme(), Epoch(1), index == 11 ? Kind::kEkCt1Ack : Kind::kEk,
                     keys.key.vector, static_cast<uint16_t>(100 + index));
    auto step = PrepareReceive(ProductionScheme(), pair.b.spqr.state, message);
    ASSERT_THAT(step, IsOk());
    ApplyReceive(ProductionScheme(), message, *std::move(step), pair.b.spqr.state);
    if (pair.b.In<Ct2Sampled>()) break;
  }
  EXPECT_TRUE(pair.b.In<Ct2Sampled>());
}

}  // namespace
}  // namespace pawl::ratchet::braid
