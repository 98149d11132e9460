#include "crypto/hpke.h"

#include <gmock/gmock.h>

#include "support/flip.h"
#include "support/hex.h"
#include "support/matchers.h"
#include "support/seeded_rng.h"
#include "support/vectors.h"
#include "unit/crypto/hpke_vectors.h"

namespace pawl::crypto {
namespace {

using test::HasCode;
using test::IsOk;
using test::Json;

struct PskOf {
  Bytes psk, id;
  explicit PskOf(const Json& vector) {
    if (vector.Int("mode") == 0) return;
    psk = vector.Hex("psk");
    id = vector.Hex("psk_id");
  }
  HpkePsk view() const { return {psk, id}; }
};

void ExpectExports(const HpkeContext& context, const Json& vector) {
  for (const Json& item : vector.List("exports")) {
    Bytes out(static_cast<size_t>(item.Int("L")));
    EXPECT_THAT(context.Export(item.Hex("exporter_context"), out), IsOk());
    EXPECT_EQ(out, item.Hex("exported_value"));
  }
}

// Both roles through the public calls, the sender's randomness scripted.
void RunVector(const Json& vector) {
  const HpkeSuite suite = {KemOf(vector), static_cast<IetfAead>(vector.Int("aead_id"))};
  const PskOf psk(vector);
  const Bytes info = vector.Hex("info");
  test::ScriptedRng rng(vector.Hex("ikmE"));
  PAWL_ASSERT_OK_AND_ASSIGN(HpkeSender sender,
                            HpkeSender::Setup(suite, vector.Hex("pkRm"), info, rng, psk.view()));
  EXPECT_EQ(sender.enc(), vector.Hex("enc"));
  const auto secret = HpkePrivate::From(test::ArrayOf<32>(vector.Hex("skRm")));
  PAWL_ASSERT_OK_AND_ASSIGN(HpkeRecipient recipient,
                            HpkeRecipient::Setup(suite, sender.enc(), secret, info, psk.view()));
  for (const Json& item : vector.List("encryptions")) {
    const Bytes aad = item.Hex("aad"), text = item.Hex("pt"), expected = item.Hex("ct");
    PAWL_ASSERT_OK_AND_ASSIGN(const Bytes sealed, sender.Seal(aad, text));
    EXPECT_EQ(sealed, expected);
    PAWL_ASSERT_OK_AND_ASSIGN(const SecretBytes opened, recipient.Open(aad, expected));
    EXPECT_TRUE(SameBytes(opened.Expose(), text));
  }
  ExpectExports(sender, vector);
  ExpectExports(recipient, vector);
}

TEST(Hpke, Rfc9180Vectors) {
  PAWL_VECTORS_OR_SKIP(file, kRfc9180Vectors);
  const std::vector<Json> vectors = SupportedHpkeVectors(file);
  EXPECT_EQ(vectors.size(), 4u);  // base and psk, AES-128-GCM and ChaCha20-Poly1305
  for (const Json& vector : vectors) {
    SCOPED_TRACE(::testing::Message()
                 << "mode " << vector.Int("mode") << " aead " << vector.Int("aead_id"));
    RunVector(vector);
  }
}

TEST(Hpke, XWingVectors) {
  PAWL_VECTORS_OR_SKIP(file, kHpkePqVectors);
  const std::vector<Json> vectors = SupportedHpkeVectors(file);
  ASSERT_EQ(vectors.size(), 1u);
  RunVector(vectors[0]);
}

class HpkeTest : public ::testing::TestWithParam<HpkeSuite> {
 protected:
  HpkeSealed Sealed() {
    absl::StatusOr<HpkeSealed> sealed = HpkeSeal(GetParam(), pair_.pub, info_, aad_, text_, rng_);
    EXPECT_THAT(sealed, IsOk());
    return sealed.ok() ? *std::move(sealed) : HpkeSealed{};
  }
  absl::StatusOr<SecretBytes> Open(ByteView enc, ByteView info, ByteView aad, ByteView ciphertext) {
    return HpkeOpen(GetParam(), enc, pair_.secret, info, aad, ciphertext);
  }

