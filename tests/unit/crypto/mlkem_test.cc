#include "crypto/mlkem.h"

#include <gmock/gmock.h>

#include "support/hex.h"
#include "support/matchers.h"
#include "support/seeded_rng.h"
#include "support/vectors.h"

namespace pawl::crypto {
namespace {

using test::ArrayOf;
using test::HasCode;
using test::IsOk;
using test::Json;

MlKemSeed SeedFrom(ByteView bytes) { return MlKemSeed::From(ArrayOf<64>(bytes)); }
MlKemPrivate PrivateFrom(ByteView bytes) { return MlKemPrivate::From(ArrayOf<2400>(bytes)); }

Bytes Concatenated(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

TEST(MlKem, AcvpKeyGeneration) {
  PAWL_VECTORS_OR_SKIP(file, "mlkem-acvp/key-gen.json");
  int run = 0;
  for (const Json& group : file.List("testGroups")) {
    if (group.Text("parameterSet") != "ML-KEM-768") continue;
    for (const Json& vector : group.List("tests")) {
      SCOPED_TRACE(vector.Int("tcId"));
      const auto pair =
          MlKemKeyPair::FromSeed(SeedFrom(Concatenated(vector.Hex("d"), vector.Hex("z"))));
      EXPECT_TRUE(SameBytes(pair.pub, vector.Hex("ek")));
      EXPECT_TRUE(SameBytes(pair.secret.Expose(), vector.Hex("dk")));
      ++run;
    }
  }
  EXPECT_EQ(run, 25);
}

TEST(MlKem, AcvpEncapsulationAndDecapsulation) {
  PAWL_VECTORS_OR_SKIP(file, "mlkem-acvp/encap-decap.json");
  int encapsulations = 0, decapsulations = 0;
  for (const Json& group : file.List("testGroups")) {
    if (group.Text("parameterSet") != "ML-KEM-768") continue;
    const bool encapsulation = group.Text("function") == "encapsulation";
    for (const Json& vector : group.List("tests")) {
      SCOPED_TRACE(vector.Int("tcId"));
      const Bytes expected = vector.Hex("k");
      const auto ciphertext = ArrayOf<kMlKemCiphertextSize>(vector.Hex("c"));
      const Bytes dk = encapsulation ? vector.Hex("dk") : group.Hex("dk");
      EXPECT_TRUE(SameBytes(MlKemDecapsulate(PrivateFrom(dk), ciphertext).Expose(), expected));
      if (!encapsulation) {
        ++decapsulations;
        continue;
      }
      ++encapsulations;
      PAWL_ASSERT_OK_AND_ASSIGN(const MlKemEncapsulation made,
                                MlKemEncapsulateDeterministic(
                                    ArrayOf<kMlKemPublicSize>(vector.Hex("ek")), vector.Hex("m")));
      EXPECT_EQ(made.ciphertext, ciphertext);
      EXPECT_TRUE(SameBytes(made.shared.Expose(), expected));
    }
  }
  EXPECT_EQ(encapsulations, 25);
  EXPECT_EQ(decapsulations, 10);
}

TEST(MlKem, WycheproofKeyGenerationFromSeed) {
  PAWL_VECTORS_OR_SKIP(file, "wycheproof/mlkem_768_keygen_seed_test.json");
  int run = 0;
  for (const Json& group : file.List("testGroups")) {
    for (const Json& vector : group.List("tests")) {
      SCOPED_TRACE(vector.Int("tcId"));
      ASSERT_EQ(vector.Text("result"), "valid");
      const auto pair = MlKemKeyPair::FromSeed(SeedFrom(vector.Hex("seed")));
      EXPECT_TRUE(SameBytes(pair.pub, vector.Hex("ek")));
      EXPECT_TRUE(SameBytes(pair.secret.Expose(), vector.Hex("dk")));
      ++run;
    }
  }
  EXPECT_EQ(run, 100);
}

// Keys of another length cannot be written down as an MlKemPublic; the rest must fail the modulus
// check.
TEST(MlKem, WycheproofEncapsulation) {
  PAWL_VECTORS_OR_SKIP(file, "wycheproof/mlkem_768_encaps_test.json");
  int valid = 0, refused = 0, other_length = 0;
  for (const Json& group : file.List("testGroups")) {
    for (const Json& vector : group.List("tests")) {
      SCOPED_TRACE(vector.Int("tcId"));
      const Bytes key = vector.Hex("ek");
      const bool expected = vector.Text("result") == "valid";
      if (key.size() != kMlKemPublicSize) {
        EXPECT_FALSE(expected);
        ++other_length;
        continue;
      }
      const absl::StatusOr<MlKemEncapsulation> made =
          MlKemEncapsulateDeterministic(ArrayOf<kMlKemPublicSize>(key), vector.Hex("m"));
      if (!expected) {
        EXPECT_THAT(made, HasCode(Code::kInvalidKey));
        ++refused;
        continue;
      }
      ASSERT_THAT(made, IsOk());
      EXPECT_TRUE(SameBytes(made->ciphertext, vector.Hex("c")));
      EXPECT_TRUE(SameBytes(made->shared.Expose(), vector.Hex("K")));
      ++valid;
    }
  }
  EXPECT_EQ(valid + refused + other_length, 265);
  EXPECT_GT(valid, 0);
  EXPECT_GT(refused, 100);
}

// Includes implicit rejection, and the values that a comparison of only a prefix would let pass.
TEST(MlKem, WycheproofDecapsulation) {
  PAWL_VECTORS_OR_SKIP(file, "wycheproof/mlkem_768_test.json");
  int run = 0, other_length = 0;
  for (const Json& group : file.List("testGroups")) {
    for (const Json& vector : group.List("tests")) {
      SCOPED_TRACE(vector.Int("tcId"));
      const Bytes seed = vector.Hex("seed"), ciphertext = vector.Hex("c");
      if (seed.size() != MlKemSeed::kSize || ciphertext.size() != kMlKemCiphertextSize) {
        EXPECT_EQ(vector.Text("result"), "invalid");
        ++other_length;
        continue;
      }
      const auto pair = MlKemKeyPair::FromSeed(SeedFrom(seed));
      EXPECT_TRUE(SameBytes(pair.pub, vector.Hex("ek")));
      const SharedSecret shared =
          MlKemDecapsulate(pair.secret, ArrayOf<kMlKemCiphertextSize>(ciphertext));
      EXPECT_EQ(SameBytes(shared.Expose(), vector.Hex("K")), vector.Text("result") == "valid");
      ++run;
    }
  }
  EXPECT_EQ(run + other_length, 193);
  EXPECT_GT(run, 150);
}

// We store and transport seeds, never an expanded key, so a key that contradicts itself cannot come
// in; its decapsulations are compared all the same where the lengths are right.
TEST(MlKem, WycheproofExpandedKeys) {
  PAWL_VECTORS_OR_SKIP(file, "wycheproof/mlkem_768_semi_expanded_decaps_test.json");
  int run = 0;
  for (const Json& group : file.List("testGroups")) {
    for (const Json& vector : group.List("tests")) {
      SCOPED_TRACE(vector.Int("tcId"));
      if (vector.Text("result") != "valid") continue;
      const SharedSecret shared = MlKemDecapsulate(PrivateFrom(vector.Hex("dk")),
                                                   ArrayOf<kMlKemCiphertextSize>(vector.Hex("c")));
      EXPECT_TRUE(SameBytes(shared.Expose(), vector.Hex("K")));
      ++run;
    }
  }
  EXPECT_EQ(run, 3);
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
