#include "crypto/mlkem.h"

#include <gmock/gmock.h>

#include "support/hex.h"
#include "support/matchers.h"
#include "support/seeded_rng.h"
#include "unit/crypto/mlkem_cctv.h"
#include "unit/crypto/mlkem_vectors.h"

namespace pawl::crypto {
namespace {

using test::ArrayOf;
using test::HasCode;
using test::Json;

MlKemSeed SeedFrom(ByteView bytes) { return MlKemSeed::From(ArrayOf<64>(bytes)); }
MlKemPrivate PrivateFrom(ByteView bytes) { return MlKemPrivate::From(ArrayOf<2400>(bytes)); }

Bytes Concatenated(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

TEST(MlKem, AcvpKeyGeneration) {
  PAWL_VECTORS_OR_SKIP(file, kAcvpKeyGeneration);
  int run = 0;
  ForEachAcvpVector(file, [&](const Json&, const Json& vector) {
    const auto pair =
        MlKemKeyPair::FromSeed(SeedFrom(Concatenated(vector.Hex("d"), vector.Hex("z"))));
    EXPECT_TRUE(SameBytes(pair.pub, vector.Hex("ek")));
    EXPECT_TRUE(SameBytes(pair.secret.Expose(), vector.Hex("dk")));
    ++run;
  });
  EXPECT_EQ(run, 25);
}

TEST(MlKem, AcvpEncapsulation) {
  PAWL_VECTORS_OR_SKIP(file, kAcvpEncapsulation);
  ExpectAcvpEncapsulations(file, MlKemEncapsulateDeterministic);
}

// What was encapsulated is decapsulated too.
TEST(MlKem, AcvpDecapsulation) {
  PAWL_VECTORS_OR_SKIP(file, kAcvpEncapsulation);
  int run = 0;
  ForEachAcvpVector(file, [&](const Json& group, const Json& vector) {
    const bool encapsulation = group.Text("function") == "encapsulation";
    const auto ciphertext = ArrayOf<kMlKemCiphertextSize>(vector.Hex("c"));
    const Bytes dk = encapsulation ? vector.Hex("dk") : group.Hex("dk");
    EXPECT_TRUE(SameBytes(MlKemDecapsulate(PrivateFrom(dk), ciphertext).Expose(), vector.Hex("k")));
    ++run;
  });
  EXPECT_EQ(run, 25 + 10);
}

TEST(MlKem, WycheproofKeyGenerationFromSeed) {
  PAWL_VECTORS_OR_SKIP(file, "wycheproof/mlkem_768_keygen_seed_test.json");
  int run = 0;
  ForEachWycheproofVector(file, [&](const Json& vector) {
    ASSERT_EQ(vector.Text("result"), "valid");
    const auto pair = MlKemKeyPair::FromSeed(SeedFrom(vector.Hex("seed")));
    EXPECT_TRUE(SameBytes(pair.pub, vector.Hex("ek")));
    EXPECT_TRUE(SameBytes(pair.secret.Expose(), vector.Hex("dk")));
    ++run;
  });
  EXPECT_EQ(run, 100);
}

TEST(MlKem, WycheproofEncapsulation) {
  PAWL_VECTORS_OR_SKIP(file, kWycheproofEncapsulation);
  ExpectWycheproofEncapsulations(file, MlKemEncapsulateDeterministic);
}

// Includes implicit rejection, and the values that a comparison of only a prefix would let pass.
TEST(MlKem, WycheproofDecapsulation) {
  PAWL_VECTORS_OR_SKIP(file, "wycheproof/mlkem_768_test.json");
  int run = 0, other_length = 0;
  ForEachWycheproofVector(file, [&](const Json& vector) {
    const Bytes seed = vector.Hex("seed"), ciphertext = vector.Hex("c");
    if (seed.size() != MlKemSeed::kSize || ciphertext.size() != kMlKemCiphertextSize) {
      EXPECT_EQ(vector.Text("result"), "invalid");
      ++other_length;
      return;
    }
    const auto pair = MlKemKeyPair::FromSeed(SeedFrom(seed));
    EXPECT_TRUE(SameBytes(pair.pub, vector.Hex("ek")));
    const SharedSecret shared =
        MlKemDecapsulate(pair.secret, ArrayOf<kMlKemCiphertextSize>(ciphertext));
    EXPECT_EQ(SameBytes(shared.Expose(), vector.Hex("K")), vector.Text("result") == "valid");
    ++run;
  });
  EXPECT_EQ(run + other_length, 193);
  EXPECT_GT(run, 150);
}

// We store and transport seeds, never an expanded key, so a key that contradicts itself cannot come
// in; its decapsulations are compared all the same where the lengths are right.
TEST(MlKem, WycheproofExpandedKeys) {
  PAWL_VECTORS_OR_SKIP(file, "wycheproof/mlkem_768_semi_expanded_decaps_test.json");
  int run = 0;
  ForEachWycheproofVector(file, [&](const Json& vector) {
    if (vector.Text("result") != "valid") return;
    const SharedSecret shared = MlKemDecapsulate(PrivateFrom(vector.Hex("dk")),
                                                 ArrayOf<kMlKemCiphertextSize>(vector.Hex("c")));
    EXPECT_TRUE(SameBytes(shared.Expose(), vector.Hex("K")));
    ++run;
  });
  EXPECT_EQ(run, 3);
}

// What is encrypted again differs from the ciphertext behind a zero byte alone: a comparison that
// ends there would take it.
TEST(MlKem, CctvComparisonBeyondAZeroByte) {
  PAWL_VECTOR_TEXT_OR_SKIP(file, kCctvComparison);
  const SharedSecret shared =
      MlKemDecapsulate(PrivateFrom(CctvValue(file, "dk", MlKemPrivate::kSize)),
                       ArrayOf<kMlKemCiphertextSize>(CctvValue(file, "c", kMlKemCiphertextSize)));
  EXPECT_TRUE(SameBytes(shared.Expose(), CctvValue(file, "K", 32)));
}

class MlKemTest : public ::testing::Test {
 protected:
  test::SeededRng rng_{1};
  const MlKemKeyPair pair_ = MlKemKeyPair::FromSeed(MlKemSeed::Random(rng_));
};

TEST_F(MlKemTest, BothSidesAgreeAndEachTimeOnSomethingElse) {
  PAWL_ASSERT_OK_AND_ASSIGN(const MlKemEncapsulation one, MlKemEncapsulate(pair_.pub, rng_));
  PAWL_ASSERT_OK_AND_ASSIGN(const MlKemEncapsulation two, MlKemEncapsulate(pair_.pub, rng_));
  EXPECT_TRUE(MlKemDecapsulate(pair_.secret, one.ciphertext).Equals(one.shared));
  EXPECT_FALSE(one.shared.Equals(two.shared));
  EXPECT_NE(one.ciphertext, two.ciphertext);
}

TEST_F(MlKemTest, AWrongCiphertextGivesAnUnrelatedSecretAndAlwaysTheSame) {
  PAWL_ASSERT_OK_AND_ASSIGN(MlKemEncapsulation made, MlKemEncapsulate(pair_.pub, rng_));
  made.ciphertext[100] ^= 1;
  const SharedSecret rejected = MlKemDecapsulate(pair_.secret, made.ciphertext);
  EXPECT_FALSE(rejected.Equals(made.shared));
  EXPECT_TRUE(rejected.Equals(MlKemDecapsulate(pair_.secret, made.ciphertext)));
}

TEST_F(MlKemTest, AKeyWithACoefficientBeyondQIsRefused) {
  MlKemPublic bad = pair_.pub;
  bad[0] = bad[1] = bad[2] = 0xff;
  EXPECT_THAT(MlKemEncapsulate(bad, rng_), HasCode(Code::kInvalidKey));
}

TEST_F(MlKemTest, TheCoinHas32Bytes) {
  for (size_t size : {0, 31, 33}) {
    EXPECT_THAT(MlKemEncapsulateDeterministic(pair_.pub, Bytes(size)),
                HasCode(Code::kInvalidArgument));
  }
}

}  // namespace
}  // namespace pawl::crypto