  test::SeededRng rng_{1};
  const HpkeKeyPair pair_ = HpkeGenerateKeyPair(GetParam().kem, rng_);
  const Bytes info_ = {1, 2}, aad_ = {3}, text_ = {4, 5, 6};
};

INSTANTIATE_TEST_SUITE_P(
    Suites, HpkeTest,
    ::testing::Values(HpkeSuite{HpkeKem::kX25519HkdfSha256, IetfAead::kAes128Gcm},
                      HpkeSuite{HpkeKem::kX25519HkdfSha256, IetfAead::kChaCha20Poly1305},
                      HpkeSuite{HpkeKem::kXWing, IetfAead::kAes128Gcm},
                      HpkeSuite{HpkeKem::kXWing, IetfAead::kChaCha20Poly1305}));

TEST_P(HpkeTest, SingleShotOpensWhatItSealed) {
  const HpkeSealed sealed = Sealed();
  PAWL_ASSERT_OK_AND_ASSIGN(const SecretBytes opened,
                            Open(sealed.enc, info_, aad_, sealed.ciphertext));
  EXPECT_TRUE(SameBytes(opened.Expose(), text_));
}

TEST_P(HpkeTest, AnyDamageFails) {
  const HpkeSealed sealed = Sealed();
  test::ForEachDamage(sealed.ciphertext, [&](const Bytes& bad) {
    EXPECT_THAT(Open(sealed.enc, info_, aad_, bad), HasCode(Code::kAuthFailed));
  });
  test::ForEachDamage(aad_, [&](const Bytes& bad) {
    EXPECT_THAT(Open(sealed.enc, info_, bad, sealed.ciphertext), HasCode(Code::kAuthFailed));
  });
  test::ForEachDamage(info_, [&](const Bytes& bad) {
    EXPECT_THAT(Open(sealed.enc, bad, aad_, sealed.ciphertext), HasCode(Code::kAuthFailed));
  });
  test::ForEachBitFlip(
      sealed.enc,
      [&](const Bytes& bad) {
        const Code code = CodeOf(Open(bad, info_, aad_, sealed.ciphertext));
        EXPECT_TRUE(code == Code::kAuthFailed || code == Code::kInvalidKey);
      },
      sealed.enc.size() > 100 ? 97 : 1);
}

TEST_P(HpkeTest, AnotherKeyFails) {
  const HpkeSealed sealed = Sealed();
  const HpkeKeyPair other = HpkeGenerateKeyPair(GetParam().kem, rng_);
  EXPECT_THAT(HpkeOpen(GetParam(), sealed.enc, other.secret, info_, aad_, sealed.ciphertext),
              HasCode(Code::kAuthFailed));
}

TEST_P(HpkeTest, AMessageThatDoesNotOpenDoesNotCount) {
  PAWL_ASSERT_OK_AND_ASSIGN(HpkeSender sender,
                            HpkeSender::Setup(GetParam(), pair_.pub, info_, rng_));
  PAWL_ASSERT_OK_AND_ASSIGN(HpkeRecipient recipient,
                            HpkeRecipient::Setup(GetParam(), sender.enc(), pair_.secret, info_));
  PAWL_ASSERT_OK_AND_ASSIGN(const Bytes first, sender.Seal(aad_, text_));
  PAWL_ASSERT_OK_AND_ASSIGN(const Bytes second, sender.Seal(aad_, text_));
  EXPECT_NE(first, second);
  EXPECT_THAT(recipient.Open(aad_, second), HasCode(Code::kAuthFailed));
  EXPECT_THAT(recipient.Open(aad_, first), IsOk());
  EXPECT_THAT(recipient.Open(aad_, first), HasCode(Code::kAuthFailed));
  EXPECT_THAT(recipient.Open(aad_, second), IsOk());
}

TEST_P(HpkeTest, APskIsCheckedAndMatters) {
  const Bytes psk(32, 7), id = {1}, short_psk(31, 7);
  EXPECT_THAT(HpkeSender::Setup(GetParam(), pair_.pub, info_, rng_, {psk, {}}),
              HasCode(Code::kInvalidArgument));
  EXPECT_THAT(HpkeSender::Setup(GetParam(), pair_.pub, info_, rng_, {{}, id}),
              HasCode(Code::kInvalidArgument));
  EXPECT_THAT(HpkeSender::Setup(GetParam(), pair_.pub, info_, rng_, {short_psk, id}),
              HasCode(Code::kInvalidArgument));
  PAWL_ASSERT_OK_AND_ASSIGN(HpkeSender sender,
                            HpkeSender::Setup(GetParam(), pair_.pub, info_, rng_, {psk, id}));
  PAWL_ASSERT_OK_AND_ASSIGN(const Bytes sealed, sender.Seal(aad_, text_));
  EXPECT_THAT(Open(sender.enc(), info_, aad_, sealed), HasCode(Code::kAuthFailed));
}

TEST_P(HpkeTest, AnExportIsBounded) {
  PAWL_ASSERT_OK_AND_ASSIGN(const HpkeSender sender,
                            HpkeSender::Setup(GetParam(), pair_.pub, info_, rng_));
  Bytes too_long(255 * 32 + 1);
  EXPECT_THAT(sender.Export({}, too_long), HasCode(Code::kInvalidArgument));
}

}  // namespace
}  // namespace pawl::crypto
