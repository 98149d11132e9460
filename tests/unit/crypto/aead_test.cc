#include "crypto/aead.h"

#include <gmock/gmock.h>

#include "crypto/init.h"
#include "support/counting_allocator.h"
#include "support/flip.h"
#include "support/hex.h"
#include "support/matchers.h"
#include "support/replace_operator_new.h"
#include "support/seeded_rng.h"
#include "support/vectors.h"

namespace pawl::crypto {
namespace {

using test::HasCode;
using test::IsOk;
using test::Json;

AeadKey KeyFrom(ByteView bytes) { return AeadKey::From(test::ArrayOf<32>(bytes)); }

struct Sealed {
  Bytes text;
  Bytes tag;
};

Sealed Seal(Suite suite, const AeadKey& key, ByteView nonce, ByteView ad, ByteView plaintext) {
  Sealed sealed{ToBytes(plaintext), Bytes(TagSize(suite))};
  SealInPlace(suite, key, nonce, ad, sealed.text, sealed.tag);
  return sealed;
}

// Wycheproof's XChaCha20-Poly1305: both ways, and what it calls invalid must not open.
TEST(Aead, WycheproofXChaCha20Poly1305) {
  PAWL_VECTORS_OR_SKIP(file, "wycheproof/xchacha20_poly1305_test.json");
  int valid = 0, invalid = 0;
  for (const Json& group : file.List("testGroups")) {
    for (const Json& vector : group.List("tests")) {
      SCOPED_TRACE(vector.Int("tcId"));
      const AeadKey key = KeyFrom(vector.Hex("key"));
      const Bytes nonce = vector.Hex("iv"), ad = vector.Hex("aad"), text = vector.Hex("msg");
      const Bytes ciphertext = vector.Hex("ct"), tag = vector.Hex("tag");
      Bytes opened(ciphertext.size());
      const absl::Status status =
          Open(Suite::kXChaCha20Poly1305, key, nonce, ad, ciphertext, tag, opened);
      if (vector.Text("result") == "valid") {
        ++valid;
        EXPECT_THAT(status, IsOk());
        EXPECT_EQ(opened, text);
        const Sealed sealed = Seal(Suite::kXChaCha20Poly1305, key, nonce, ad, text);
        EXPECT_EQ(sealed.text, ciphertext);
        EXPECT_EQ(sealed.tag, tag);
      } else {
        ++invalid;
        EXPECT_THAT(status, HasCode(Code::kAuthFailed));
      }
    }
  }
  EXPECT_EQ(valid, 246);
  EXPECT_EQ(invalid, 69);
}

// Wycheproof's AEGIS-256 vectors have the 128-bit tag, ours the 256-bit one of which it is the two
// halves added (draft-irtf-cfrg-aegis-aead, Finalize): that is compared. Their ciphertexts are
// opened with the 256-bit tag that sealing their plaintext gives.
Bytes Folded(const Bytes& tag) {
  Bytes folded(tag.begin(), tag.begin() + 16);
  for (size_t i = 0; i < folded.size(); ++i) folded[i] ^= tag[16 + i];
  return folded;
}

TEST(Aead, WycheproofAegis256) {
  PAWL_VECTORS_OR_SKIP(file, "wycheproof/aegis256_test.json");
  int valid = 0, invalid = 0;
  for (const Json& group : file.List("testGroups")) {
    for (const Json& vector : group.List("tests")) {
      SCOPED_TRACE(vector.Int("tcId"));
      const AeadKey key = KeyFrom(vector.Hex("key"));
      const Bytes nonce = vector.Hex("iv"), ad = vector.Hex("aad"), text = vector.Hex("msg");
      const Bytes ciphertext = vector.Hex("ct"), tag = vector.Hex("tag");
      const Sealed sealed = Seal(Suite::kAegis256, key, nonce, ad, text);
      if (vector.Text("result") == "valid") {
        ++valid;
        EXPECT_EQ(sealed.text, ciphertext);
        EXPECT_EQ(Folded(sealed.tag), tag);
        Bytes opened(ciphertext.size());
        EXPECT_THAT(Open(Suite::kAegis256, key, nonce, ad, ciphertext, sealed.tag, opened), IsOk());
        EXPECT_EQ(opened, text);
      } else {
        ++invalid;
        EXPECT_FALSE(sealed.text == ciphertext && Folded(sealed.tag) == tag);
      }
    }
  }
  EXPECT_EQ(valid, 360);
  EXPECT_EQ(invalid, 112);
}

class AeadTest : public ::testing::TestWithParam<Suite> {
 protected:
  AeadTest() : key_(AeadKey::Random(rng_)), nonce_(NonceSize(suite())) { rng_.Fill(nonce_); }
  static Suite suite() { return GetParam(); }

