#include "crypto/mlkem_incremental.h"

#include <gmock/gmock.h>

#include "crypto/hash.h"
#include "support/flip.h"
#include "support/hex.h"
#include "support/matchers.h"
#include "support/seeded_rng.h"
#include "unit/crypto/mlkem_cctv.h"
#include "unit/crypto/mlkem_vectors.h"

namespace pawl::crypto {
namespace {

using test::ArrayOf;
using test::HasCode;
using test::IsOk;
using test::ScriptedRng;

static_assert(!std::is_copy_constructible_v<MlKemFirstStep>);

MlKemPublic PublicFrom(ByteView bytes) { return ArrayOf<kMlKemPublicSize>(bytes); }
MlKemRandomness RandomnessFrom(ByteView m) { return MlKemRandomness::From(ArrayOf<32>(m)); }

absl::StatusOr<MlKemEncapsulation> InTwoSteps(const MlKemPublic& key, ByteView m) {
  MlKemFirstStep first = Encapsulate1Deterministic(HeaderOf(key), RandomnessFrom(m));
  PAWL_ASSIGN(const MlKemCiphertext2 c2, Encapsulate2(first.state, VectorOf(key)));
  return MlKemEncapsulation{Join(first.c1, c2), std::move(first.shared)};
}

// Two steps and libsodium's one: the same bytes, or the same refusal. True when accepted.
bool ExpectAsLibsodium(const MlKemPublic& key, ByteView m) {
  const absl::StatusOr<MlKemEncapsulation> expected = MlKemEncapsulateDeterministic(key, m);
  const absl::StatusOr<MlKemEncapsulation> made = InTwoSteps(key, m);
  EXPECT_EQ(CodeOf(made), CodeOf(expected));
  EXPECT_EQ(CodeOf(Join(HeaderOf(key), VectorOf(key))), CodeOf(expected));
  if (!made.ok() || !expected.ok()) return false;
  EXPECT_EQ(made->ciphertext, expected->ciphertext);
  EXPECT_TRUE(made->shared.Equals(expected->shared));
  return true;
}

TEST(MlKemIncremental, IsLibsodiumsOnTenThousandRandomInputs) {
  test::SeededRng rng(7);
  for (int keys = 0; keys < 500; ++keys) {
    const auto pair = MlKemKeyPair::FromSeed(MlKemSeed::Random(rng));
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(ExpectAsLibsodium(pair.pub, rng.Array<32>()));
  }
}

// Keys with one coefficient replaced by any twelve bits: about every fifth fails the modulus check.
TEST(MlKemIncremental, AcceptsWhatLibsodiumAccepts) {
  test::SeededRng rng(8);
  const auto pair = MlKemKeyPair::FromSeed(MlKemSeed::Random(rng));
  int accepted = 0;
  for (int i = 0; i < 1000; ++i) {
    MlKemPublic key = pair.pub;
    const size_t at = 3 * rng.Below(kMlKemVectorSize / 3);
    for (uint8_t& byte : std::span(key).subspan(at, 3)) byte = rng.Array<1>()[0];
    if (ExpectAsLibsodium(key, rng.Array<32>())) ++accepted;
  }
  EXPECT_GT(accepted, 500);
  EXPECT_LT(accepted, 800);
}

TEST(MlKemIncremental, AcvpEncapsulation) {
  PAWL_VECTORS_OR_SKIP(file, kAcvpEncapsulation);
  ExpectAcvpEncapsulations(file, InTwoSteps);
}

TEST(MlKemIncremental, WycheproofEncapsulation) {
  PAWL_VECTORS_OR_SKIP(file, kWycheproofEncapsulation);
  ExpectWycheproofEncapsulations(file, InTwoSteps);
}

// One key per line, each with one coefficient from q to 4,095.
TEST(MlKemIncremental, CctvBadModulus) {
  PAWL_VECTOR_TEXT_OR_SKIP(file, kCctvBadModulus);
  int refused = 0;
  for (size_t at = 0; at < file.size();) {
    const size_t end = std::min(file.find('\n', at), file.size());
    const MlKemPublic key = PublicFrom(test::FromHex(file.substr(at, end - at)));
    at = end + 1;
    EXPECT_THAT(InTwoSteps(key, Bytes(32)), HasCode(Code::kInvalidKey));
    EXPECT_THAT(Join(HeaderOf(key), VectorOf(key)), HasCode(Code::kInvalidKey));
    ++refused;
  }
  EXPECT_EQ(refused, 780);
}

TEST(MlKemIncremental, CctvUnluckySampleAndIntermediate) {
  for (const char* name : {kCctvUnluckySample, kCctvIntermediate}) {
    SCOPED_TRACE(name);
    PAWL_VECTOR_TEXT_OR_SKIP(file, name);
    const MlKemPublic key = PublicFrom(CctvValue(file, "ek", kMlKemPublicSize));
    PAWL_ASSERT_OK_AND_ASSIGN(const MlKemEncapsulation made,
                              InTwoSteps(key, CctvValue(file, "m", 32)));
    EXPECT_TRUE(SameBytes(made.ciphertext, CctvValue(file, "c", kMlKemCiphertextSize)));
    EXPECT_TRUE(SameBytes(made.shared.Expose(), CctvValue(file, "K", 32)));
  }
}

class MlKemIncrementalTest : public ::testing::Test {
 protected:
  test::SeededRng rng_{9};
  const MlKemKeyPair pair_ = MlKemKeyPair::FromSeed(MlKemSeed::Random(rng_));
  const MlKemHeader header_ = HeaderOf(pair_.pub);
  const MlKemVector vector_ = VectorOf(pair_.pub);
};

TEST_F(MlKemIncrementalTest, TheHolderOfTheKeyHasTheSameSecret) {
  const MlKemFirstStep one = Encapsulate1(header_, rng_), two = Encapsulate1(header_, rng_);
  PAWL_ASSERT_OK_AND_ASSIGN(const MlKemCiphertext2 c2, Encapsulate2(one.state, vector_));
  EXPECT_TRUE(MlKemDecapsulate(pair_.secret, Join(one.c1, c2)).Equals(one.shared));
  EXPECT_FALSE(MlKemDecapsulate(pair_.secret, Join(two.c1, c2)).Equals(two.shared));
  EXPECT_FALSE(one.shared.Equals(two.shared));
  EXPECT_NE(one.c1, two.c1);
}

TEST_F(MlKemIncrementalTest, DrawsThirtyTwoBytes) {
  const auto m = rng_.Array<32>();
  ScriptedRng script(ToBytes(m));
  const MlKemFirstStep drawn = Encapsulate1(header_, script);
  EXPECT_EQ(script.remaining(), 0u);
  const MlKemFirstStep fixed = Encapsulate1Deterministic(header_, RandomnessFrom(m));
  EXPECT_EQ(drawn.c1, fixed.c1);
  EXPECT_TRUE(drawn.shared.Equals(fixed.shared));
  EXPECT_TRUE(drawn.state.Equals(fixed.state));
}

TEST_F(MlKemIncrementalTest, TheHeaderIsRhoAndTheHashOfTheKey) {
  EXPECT_TRUE(SameBytes(ByteView(header_).first(32), ByteView(pair_.pub).last(32)));
  EXPECT_TRUE(SameBytes(ByteView(header_).last(32), Sha3_256({pair_.pub})));
  EXPECT_TRUE(SameBytes(vector_, ByteView(pair_.pub).first(kMlKemVectorSize)));
  PAWL_ASSERT_OK_AND_ASSIGN(const MlKemPublic joined, Join(header_, vector_));
  EXPECT_EQ(joined, pair_.pub);
}

TEST_F(MlKemIncrementalTest, TheStateIsTheRandomnessAndTheHeader) {
  const auto m = rng_.Array<32>();
  const MlKemFirstStep first = Encapsulate1Deterministic(header_, RandomnessFrom(m));
  const auto bytes = first.state.Expose();
  EXPECT_TRUE(SameBytes(bytes.first<32>(), m));
  EXPECT_TRUE(SameBytes(bytes.last<64>(), header_));

  PAWL_ASSERT_OK_AND_ASSIGN(const MlKemCiphertext2 c2, Encapsulate2(first.state, vector_));
  const auto restored = MlKemEncapsulationState::From(ArrayOf<96>(ToBytes(bytes)));
  PAWL_ASSERT_OK_AND_ASSIGN(const MlKemCiphertext2 again, Encapsulate2(restored, vector_));
  EXPECT_EQ(c2, again);
}

TEST_F(MlKemIncrementalTest, RefusesAnyOtherVector) {
  const MlKemFirstStep first = Encapsulate1(header_, rng_);
  test::ForEachBitFlip(vector_, [&](ByteView damaged) {
    const auto other = ArrayOf<kMlKemVectorSize>(damaged);
    EXPECT_THAT(Encapsulate2(first.state, other), HasCode(Code::kInvalidKey));
    EXPECT_THAT(Join(header_, other), HasCode(Code::kInvalidKey));
  });
  const auto stranger = MlKemKeyPair::FromSeed(MlKemSeed::Random(rng_));
  EXPECT_THAT(Encapsulate2(first.state, VectorOf(stranger.pub)), HasCode(Code::kInvalidKey));
  EXPECT_THAT(Encapsulate2(first.state, vector_), IsOk());
}

TEST_F(MlKemIncrementalTest, RefusesAnyOtherHeader) {
  test::ForEachBitFlip(header_, [&](ByteView damaged) {
    const auto other = ArrayOf<kMlKemHeaderSize>(damaged);
    const MlKemFirstStep first = Encapsulate1(other, rng_);
    EXPECT_THAT(Encapsulate2(first.state, vector_), HasCode(Code::kInvalidKey));
    EXPECT_THAT(Join(other, vector_), HasCode(Code::kInvalidKey));
  });
}

// A peer may commit to a vector that is no key: its hash is right, and still it is refused.
TEST_F(MlKemIncrementalTest, RefusesACommittedVectorWithACoefficientBeyondQ) {
  MlKemPublic bad = pair_.pub;
  bad[kMlKemVectorSize - 1] = 0xff;
  bad[kMlKemVectorSize - 2] |= 0xf0;
  const MlKemFirstStep first = Encapsulate1(HeaderOf(bad), rng_);
  EXPECT_THAT(Encapsulate2(first.state, VectorOf(bad)), HasCode(Code::kInvalidKey));
  EXPECT_THAT(Join(HeaderOf(bad), VectorOf(bad)), HasCode(Code::kInvalidKey));
}

}  // namespace
}  // namespace pawl::crypto
