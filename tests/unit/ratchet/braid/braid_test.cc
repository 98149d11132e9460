#include "ratchet/braid/braid.h"

#include <gtest/gtest.h>

#include "pair.h"

namespace pawl::ratchet::braid {
namespace {

// Which transitions a state has, one bit each; kLvalue: one that leaves the state behind, usable a
// second time.
enum Transition : unsigned {
  kSampleKeys = 1,
  kCt1Begins = 2,
  kCt1Complete = 4,
  kCt2Begins = 8,
  kCt2Complete = 16,
  kHeaderComplete = 32,
  kSampleCt1 = 64,
  kEkComplete = 128,
  kCt1Acked = 256,
  kNextEpoch = 512,
  kLvalue = 1024,
};

template <typename S>
consteval unsigned TransitionsOfExpiring() {
  using std::move;
  unsigned has = 0;
  if (requires(S s, Rng & rng) { move(s).SampleKeys(scheme, rng); }) has |= kSampleKeys;
  if (requires(S s) { move(s).Ct1Begins(scheme); }) has |= kCt1Begins;
  if (requires(S s, Ct1 ct1) { move(s).Ct1Complete(ct1); }) has |= kCt1Complete;
  if (requires(S s) { move(s).Ct2Begins(scheme); }) has |= kCt2Begins;
  if (requires(S s, Ct2Stream ct2) { move(s).Ct2Complete(scheme, ct2); }) has |= kCt2Complete;
  if (requires(S s, HeaderStream h) { move(s).HeaderComplete(scheme, h); }) has |= kHeaderComplete;
  if (requires(S s, Rng & rng) { move(s).SampleCt1(scheme, rng); }) has |= kSampleCt1;
  if (requires(S s, EkVector ek) { move(s).EkComplete(scheme, ek); }) has |= kEkComplete;
  if (requires(S s) { move(s).Ct1Acked(); }) has |= kCt1Acked;
  if (requires(S s) { move(s).NextEpoch(); }) has |= kNextEpoch;
  return has;
}

template <typename S>
consteval bool HasTransitionOfLvalue() {
  return requires(S & s, Rng & rng) { s.SampleKeys(scheme, rng); }
  || requires(S & s) { s.Ct1Begins(scheme); }
  || requires(S & s, Ct1 ct1) { s.Ct1Complete(ct1); }
  || requires(S & s) { s.Ct2Begins(scheme); }
  || requires(S & s, Ct2Stream ct2) { s.Ct2Complete(scheme, ct2); }
  || requires(S & s, HeaderStream h) { s.HeaderComplete(scheme, h); }
  || requires(S & s, Rng & rng) { s.SampleCt1(scheme, rng); }
  || requires(S & s, EkVector ek) { s.EkComplete(scheme, ek); }
  || requires(S & s) { s.Ct1Acked(); }
  || requires(S & s) { s.NextEpoch(); };
}

template <typename S>
constexpr unsigned kTransitions = TransitionsOfExpiring<S>() |
                                  (HasTransitionOfLvalue<S>() ? kLvalue : 0u);

// A step in the wrong order, or twice, does not compile.
static_assert(kTransitions<KeysUnsampled> == kSampleKeys);
static_assert(kTransitions<KeysSampled> == kCt1Begins);
static_assert(kTransitions<HeaderSent> == kCt1Complete);
static_assert(kTransitions<Ct1Received> == kCt2Begins);
static_assert(kTransitions<EkSentCt1Received> == kCt2Complete);
static_assert(kTransitions<NoHeaderReceived> == kHeaderComplete);
static_assert(kTransitions<HeaderReceived> == kSampleCt1);
static_assert(kTransitions<Ct1Sampled> == (kEkComplete | kCt1Acked));
static_assert(kTransitions<EkReceivedCt1Sampled> == kCt1Acked);
static_assert(kTransitions<Ct1Acknowledged> == kEkComplete);
static_assert(kTransitions<Ct2Sampled> == kNextEpoch);
static_assert(std::variant_size_v<State> == 11, "each state stands above");

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