  test::SeededRng rng_{1};
  AeadKey key_;
  Bytes nonce_;
  const Bytes ad_ = {1, 2, 3};
  const Bytes plaintext_ = ToBytes(AsBytes("two people talk"));
};

INSTANTIATE_TEST_SUITE_P(Suites, AeadTest,
                         ::testing::Values(Suite::kXChaCha20Poly1305, Suite::kAegis256),
                         [](const auto& suite) {
                           return suite.param == Suite::kAegis256 ? "Aegis256" : "XChaCha";
                         });

TEST_P(AeadTest, OpensWhatItSealedAlsoInPlace) {
  const Sealed sealed = Seal(suite(), key_, nonce_, ad_, plaintext_);
  EXPECT_NE(sealed.text, plaintext_);
  Bytes opened(plaintext_.size());
  EXPECT_THAT(Open(suite(), key_, nonce_, ad_, sealed.text, sealed.tag, opened), IsOk());
  EXPECT_EQ(opened, plaintext_);
  Bytes in_place = sealed.text;
  EXPECT_THAT(Open(suite(), key_, nonce_, ad_, in_place, sealed.tag, in_place), IsOk());
  EXPECT_EQ(in_place, plaintext_);
}

TEST_P(AeadTest, OpensAnEmptyText) {
  const Sealed sealed = Seal(suite(), key_, nonce_, {}, {});
  EXPECT_THAT(Open(suite(), key_, nonce_, {}, {}, sealed.tag, {}), IsOk());
}

TEST_P(AeadTest, AnyFlippedBitFailsAndLeavesNoPlaintext) {
  const Sealed sealed = Seal(suite(), key_, nonce_, ad_, plaintext_);
  const auto expect_failure = [&](ByteView nonce, ByteView ad, const Bytes& text, ByteView tag) {
    Bytes opened(text.size(), 0xee);
    EXPECT_THAT(Open(suite(), key_, nonce, ad, text, tag, opened), HasCode(Code::kAuthFailed));
    EXPECT_EQ(opened, Bytes(text.size(), 0));
    Bytes in_place = text;
    EXPECT_THAT(Open(suite(), key_, nonce, ad, in_place, tag, in_place),
                HasCode(Code::kAuthFailed));
    EXPECT_EQ(in_place, Bytes(text.size(), 0));
  };
  test::ForEachBitFlip(
      nonce_, [&](const Bytes& bad) { expect_failure(bad, ad_, sealed.text, sealed.tag); });
  test::ForEachDamage(
      ad_, [&](const Bytes& bad) { expect_failure(nonce_, bad, sealed.text, sealed.tag); });
  test::ForEachDamage(sealed.text,
                      [&](const Bytes& bad) { expect_failure(nonce_, ad_, bad, sealed.tag); });
  test::ForEachBitFlip(sealed.tag,
                       [&](const Bytes& bad) { expect_failure(nonce_, ad_, sealed.text, bad); });
}

TEST_P(AeadTest, AnotherKeyFails) {
  const Sealed sealed = Seal(suite(), key_, nonce_, ad_, plaintext_);
  Bytes opened(plaintext_.size());
  EXPECT_THAT(Open(suite(), AeadKey::Random(rng_), nonce_, ad_, sealed.text, sealed.tag, opened),
              HasCode(Code::kAuthFailed));
}

TEST_P(AeadTest, WrongLengthsFailInsteadOfAborting) {
  const Sealed sealed = Seal(suite(), key_, nonce_, ad_, plaintext_);
  Bytes opened(plaintext_.size());
  for (size_t size : {size_t{0}, nonce_.size() - 1, nonce_.size() + 1}) {
    EXPECT_THAT(Open(suite(), key_, Bytes(size), ad_, sealed.text, sealed.tag, opened),
                HasCode(Code::kAuthFailed));
  }
  for (size_t size : {size_t{0}, sealed.tag.size() - 1, sealed.tag.size() + 1}) {
    EXPECT_THAT(Open(suite(), key_, nonce_, ad_, sealed.text, Bytes(size), opened),
                HasCode(Code::kAuthFailed));
  }
  Bytes short_output(plaintext_.size() - 1);
  EXPECT_THAT(Open(suite(), key_, nonce_, ad_, sealed.text, sealed.tag, short_output),
              HasCode(Code::kAuthFailed));
  EXPECT_THAT(Open(Suite{9}, key_, nonce_, ad_, sealed.text, sealed.tag, opened),
              HasCode(Code::kAuthFailed));
}

TEST_P(AeadTest, SealingWithAWrongLengthDestroysThePlaintext) {
  for (size_t nonce_size : {nonce_.size() - 1, nonce_.size() + 1}) {
    Bytes text = plaintext_;
    Bytes tag(TagSize(suite()), 0xee);
    SealInPlace(suite(), key_, Bytes(nonce_size), ad_, text, tag);
    EXPECT_EQ(text, Bytes(text.size(), 0));
    EXPECT_EQ(tag, Bytes(tag.size(), 0));
  }
  Bytes text = plaintext_;
  Bytes short_tag(TagSize(suite()) - 1);
  SealInPlace(suite(), key_, nonce_, ad_, text, short_tag);
  EXPECT_EQ(text, Bytes(text.size(), 0));
}

TEST_P(AeadTest, AllocatesNothing) {
  Bytes text(1024), tag(TagSize(suite()));
  test::AllocationCounter allocations;
  SealInPlace(suite(), key_, nonce_, ad_, text, tag);
  const absl::Status status = Open(suite(), key_, nonce_, ad_, text, tag, text);
  EXPECT_EQ(allocations.count(), 0u);
  EXPECT_THAT(status, IsOk());
}

}  // namespace
}  // namespace pawl::crypto
