#include "ratchet/braid/braid.h"

#include <gtest/gtest.h>

#include "pair.h"

namespace pawl::ratchet::braid {
namespace {

TEST(Braid, TheInitiatorsKeyIsTheFirst) {
  const State a = Start(ProductionScheme(), Role::kInitiator, SharedAuthKey());
  const State b = Start(ProductionScheme(), Role::kResponder, SharedAuthKey());
  EXPECT_TRUE(std::holds_alternative<KeysUnsampled>(a));
  EXPECT_TRUE(std::holds_alternative<NoHeaderReceived>(b));
  EXPECT_EQ(EpochOf(a), Epoch(1));
  EXPECT_EQ(EpochOf(b), Epoch(1));
}

TEST(Braid, ACloneGoesOnAsItsOriginalWould) {
  Pair pair;
  pair.RoundsUntilA<HeaderSent>();
  State copy = Clone(pair.a.spqr.state);
  test::SeededRng rng(1);
  const SendStep one = PrepareSend(ProductionScheme(), copy, rng);
  const SendStep other = PrepareSend(ProductionScheme(), pair.a.spqr.state, rng);
  EXPECT_EQ(one.message.chunk_bytes, other.message.chunk_bytes);
  EXPECT_EQ(one.message.index, other.message.index);
}

TEST(Braid, SidesChangeRolesWithEveryEpoch) {
  Pair pair;
  for (uint64_t epoch = 1; epoch < 6; ++epoch) {
    Party& key_side = epoch % 2 == 1 ? pair.a : pair.b;
    Party& ciphertext_side = epoch % 2 == 1 ? pair.b : pair.a;
    while (!key_side.In<HeaderSent>()) pair.Round();
    EXPECT_EQ(key_side.epoch(), Epoch(epoch));
    EXPECT_TRUE(ciphertext_side.In<Ct1Sampled>());
    while (key_side.epoch() == Epoch(epoch)) pair.Round();
  }
}

}  // namespace
}  // namespace pawl::ratchet::braid
