#ifndef PAWL_TESTS_UNIT_CRYPTO_MLKEM_VECTORS_H_
#define PAWL_TESTS_UNIT_CRYPTO_MLKEM_VECTORS_H_

#include <gtest/gtest.h>

#include "crypto/mlkem.h"
#include "support/hex.h"
#include "support/matchers.h"
#include "support/vectors.h"

namespace pawl::crypto {

constexpr const char* kAcvpKeyGeneration = "mlkem-acvp/key-gen.json";
constexpr const char* kAcvpEncapsulation = "mlkem-acvp/encap-decap.json";
constexpr const char* kWycheproofEncapsulation = "wycheproof/mlkem_768_encaps_test.json";

// Calls check(group, vector) for every vector of an ACVP file that is one of ML-KEM-768.
template <typename Check>
void ForEachAcvpVector(const test::Json& file, const Check& check) {
  for (const test::Json& group : file.List("testGroups")) {
    if (group.Text("parameterSet") != "ML-KEM-768") continue;
    for (const test::Json& vector : group.List("tests")) {
      SCOPED_TRACE(vector.Int("tcId"));
      check(group, vector);
    }
  }
}

// Calls check(vector) for every vector of a Wycheproof file.
template <typename Check>
void ForEachWycheproofVector(const test::Json& file, const Check& check) {
  for (const test::Json& group : file.List("testGroups")) {
    for (const test::Json& vector : group.List("tests")) {
      SCOPED_TRACE(vector.Int("tcId"));
      check(vector);
    }
  }
}

// NIST's encapsulations by encapsulate(public key, m), which gives
// absl::StatusOr<MlKemEncapsulation>.
template <typename Encapsulate>
void ExpectAcvpEncapsulations(const test::Json& file, const Encapsulate& encapsulate) {
  int run = 0;
  ForEachAcvpVector(file, [&](const test::Json& group, const test::Json& vector) {
    if (group.Text("function") != "encapsulation") return;
    const auto key = test::ArrayOf<kMlKemPublicSize>(vector.Hex("ek"));
    PAWL_ASSERT_OK_AND_ASSIGN(const MlKemEncapsulation made, encapsulate(key, vector.Hex("m")));
    EXPECT_TRUE(SameBytes(made.ciphertext, vector.Hex("c")));
    EXPECT_TRUE(SameBytes(made.shared.Expose(), vector.Hex("k")));
    ++run;
  });
  EXPECT_EQ(run, 25);
}

// Wycheproof's. Keys of another length cannot be written down as an MlKemPublic; the rest that are
// not valid must fail the modulus check.
template <typename Encapsulate>
void ExpectWycheproofEncapsulations(const test::Json& file, const Encapsulate& encapsulate) {
  int valid = 0, refused = 0, other_length = 0;
  ForEachWycheproofVector(file, [&](const test::Json& vector) {
    const Bytes key = vector.Hex("ek");
    const bool is_valid = vector.Text("result") == "valid";
    if (key.size() != kMlKemPublicSize) {
      EXPECT_FALSE(is_valid);
      ++other_length;
      return;
    }
    const absl::StatusOr<MlKemEncapsulation> made =
        encapsulate(test::ArrayOf<kMlKemPublicSize>(key), vector.Hex("m"));
    if (!is_valid) {
      EXPECT_THAT(made, test::HasCode(Code::kInvalidKey));
      ++refused;
      return;
    }
    ASSERT_THAT(made, test::IsOk());
    EXPECT_TRUE(SameBytes(made->ciphertext, vector.Hex("c")));
    EXPECT_TRUE(SameBytes(made->shared.Expose(), vector.Hex("K")));
    ++valid;
  });
  EXPECT_EQ(valid, 133);
  EXPECT_EQ(refused, 112);
  EXPECT_EQ(other_length, 20);
}

}  // namespace pawl::crypto

#endif  // PAWL_TESTS_UNIT_CRYPTO_MLKEM_VECTORS_H_
