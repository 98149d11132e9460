#include "ratchet/braid/authenticator.h"

#include <gtest/gtest.h>

#include "pair.h"

namespace pawl::ratchet::braid {
namespace {

TEST(Authenticator, GrowsFromTheHandshakesKeyAndEachSecretSince) {
  Authenticator a = Authenticator::Start(scheme, SharedAuthKey());
  Authenticator b = Authenticator::Start(scheme, SharedAuthKey());
  const EkHeader header{1};
  EXPECT_EQ(a.OfHeader(scheme, Epoch(1), header), b.OfHeader(scheme, Epoch(1), header));
  a.Update(scheme, Epoch(1), EpochSecret::Zero());
  EXPECT_NE(a.OfHeader(scheme, Epoch(1), header), b.OfHeader(scheme, Epoch(1), header));
  b.Update(scheme, Epoch(1), EpochSecret::Zero());
  EXPECT_EQ(a.OfHeader(scheme, Epoch(2), header), b.OfHeader(scheme, Epoch(2), header));
  const Authenticator stranger = Authenticator::Start(scheme, AuthKey::Zero());
  EXPECT_NE(a.OfHeader(scheme, Epoch(1), header), stranger.OfHeader(scheme, Epoch(1), header));
}

TEST(Authenticator, AMacIsOfItsEpochAndOfEachPart) {
  const Authenticator auth = Authenticator::Start(scheme, SharedAuthKey());
  const Mac mac = auth.OfCiphertext(scheme, Epoch(1), Ct1{1}, Ct2{2});
  EXPECT_EQ(auth.Clone().OfCiphertext(scheme, Epoch(1), Ct1{1}, Ct2{2}), mac);
  EXPECT_NE(auth.OfCiphertext(scheme, Epoch(2), Ct1{1}, Ct2{2}), mac);
  EXPECT_NE(auth.OfCiphertext(scheme, Epoch(1), Ct1{2}, Ct2{2}), mac);
  EXPECT_NE(auth.OfCiphertext(scheme, Epoch(1), Ct1{1}, Ct2{1}), mac);
  EXPECT_NE(auth.OfHeader(scheme, Epoch(1), EkHeader{}), mac);
}

}  // namespace
}  // namespace pawl::ratchet::braid
