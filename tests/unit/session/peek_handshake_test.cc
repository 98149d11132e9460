#include <gtest/gtest.h>

#include "session/handshake.h"
#include "support/flip.h"
#include "support/matchers.h"
#include "support/two_devices.h"

namespace pawl::session {
namespace {

using test::HasCode;
using test::Must;

class PeekHandshakeTest : public testing::Test {
 protected:
  test::TestDevice alice_{"alice@example.org/1", 1};
  test::TestDevice bob_{"bob@example.org/1", 2};
  Session session_ = Must(test::Begin(alice_, bob_));
  Bytes envelope_ = Must(test::Send(session_, "hello", alice_.rng));
};

TEST_F(PeekHandshakeTest, TellsWhoClaimsToWrite) {
  PAWL_ASSERT_OK_AND_ASSIGN(const PeekedHandshake peeked, test::Peek(bob_, envelope_));
  EXPECT_EQ(peeked.sender.device, alice_.local.address);
  EXPECT_EQ(peeked.sender.identity_key, alice_.local.identity_key.pub);
  EXPECT_EQ(peeked.seal_key_id, bob_.keys.seal_key_id);
  EXPECT_EQ(peeked.block.list, alice_.list.ref());
  EXPECT_EQ(peeked.block.Id(), session_.facts().handshake_id);
}

TEST_F(PeekHandshakeTest, FindsTheKeyAmongSeveral) {
  std::vector<BundleKeys> sets;
  for (uint32_t week = 0; week < 4; ++week) {
    sets.push_back(BundleKeys::Generate(PrekeyId(100 + 3 * week), test::kBothSuites,
                                        test::FakeClock::kStart, bob_.rng));
  }
  EXPECT_THAT(PeekHandshake(envelope_, bob_.local.address, sets), HasCode(Code::kAuthFailed));
  sets.push_back(bob_.keys.Clone());
  PAWL_ASSERT_OK_AND_ASSIGN(const PeekedHandshake peeked,
                            PeekHandshake(envelope_, bob_.local.address, sets));
  EXPECT_EQ(peeked.seal_key_id, bob_.keys.seal_key_id);
}

TEST_F(PeekHandshakeTest, IsForTheRecipientAlone) {
  EXPECT_THAT(test::Peek(alice_, envelope_), HasCode(Code::kAuthFailed));
  EXPECT_THAT(
      PeekHandshake(envelope_, alice_.local.address, std::span<const BundleKeys>(&bob_.keys, 1)),
      HasCode(Code::kAuthFailed));
  EXPECT_THAT(PeekHandshake(envelope_, bob_.local.address, {}), HasCode(Code::kAuthFailed));
}

TEST_F(PeekHandshakeTest, ShortEnvelopesAreRefusedWithoutAnyKey) {
  test::Conversation talk;
  const Bytes later = Must(test::Send(talk.at_alice, "no handshake here", talk.alice.rng));
  EXPECT_THAT(test::Peek(talk.bob, later), HasCode(Code::kMalformed));
}

TEST_F(PeekHandshakeTest, EncapsulationOfSmallOrderIsNoOracle) {
  // The last 32 bytes of an X-Wing ciphertext are its X25519 part.
  Bytes small = envelope_;
  std::fill_n(small.begin() + kPrefixSize + crypto::kXWingCiphertextSize - 32, 32, uint8_t{0});
  EXPECT_THAT(test::Peek(bob_, small), HasCode(Code::kAuthFailed));
}

}  // namespace
}  // namespace pawl::session
