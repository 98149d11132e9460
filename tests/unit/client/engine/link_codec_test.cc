#include "client/engine/link_codec.h"

#include <gtest/gtest.h>

#include "crypto/init.h"
#include "support/matchers.h"
#include "support/seeded_rng.h"

namespace pawl::client {
namespace {

using test::HasCode;
using test::IsOk;

class LinkCodec : public ::testing::Test {
 protected:
  LinkCodec() : rng_(3), seal_(crypto::XWingKeyPair::Generate(rng_)) {
    EXPECT_THAT(crypto::Init(), IsOk());
    request_.signing_key = rng_.Array<32>();
    request_.seal_key = seal_.pub;
    response_.device_list = Bytes(200, 0x11);
    response_.device = DeviceId(2);
    response_.delivery_key = rng_.Array<32>();
    const auto sealed = SealLinkResponse(response_, request_, rng_);
    EXPECT_THAT(sealed, IsOk());
    sealed_ = *sealed;
  }

  test::SeededRng rng_;
  crypto::XWingKeyPair seal_;
  LinkRequest request_{.address = *identity::Address::Parse("alice@example.org")};
  LinkResponse response_;
  Bytes sealed_;
};

TEST_F(LinkCodec, ARequestIsReadAsItWasShown) {
  const Bytes bytes = EncodeLinkRequest(request_);
  const auto read = ParseLinkRequest(bytes);
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(read->address, request_.address);
  EXPECT_EQ(read->signing_key, request_.signing_key);
  EXPECT_EQ(read->seal_key, request_.seal_key);
  for (size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_THAT(ParseLinkRequest(ByteView(bytes).first(length)), HasCode(Code::kMalformed));
  }
  Bytes later = bytes;
  later[4] = 2;
  EXPECT_THAT(ParseLinkRequest(later), HasCode(Code::kUnsupportedVersion));
  Bytes longer = bytes;
  longer.push_back(0);
  EXPECT_THAT(ParseLinkRequest(longer), HasCode(Code::kMalformed));
}

TEST_F(LinkCodec, AResponseOpensForTheDeviceThatAsked) {
  const auto opened = OpenLinkResponse(sealed_, request_, seal_.secret);
  ASSERT_THAT(opened, IsOk());
  EXPECT_EQ(opened->device_list, response_.device_list);
  EXPECT_EQ(opened->device, DeviceId(2));
  EXPECT_EQ(opened->delivery_key, response_.delivery_key);
}

TEST_F(LinkCodec, AResponseToAnotherRequestDoesNotOpen) {
  LinkRequest other = request_;
  other.signing_key[0] ^= 1;
  EXPECT_THAT(OpenLinkResponse(sealed_, other, seal_.secret), HasCode(Code::kAuthFailed));
  const auto stranger = crypto::XWingKeyPair::Generate(rng_);
  EXPECT_THAT(OpenLinkResponse(sealed_, request_, stranger.secret), HasCode(Code::kAuthFailed));
}

TEST_F(LinkCodec, DamageIsNoticed) {
  for (size_t at = 5; at < sealed_.size(); at += 7) {
    Bytes damaged = sealed_;
    damaged[at] ^= 0x10;
    EXPECT_FALSE(OpenLinkResponse(damaged, request_, seal_.secret).ok()) << at;
  }
  for (size_t length = 0; length < sealed_.size(); length += 13) {
    EXPECT_FALSE(OpenLinkResponse(ByteView(sealed_).first(length), request_, seal_.secret).ok());
  }
}

}  // namespace
}  // namespace pawl::client
