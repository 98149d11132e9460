#include "crypto/voprf.h"

#include <gmock/gmock.h>

#include "support/flip.h"
#include "support/hex.h"
#include "support/matchers.h"
#include "support/seeded_rng.h"

namespace pawl::crypto {
namespace {

using test::ArrayFromHex;
using test::FromHex;
using test::HasCode;
using test::IsOk;
using test::ScriptedRng;
using test::ToHex;

// RFC 9497, Appendix A.1.2: ristretto255-SHA512, VOPRF mode.
constexpr char kSeed[] = "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3";
constexpr char kKeyInfo[] = "74657374206b6579";
constexpr char kPublic[] = "c803e2cc6b05fc15064549b5920659ca4a77b2cca6f04f6b357009335476ad4e";
constexpr char kBlind1[] = "64d37aed22a27f5191de1c1d69fadb899d8862b58eb4220029e036ec4c1f6706";
constexpr char kBlind2[] = "222a5e897cf59db8145db8d16e597e8facb80ae7d4e26d9881aa6f61d645fc0e";
constexpr char kOutput1[] =
    "b58cfbe118e0cb94d79b5fd6a6dafb98764dff49c14e1770b566e42402da1a7d"
    "a4d8527693914139caee5bd03903af43a491351d23b430948dd50cde10d32b3c";
constexpr char kOutput2[] =
    "8a9a2f3c7f085b65933594309041fc1898d42d0858e59f90814ae90571a6df60"
    "356f4610bf816f27afdd84f47719e480906d27ecd994985890e5f539e7ea74b6";

struct Item {
  std::string input, blind, blinded, evaluated, output;
};
struct Vector {
  std::vector<Item> items;
  std::string proof_random, proof;
};

std::vector<Vector> Vectors() {
  const std::string long_input = "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a";
  const Item first{"00", kBlind1,
                   "863f330cc1a1259ed5a5998a23acfd37fb4351a793a5b3c090b642ddc439b945",
                   "aa8fa048764d5623868679402ff6108d2521884fa138cd7f9c7669a9a014267e", kOutput1};
  const Item second{long_input, kBlind1,
                    "cc0b2a350101881d8a4cba4c80241d74fb7dcbfde4a61fde2f91443c2bf9ef0c",
                    "60a59a57208d48aca71e9e850d22674b611f752bed48b36f7a91b372bd7ad468", kOutput2};
  const Item third{long_input, kBlind2,
                   "90a0145ea9da29254c3a56be4fe185465ebb3bf2a1801f7124bbbadac751e654",
                   "cc5ac221950a49ceaa73c8db41b82c20372a4c8d63e5dded2db920b7eee36a2a", kOutput2};
  return {{{first},
           kBlind2,
           "ddef93772692e535d1a53903db24367355cc2cc78de93b3be5a8ffcc6985dd06"
           "6d4346421d17bf5117a2a1ff0fcb2a759f58a539dfbe857a40bce4cf49ec600d"},
          {{second},
           kBlind2,
           "401a0da6264f8cf45bb2f5264bc31e109155600babb3cd4e5af7d181a2c9dc0a"
           "67154fabf031fd936051dec80b0b6ae29c9503493dde7393b722eafdf5a50b02"},
          {{first, third},
           "419c4f4f5052c53c45f3da494d2b67b220d02118e0857cdbcf037f9ea84bbe0c",
           "cc203910175d786927eeb44ea847328047892ddf8590e723c37205cb74600b0a"
           "5ab5337c8eb4ceae0494c2cf89529dcf94572ed267473d567aeed6ab873dee08"}};
}

VoprfKey Key() {
  auto key = VoprfKey::Derive(FromHex(kSeed), FromHex(kKeyInfo));
  EXPECT_THAT(key, IsOk());
  return *std::move(key);
}

// Gives a wanted scalar to whoever draws one: it is smaller than the order, so reducing 64 bytes
// leaves it as it is.
ScriptedRng Draws(const std::string& scalar) {
  return ScriptedRng(FromHex(scalar + std::string(64, '0')));
}

TEST(Voprf, TheKeyIsTheRfcs) { EXPECT_EQ(ToHex(Key().public_key()), kPublic); }

TEST(Voprf, RfcVectors) {
  const VoprfKey key = Key();
  for (const Vector& vector : Vectors()) {
    std::vector<VoprfElement> blinded, evaluated;
    std::vector<VoprfBlinded> kept;
    for (const Item& item : vector.items) {
      ScriptedRng rng = Draws(item.blind);
      PAWL_ASSERT_OK_AND_ASSIGN(VoprfBlinded made, VoprfBlind(FromHex(item.input), rng));
      EXPECT_EQ(ToHex(made.element), item.blinded);
      blinded.push_back(made.element);
      kept.push_back(std::move(made));
    }
    ScriptedRng rng = Draws(vector.proof_random);
    PAWL_ASSERT_OK_AND_ASSIGN(const VoprfEvaluation made, key.Evaluate(blinded, rng));
    EXPECT_EQ(ToHex(made.proof), vector.proof);
    EXPECT_THAT(VoprfVerify(key.public_key(), blinded, made.elements, made.proof), IsOk());
    for (size_t i = 0; i < vector.items.size(); ++i) {
      const Item& item = vector.items[i];
      EXPECT_EQ(ToHex(made.elements[i]), item.evaluated);
      PAWL_ASSERT_OK_AND_ASSIGN(
          const VoprfOutput output,
          VoprfFinalize(FromHex(item.input), kept[i].blind, made.elements[i]));
      EXPECT_EQ(ToHex(output.Expose()), item.output);
      PAWL_ASSERT_OK_AND_ASSIGN(const VoprfOutput direct, key.Output(FromHex(item.input)));
      EXPECT_TRUE(direct.Equals(output));
    }
  }
}

class VoprfTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (uint8_t i = 0; i < 5; ++i) {
      PAWL_ASSERT_OK_AND_ASSIGN(const VoprfBlinded made, VoprfBlind(Bytes{i}, rng_));
      blinded_.push_back(made.element);
    }
    PAWL_ASSERT_OK_AND_ASSIGN(evaluation_, key_.Evaluate(blinded_, rng_));
  }
  absl::Status Verify() const {
    return VoprfVerify(key_.public_key(), blinded_, evaluation_.elements, evaluation_.proof);
  }

