#include "ratchet/braid/send_ct.h"

#include <gmock/gmock.h>

#include "pair.h"

namespace pawl::ratchet::braid {
namespace {

using test::HasCode;
using test::IsOk;

Base FirstBase() { return {Epoch(1), Authenticator::Start(scheme, SharedAuthKey())}; }

struct Offered {
  KeySeed seed = KeySeed::Zero();
  EncapsulationKey key = scheme.kem->expand(KeySeed::Zero());
  HeaderStream stream = MakeHeaderStream(scheme, FirstBase(), key.header);
};

TEST(SendCt, BothWaysToTheSecondPartGiveTheSame) {
  ASSERT_THAT(crypto::Init(), IsOk());
  const Offered offered;
  test::SeededRng rng(1);
  PAWL_ASSERT_OK_AND_ASSIGN(
      HeaderReceived received,
      NoHeaderReceived::Of(scheme, FirstBase()).HeaderComplete(scheme, offered.stream));
  auto [sampled, secret] = std::move(received).SampleCt1(scheme, rng);
  PAWL_ASSERT_OK_AND_ASSIGN(const Ct2Sampled acked_first,
                            sampled.Clone().Ct1Acked().EkComplete(scheme, offered.key.vector));
  const Ct1 ct1 = sampled.ours.ct1;
  PAWL_ASSERT_OK_AND_ASSIGN(auto ek_first,
                            std::move(sampled).EkComplete(scheme, offered.key.vector));
  const Ct2Sampled ek_then_acked = std::move(ek_first).Ct1Acked();
  EXPECT_EQ(ek_then_acked.ct2, acked_first.ct2);

  Ct2 ct2;
  std::copy_n(acked_first.ct2.begin(), ct2.size(), ct2.begin());
  const auto shared = scheme.kem->decapsulate(offered.seed, ct1, ct2);
  EXPECT_TRUE(scheme.epoch_secret(shared, Epoch(1)).Equals(secret));
}

TEST(SendCt, AHeaderOfAnotherEpochIsNotTaken) {
  ASSERT_THAT(crypto::Init(), IsOk());
  Base second = FirstBase();
  second.epoch = Epoch(2);
  EXPECT_THAT(NoHeaderReceived::Of(scheme, std::move(second))
                  .HeaderComplete(scheme, Offered().stream)
                  .status(),
              HasCode(Code::kAuthFailed));
}

}  // namespace
}  // namespace pawl::ratchet::braid
