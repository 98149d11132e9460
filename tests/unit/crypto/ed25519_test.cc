#include "crypto/ed25519.h"

#include <gmock/gmock.h>

#include "support/flip.h"
#include "support/hex.h"
#include "support/matchers.h"
#include "support/seeded_rng.h"
#include "support/vectors.h"

namespace pawl::crypto {
namespace {

using test::ArrayFromHex;
using test::ArrayOf;
using test::HasCode;
using test::IsOk;
using test::Json;

TEST(Ed25519, Wycheproof) {
  PAWL_VECTORS_OR_SKIP(file, "wycheproof/ed25519_test.json");
  int valid = 0, invalid = 0;
  for (const Json& group : file.List("testGroups")) {
    const Ed25519Public key = ArrayOf<32>(group.Get("publicKey").Hex("pk"));
    for (const Json& vector : group.List("tests")) {
      SCOPED_TRACE(vector.Int("tcId"));
      const absl::Status status = VerifyRaw(key, vector.Hex("msg"), vector.Hex("sig"));
      if (vector.Text("result") == "valid") {
        ++valid;
        EXPECT_THAT(status, IsOk());
      } else {
        ++invalid;
        EXPECT_THAT(status, HasCode(Code::kAuthFailed));
      }
    }
  }
  EXPECT_EQ(valid, 88);
  EXPECT_EQ(invalid, 63);
}

// RFC 8032 §7.1, test 2.
TEST(Ed25519, SignsAsRfc8032Does) {
  const auto seed = Ed25519Seed::From(
      ArrayFromHex<32>("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
  EXPECT_EQ(test::ToHex(SignRaw(seed, Bytes{0x72})),
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
  EXPECT_EQ(test::ToHex(Ed25519KeyPair::FromSeed(seed.Clone()).pub()),
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
}

class Ed25519Test : public ::testing::Test {
 protected:
  test::SeededRng rng_{1};
  const Ed25519KeyPair pair_ = Ed25519KeyPair::Generate(rng_);
  const Bytes message_ = {1, 2, 3};
};

TEST_F(Ed25519Test, VerifiesWhatItSigned) {
  const Ed25519Signature signature = pair_.Sign("bundle", message_);
  EXPECT_THAT(Verify(pair_.pub(), "bundle", message_, signature), IsOk());
  EXPECT_EQ(pair_.Clone().Sign("bundle", message_), signature);
}

TEST_F(Ed25519Test, ASignatureForOnePurposeIsNoneForAnother) {
  const Ed25519Signature signature = pair_.Sign("bundle", message_);
  EXPECT_THAT(Verify(pair_.pub(), "list", message_, signature), HasCode(Code::kAuthFailed));
  EXPECT_THAT(Verify(pair_.pub(), "", message_, signature), HasCode(Code::kAuthFailed));
  EXPECT_THAT(VerifyRaw(pair_.pub(), message_, signature), HasCode(Code::kAuthFailed));
  // The border between label and message cannot be moved.
  EXPECT_THAT(Verify(pair_.pub(), "ab", ByteView(AsBytes("c")), pair_.Sign("a", AsBytes("bc"))),
              HasCode(Code::kAuthFailed));
}

TEST_F(Ed25519Test, TheSignedBytesAreLengthLabelMessage) {
  const Bytes signed_bytes = {2, 'o', 'k', 1, 2, 3};
  EXPECT_EQ(pair_.Sign("ok", message_), SignRaw(pair_.seed(), signed_bytes));
}

TEST_F(Ed25519Test, AnyDamageFails) {
  const Ed25519Signature signature = pair_.Sign("bundle", message_);
  test::ForEachBitFlip(signature, [&](const Bytes& bad) {
    EXPECT_THAT(Verify(pair_.pub(), "bundle", message_, ArrayOf<64>(bad)),
                HasCode(Code::kAuthFailed));
  });
  test::ForEachDamage(message_, [&](const Bytes& bad) {
    EXPECT_THAT(Verify(pair_.pub(), "bundle", bad, signature), HasCode(Code::kAuthFailed));
  });
  test::ForEachBitFlip(pair_.pub(), [&](const Bytes& bad) {
    EXPECT_THAT(Verify(ArrayOf<32>(bad), "bundle", message_, signature),
                HasCode(Code::kAuthFailed));
  });
  const Bytes raw = ToBytes(SignRaw(pair_.seed(), message_));
  test::ForEachTruncation(raw, [&](const Bytes& bad) {
    EXPECT_THAT(VerifyRaw(pair_.pub(), message_, bad), HasCode(Code::kAuthFailed));
  });
}

TEST_F(Ed25519Test, AKeyOfSmallOrderVerifiesNothing) {
  Ed25519Public identity{};  // the neutral element: any message verifies under S = 0, R = identity
  identity[0] = 1;
  Ed25519Signature signature{};
  signature[0] = 1;
  EXPECT_THAT(Verify(identity, "bundle", message_, signature), HasCode(Code::kAuthFailed));
}

TEST_F(Ed25519Test, ALabelThatDoesNotFitItsLengthSignsNothing) {
  const std::string label(256, 'x');
  const Ed25519Signature signature = pair_.Sign(label, message_);
  EXPECT_EQ(signature, Ed25519Signature{});
  EXPECT_THAT(Verify(pair_.pub(), label, message_, signature), HasCode(Code::kAuthFailed));
}

}  // namespace
}  // namespace pawl::crypto
