#include "ratchet/body.h"

#include <gtest/gtest.h>

#include "support/flip.h"
#include "support/matchers.h"
#include "support/seeded_rng.h"

namespace pawl::ratchet {
namespace {

using crypto::Suite;
using test::HasCode;

class BodyTest : public testing::TestWithParam<Suite> {
 protected:
  Bytes Seal(ByteView content, size_t frame_size) {
    Bytes frame(frame_size);
    SealBody(GetParam(), keys_, ad_, content, frame);
    return frame;
  }
  // Seals a text of our choice, with whatever length and padding stands in it.
  Bytes SealRaw(Bytes text) {
    const size_t size = text.size();
    text.resize(size + crypto::TagSize(GetParam()));
    const ByteView nonce = ByteView(keys_.nonce).first(crypto::NonceSize(GetParam()));
    crypto::SealInPlace(GetParam(), keys_.key, nonce, ad_, MutableByteView(text).first(size),
                        MutableByteView(text).subspan(size));
    return text;
  }

  test::SeededRng rng_{1};
  BodyKeys keys_{crypto::AeadKey::Random(rng_), rng_.Array<32>()};
  Bytes ad_ = ToBytes(AsBytes("associated"));
  Bytes content_ = ToBytes(AsBytes("the content"));
  size_t least_ = 11 + kLengthSize + crypto::TagSize(GetParam());
};

TEST_P(BodyTest, OpensToTheContentWhateverThePadding) {
  for (size_t padding : {0, 1, 100}) {
    PAWL_ASSERT_OK_AND_ASSIGN(const crypto::SecretBytes opened,
                              OpenBody(GetParam(), keys_, ad_, Seal(content_, least_ + padding)));
    EXPECT_EQ(ToBytes(opened.Expose()), content_);
  }
}

TEST_P(BodyTest, EmptyContentIsContent) {
  PAWL_ASSERT_OK_AND_ASSIGN(const crypto::SecretBytes opened,
                            OpenBody(GetParam(), keys_, ad_, Seal({}, least_)));
  EXPECT_TRUE(opened.empty());
}

TEST_P(BodyTest, DoesNotSurviveAnyDamage) {
  const auto refused = [&](ByteView damaged) {
    EXPECT_FALSE(OpenBody(GetParam(), keys_, ad_, damaged).ok());
  };
  test::ForEachDamage(Seal(content_, least_ + 7), refused);
}

TEST_P(BodyTest, IsBoundToItsAssociatedData) {
  EXPECT_THAT(OpenBody(GetParam(), keys_, {}, Seal(content_, least_)), HasCode(Code::kAuthFailed));
}

TEST_P(BodyTest, AuthenticLengthBeyondTheBodyIsRefused) {
  EXPECT_THAT(OpenBody(GetParam(), keys_, ad_, SealRaw({'a', 0, 0, 0, 2})),
              HasCode(Code::kMalformed));
  EXPECT_THAT(OpenBody(GetParam(), keys_, ad_, SealRaw({'a', 0xFF, 0xFF, 0xFF, 0xFF})),
              HasCode(Code::kMalformed));
}

TEST_P(BodyTest, AuthenticPaddingOtherThanZeroIsRefused) {
  EXPECT_THAT(OpenBody(GetParam(), keys_, ad_, SealRaw({'a', 1, 0, 0, 0, 1})),
              HasCode(Code::kMalformed));
}

INSTANTIATE_TEST_SUITE_P(Suites, BodyTest,
                         testing::Values(Suite::kXChaCha20Poly1305, Suite::kAegis256));

}  // namespace
}  // namespace pawl::ratchet
