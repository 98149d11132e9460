#include "crypto/hpke_labeled.h"

#include <gmock/gmock.h>

#include "support/hex.h"
#include "support/matchers.h"

namespace pawl::crypto {
namespace {

using test::HasCode;
using test::IsOk;

const Bytes kSuite = {'K', 'E', 'M', 0, 32};

Bytes Joined(std::initializer_list<ByteView> parts) {
  Bytes joined;
  for (ByteView part : parts) joined.insert(joined.end(), part.begin(), part.end());
  return joined;
}

// The concatenations of RFC 9180 §4, written out.
TEST(HpkeLabeled, ExtractPrefixesVersionSuiteAndLabel) {
  const Bytes salt = {1}, ikm = {2, 3};
  EXPECT_TRUE(LabeledExtract(kSuite, salt, "label", ikm)
                  .Equals(HkdfSha256Extract(
                      salt, Joined({AsBytes("HPKE-v1"), kSuite, AsBytes("label"), ikm}))));
}

TEST(HpkeLabeled, ExpandPrefixesLengthVersionSuiteAndLabel) {
  const Prk256 prk = HkdfSha256Extract({}, ByteView());
  const Bytes length = {1, 0}, first = {4}, second = {5, 6};
  Bytes out(256), expected(256);
  EXPECT_THAT(LabeledExpand(kSuite, prk, "label", {first, second}, out), IsOk());
  EXPECT_THAT(
      HkdfSha256Expand(
          prk, Joined({length, AsBytes("HPKE-v1"), kSuite, AsBytes("label"), first, second}),
          expected),
      IsOk());
  EXPECT_EQ(out, expected);
  Bytes too_long(255 * 32 + 1);
  EXPECT_THAT(LabeledExpand(kSuite, prk, "label", {}, too_long), HasCode(Code::kInvalidArgument));
}

TEST(HpkeLabeled, DeriveDependsOnEachInput) {
  Bytes out(32), other(32);
  LabeledDeriveShake256(kSuite, "label", Bytes{1}, out);
  LabeledDeriveShake256(kSuite, "label", Bytes{2}, other);
  EXPECT_NE(out, other);
  LabeledDeriveShake256(kSuite, "lab", Bytes{1}, other);
  EXPECT_NE(out, other);
  Bytes longer(33);
  LabeledDeriveShake256(kSuite, "label", Bytes{1}, longer);
  longer.pop_back();
  EXPECT_NE(out, longer);
}

}  // namespace
}  // namespace pawl::crypto
