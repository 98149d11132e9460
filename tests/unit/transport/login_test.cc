#include "transport/login.h"

#include <gtest/gtest.h>

#include "support/seeded_rng.h"
#include "wire/auth.h"

namespace pawl::transport {
namespace {

using Step = Login::Step;

const Identity kAlice{"alice@example.org", DeviceId(3), Bytes{1, 2, 3}};

TEST(Login, DeviceStepsInOrder) {
  pawl::test::SeededRng rng(1);
  Login login(Mode::kDevice, {}, rng);
  EXPECT_FALSE(login.OnSigned());
  EXPECT_FALSE(login.OnReady());
  EXPECT_TRUE(login.OnChallenge(ByteArray<32>{1}));
  EXPECT_EQ(login.step(), Step::kSigning);
  EXPECT_FALSE(login.OnChallenge(ByteArray<32>{2}));
  EXPECT_FALSE(login.OnReady());
  EXPECT_TRUE(login.OnSigned());
  EXPECT_FALSE(login.OnSigned());
  EXPECT_TRUE(login.OnReady());
  EXPECT_EQ(login.step(), Step::kDone);
  EXPECT_FALSE(login.OnReady());
}

TEST(Login, AnonymousSkipsTheSignatureAndNamesNobody) {
  pawl::test::SeededRng rng(1);
  Login login(Mode::kAnonymous, {}, rng);
  EXPECT_TRUE(login.OnChallenge(ByteArray<32>{1}));
  EXPECT_FALSE(login.OnSigned());
  const wire::Hello hello = login.Hello(kAlice);
  EXPECT_TRUE(hello.account.empty());
  EXPECT_EQ(hello.device, DeviceId(0));
  EXPECT_EQ(hello.mode, wire::fb::Mode::Anonymous);
  EXPECT_TRUE(login.OnReady());
}

TEST(Login, WhatIsSignedBindsEverythingAboutTheChannel) {
  const ChannelInfo channel{.exporter = ByteArray<32>{5}, .server_spki = ByteArray<32>{6}};
  pawl::test::SeededRng rng(1);
  Login login(Mode::kPeek, channel, rng);
  ASSERT_TRUE(login.OnChallenge(ByteArray<32>{8}));
  const wire::Hello hello = login.Hello(kAlice);
  EXPECT_EQ(hello.account, kAlice.account);
  EXPECT_EQ(hello.device, kAlice.device);
  EXPECT_EQ(hello.resume_after, MailboxCursor(0));
  EXPECT_EQ(login.AuthMessage(kAlice),
            wire::AuthMessage({.relay_key_hash = channel.server_spki,
                               .channel_binding = channel.exporter,
                               .relay_nonce = ByteArray<32>{8},
                               .client_nonce = hello.nonce,
                               .mode = wire::fb::Mode::Peek,
                               .device_address = kAlice.encoded_address}));
}

TEST(Login, EverySocketHasItsOwnNonce) {
  pawl::test::SeededRng rng(1);
  Login first(Mode::kDevice, {}, rng);
  Login second(Mode::kDevice, {}, rng);
  EXPECT_NE(first.Hello(kAlice).nonce, second.Hello(kAlice).nonce);
}

}  // namespace
}  // namespace pawl::transport
