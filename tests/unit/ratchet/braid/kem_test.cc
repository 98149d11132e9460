#include "ratchet/braid/kem.h"

#include <gmock/gmock.h>

#include "crypto/init.h"
#include "support/matchers.h"
#include "support/seeded_rng.h"

namespace pawl::ratchet::braid {
namespace {

using test::HasCode;
using test::IsOk;

TEST(Kem, BothHalvesGiveTheSecretThatTheSeedOpens) {
  ASSERT_THAT(crypto::Init(), IsOk());
  const Kem& kem = MlKem768();
  test::SeededRng rng(1);
  for (int i = 0; i < 20; ++i) {
    const KeySeed seed = KeySeed::Random(rng);
    const Coin coin = Coin::Random(rng);
    const EncapsulationKey key = kem.expand(seed);
    const FirstHalf half = kem.encapsulate1(key.header, coin);
    PAWL_ASSERT_OK_AND_ASSIGN(const Ct2 ct2, kem.encapsulate2(key.header, coin, key.vector));
    EXPECT_TRUE(kem.decapsulate(seed, half.ct1, ct2).Equals(half.shared));
  }
}

TEST(Kem, AVectorOfAnotherKeyIsRefused) {
  ASSERT_THAT(crypto::Init(), IsOk());
  const Kem& kem = MlKem768();
  const EncapsulationKey key = kem.expand(KeySeed::Zero());
  EkVector other = key.vector;
  other[5] ^= 1;
  EXPECT_THAT(kem.encapsulate2(key.header, Coin::Zero(), other), HasCode(Code::kInvalidKey));
}

}  // namespace
}  // namespace pawl::ratchet::braid