  test::SeededRng rng_{3};
  const VoprfKey key_ = Key();
  std::vector<VoprfElement> blinded_;
  VoprfEvaluation evaluation_;
};

TEST_F(VoprfTest, OneElementUnderAnotherKeyBreaksTheProofOfAll) {
  ASSERT_THAT(Verify(), IsOk());
  PAWL_ASSERT_OK_AND_ASSIGN(const VoprfKey other, VoprfKey::Derive(Bytes(32, 1), {}));
  PAWL_ASSERT_OK_AND_ASSIGN(const VoprfEvaluation tagged,
                            other.Evaluate(std::span(blinded_).subspan(3, 1), rng_));
  evaluation_.elements[3] = tagged.elements[0];
  EXPECT_THAT(Verify(), HasCode(Code::kAuthFailed));
}

TEST_F(VoprfTest, AProofUnderAKeyOfOnesOwnIsNone) {
  PAWL_ASSERT_OK_AND_ASSIGN(const VoprfKey other, VoprfKey::Derive(Bytes(32, 1), {}));
  PAWL_ASSERT_OK_AND_ASSIGN(evaluation_, other.Evaluate(blinded_, rng_));
  EXPECT_THAT(Verify(), HasCode(Code::kAuthFailed));
}

TEST_F(VoprfTest, NoBitOfTheProofMayDiffer) {
  for (size_t at = 0; at < evaluation_.proof.size(); ++at) {
    VoprfProof proof = evaluation_.proof;
    proof[at] ^= 1;
    EXPECT_FALSE(VoprfVerify(key_.public_key(), blinded_, evaluation_.elements, proof).ok());
  }
}

TEST_F(VoprfTest, ElementsInAnotherOrderAreNotTheOnesProven) {
  std::swap(evaluation_.elements[0], evaluation_.elements[1]);
  EXPECT_THAT(Verify(), HasCode(Code::kAuthFailed));
}

TEST_F(VoprfTest, TheIdentityAndWhatIsNoPointAreRefused) {
  for (const VoprfElement& bad : {VoprfElement{}, VoprfElement{0xff}, VoprfElement{1}}) {
    auto blinded = blinded_;
    blinded[2] = bad;
    EXPECT_THAT(key_.Evaluate(blinded, rng_), HasCode(Code::kMalformed));
    EXPECT_THAT(VoprfVerify(key_.public_key(), blinded, evaluation_.elements, evaluation_.proof),
                HasCode(Code::kMalformed));
    auto evaluated = evaluation_.elements;
    evaluated[2] = bad;
    EXPECT_THAT(VoprfVerify(key_.public_key(), blinded_, evaluated, evaluation_.proof),
                HasCode(Code::kMalformed));
    EXPECT_THAT(VoprfFinalize(Bytes{1}, VoprfScalar::Random(rng_), bad), HasCode(Code::kMalformed));
    EXPECT_THAT(VoprfVerify(bad, blinded_, evaluation_.elements, evaluation_.proof),
                HasCode(Code::kMalformed));
  }
}

TEST_F(VoprfTest, AScalarOfTheProofHasOneEncoding) {
  // The order of the group, which is another 0.
  const auto order =
      ArrayFromHex<32>("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  std::copy(order.begin(), order.end(), evaluation_.proof.begin() + 32);
  EXPECT_THAT(Verify(), HasCode(Code::kMalformed));
}

TEST_F(VoprfTest, AnEmptyOrUnevenBatchIsNone) {
  EXPECT_THAT(key_.Evaluate({}, rng_), HasCode(Code::kMalformed));
  EXPECT_THAT(VoprfVerify(key_.public_key(), {}, {}, evaluation_.proof), HasCode(Code::kMalformed));
  evaluation_.elements.pop_back();
  EXPECT_THAT(Verify(), HasCode(Code::kMalformed));
}

TEST_F(VoprfTest, AnElementSaysNothingOfTheInput) {
  PAWL_ASSERT_OK_AND_ASSIGN(const VoprfBlinded once, VoprfBlind(Bytes{7}, rng_));
  PAWL_ASSERT_OK_AND_ASSIGN(const VoprfBlinded again, VoprfBlind(Bytes{7}, rng_));
  EXPECT_NE(once.element, again.element);
}

}  // namespace
}  // namespace pawl::crypto
