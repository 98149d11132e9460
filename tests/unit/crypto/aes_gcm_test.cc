#include "crypto/aes_gcm.h"

#include <gmock/gmock.h>

#include "support/hex.h"
#include "support/matchers.h"
#include "support/vectors.h"

namespace pawl::crypto {
namespace {

using test::HasCode;
using test::IsOk;
using test::Json;

// The groups with our one nonce length; the rest must be refused by their sizes.
TEST(AesGcm, Wycheproof) {
  PAWL_VECTORS_OR_SKIP(file, "wycheproof/aes_gcm_test.json");
  int valid = 0, invalid = 0, other_size = 0;
  for (const Json& group : file.List("testGroups")) {
    const bool ours = group.Int("keySize") == 128 && group.Int("ivSize") == 96;
    for (const Json& vector : group.List("tests")) {
      SCOPED_TRACE(vector.Int("tcId"));
      const Bytes key = vector.Hex("key"), nonce = vector.Hex("iv"), ad = vector.Hex("aad");
      const Bytes text = vector.Hex("msg");
      Bytes expected = vector.Hex("ct");
      const Bytes tag = vector.Hex("tag");
      expected.insert(expected.end(), tag.begin(), tag.end());
      Bytes sealed(text.size() + kAes128GcmTagSize), opened(text.size(), 0xee);
      const absl::Status status = Aes128GcmOpen(key, nonce, ad, expected, opened);
      if (!ours) {
        ++other_size;
        EXPECT_THAT(status, HasCode(Code::kInvalidArgument));
        EXPECT_THAT(Aes128GcmSeal(key, nonce, ad, text, sealed), HasCode(Code::kInvalidArgument));
      } else if (vector.Text("result") == "valid") {
        ++valid;
        EXPECT_THAT(status, IsOk());
        EXPECT_EQ(opened, text);
        EXPECT_THAT(Aes128GcmSeal(key, nonce, ad, text, sealed), IsOk());
        EXPECT_EQ(sealed, expected);
      } else {
        ++invalid;
        EXPECT_THAT(status, HasCode(Code::kAuthFailed));
        EXPECT_EQ(opened, Bytes(text.size(), 0));
      }
    }
  }
  EXPECT_EQ(valid, 40);
  EXPECT_EQ(invalid, 27);
  EXPECT_EQ(valid + invalid + other_size, 316);
}

TEST(AesGcm, ASealedTextShorterThanATagIsRefused) {
  const Bytes key(16), nonce(12);
  EXPECT_THAT(Aes128GcmOpen(key, nonce, {}, Bytes(15), {}), HasCode(Code::kInvalidArgument));
  Bytes output(1, 0xee);
  EXPECT_THAT(Aes128GcmOpen(key, nonce, {}, Bytes(16), output), HasCode(Code::kInvalidArgument));
  EXPECT_EQ(output, Bytes(1, 0));
}

}  // namespace
}  // namespace pawl::crypto
