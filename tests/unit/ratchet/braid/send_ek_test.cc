#include "ratchet/braid/send_ek.h"

#include <gmock/gmock.h>

#include "pair.h"

namespace pawl::ratchet::braid {
namespace {

using test::HasCode;
using test::IsOk;

KeysUnsampled Unsampled() {
  return {Base{Epoch(1), Authenticator::Start(scheme, SharedAuthKey())}};
}

TEST(SendEk, WalksFromAFreshKeyToTheNextEpoch) {
  ASSERT_THAT(crypto::Init(), IsOk());
  test::SeededRng rng(1);
  KeysSampled sampled = Unsampled().SampleKeys(scheme, rng);
  const EncapsulationKey key = sampled.keys.key;
  EXPECT_TRUE(SameBytes(ByteView(sampled.header).first(kEkHeaderSize), key.header));
  const Coin coin = Coin::Random(rng);
  const FirstHalf half = scheme.kem->encapsulate1(key.header, coin);
  PAWL_ASSERT_OK_AND_ASSIGN(const Ct2 ct2, scheme.kem->encapsulate2(key.header, coin, key.vector));
  Authenticator peer = Authenticator::Start(scheme, SharedAuthKey());
  const EpochSecret secret = scheme.epoch_secret(half.shared, Epoch(1));
  peer.Update(scheme, Epoch(1), secret);
  const Mac mac = peer.OfCiphertext(scheme, Epoch(1), half.ct1, ct2);
  Ct2Stream stream;
  std::copy(mac.begin(), mac.end(), std::copy(ct2.begin(), ct2.end(), stream.begin()));

  EkSentCt1Received last =
      std::move(sampled).Ct1Begins(scheme).Ct1Complete(half.ct1).Ct2Begins(scheme);
  Ct2Stream damaged = stream;
  damaged[kCt2Size] ^= 1;
  EXPECT_THAT(last.Clone().Ct2Complete(scheme, damaged).status(), HasCode(Code::kAuthFailed));
  damaged = stream;
  damaged[0] ^= 1;
  EXPECT_THAT(last.Clone().Ct2Complete(scheme, damaged).status(), HasCode(Code::kAuthFailed));
  auto done = std::move(last).Ct2Complete(scheme, stream);
  ASSERT_THAT(done, IsOk());
  EXPECT_EQ(done->first.base.epoch, Epoch(2));
  EXPECT_TRUE(done->second.Equals(secret));
}

}  // namespace
}  // namespace pawl::ratchet::braid
