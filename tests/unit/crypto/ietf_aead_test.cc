#include "crypto/ietf_aead.h"

#include <gmock/gmock.h>

#include "support/flip.h"
#include "support/hex.h"
#include "support/matchers.h"
#include "support/vectors.h"

namespace pawl::crypto {
namespace {

using test::HasCode;
using test::IsOk;
using test::Json;

TEST(IetfAead, WycheproofChaCha20Poly1305) {
  PAWL_VECTORS_OR_SKIP(file, "wycheproof/chacha20_poly1305_test.json");
  constexpr IetfAead kAead = IetfAead::kChaCha20Poly1305;
  int valid = 0, invalid = 0;
  for (const Json& group : file.List("testGroups")) {
    for (const Json& vector : group.List("tests")) {
      SCOPED_TRACE(vector.Int("tcId"));
      const Bytes key = vector.Hex("key"), nonce = vector.Hex("iv"), ad = vector.Hex("aad");
      const Bytes text = vector.Hex("msg"), tag = vector.Hex("tag");
      Bytes expected = vector.Hex("ct");
      expected.insert(expected.end(), tag.begin(), tag.end());
      Bytes sealed(text.size() + kIetfTagSize), opened(text.size(), 0xee);
      const absl::Status status = IetfOpen(kAead, key, nonce, ad, expected, opened);
      if (vector.Text("result") == "valid") {
        ++valid;
        EXPECT_THAT(status, IsOk());
        EXPECT_EQ(opened, text);
        EXPECT_THAT(IetfSeal(kAead, key, nonce, ad, text, sealed), IsOk());
        EXPECT_EQ(sealed, expected);
      } else {
        ++invalid;
        EXPECT_THAT(status, HasCode(nonce.size() == kIetfNonceSize ? Code::kAuthFailed
                                                                   : Code::kInvalidArgument));
        EXPECT_EQ(opened, Bytes(text.size(), 0));
      }
    }
  }
  EXPECT_EQ(valid + invalid, 325);
  EXPECT_GT(invalid, 50);
}

class IetfAeadTest : public ::testing::TestWithParam<IetfAead> {
 protected:
  const Bytes key_ = Bytes(KeySize(GetParam()), 1);
  const Bytes nonce_ = Bytes(kIetfNonceSize, 2);
  const Bytes ad_ = {3};
  const Bytes text_ = {4, 5, 6};
};

INSTANTIATE_TEST_SUITE_P(Both, IetfAeadTest,
                         ::testing::Values(IetfAead::kAes128Gcm, IetfAead::kChaCha20Poly1305));

TEST_P(IetfAeadTest, OpensOnlyWhatItSealed) {
  Bytes sealed(text_.size() + kIetfTagSize), opened(text_.size());
  ASSERT_THAT(IetfSeal(GetParam(), key_, nonce_, ad_, text_, sealed), IsOk());
  EXPECT_THAT(IetfOpen(GetParam(), key_, nonce_, ad_, sealed, opened), IsOk());
  EXPECT_EQ(opened, text_);
  test::ForEachBitFlip(sealed, [&](const Bytes& bad) {
    opened.assign(text_.size(), 0xee);
    EXPECT_THAT(IetfOpen(GetParam(), key_, nonce_, ad_, bad, opened), HasCode(Code::kAuthFailed));
    EXPECT_EQ(opened, Bytes(text_.size(), 0));
  });
  test::ForEachDamage(ad_, [&](const Bytes& bad) {
    EXPECT_THAT(IetfOpen(GetParam(), key_, nonce_, bad, sealed, opened),
                HasCode(Code::kAuthFailed));
  });
}

TEST_P(IetfAeadTest, WrongSizesAreTypedErrors) {
  Bytes sealed(text_.size() + kIetfTagSize), opened(text_.size());
  const Bytes long_key(KeySize(GetParam()) + 1), short_nonce(kIetfNonceSize - 1);
  EXPECT_THAT(IetfSeal(GetParam(), long_key, nonce_, ad_, text_, sealed),
              HasCode(Code::kInvalidArgument));
  EXPECT_THAT(IetfSeal(GetParam(), key_, short_nonce, ad_, text_, sealed),
              HasCode(Code::kInvalidArgument));
  Bytes short_output(text_.size());
  EXPECT_THAT(IetfSeal(GetParam(), key_, nonce_, ad_, text_, short_output),
              HasCode(Code::kInvalidArgument));
  EXPECT_THAT(IetfOpen(GetParam(), key_, nonce_, ad_, Bytes(3), opened),
              HasCode(Code::kInvalidArgument));
}

TEST(IetfAead, AnUnknownIdIsUnsupported) {
  Bytes sealed(16);
  EXPECT_THAT(IetfSeal(IetfAead{2}, {}, {}, {}, {}, sealed), HasCode(Code::kUnsupported));
  EXPECT_THAT(IetfOpen(IetfAead{2}, {}, {}, {}, sealed, {}), HasCode(Code::kUnsupported));
}

}  // namespace
}  // namespace pawl::crypto
