#include "session/sealed_state.h"

#include <gtest/gtest.h>

#include "support/flip.h"
#include "support/matchers.h"
#include "support/two_devices.h"

namespace pawl::session {
namespace {

using test::HasCode;
using test::IsOk;
using test::IsOkAndHolds;
using test::Must;
using test::Receive;
using test::Send;
using test::StateOf;
using testing::Eq;

class SealedStateTest : public testing::Test {
 protected:
  test::Conversation talk_;
  test::SeededRng rng_{5};
  crypto::AeadKey key_ = crypto::AeadKey::Random(rng_);
};

TEST_F(SealedStateTest, SessionGoesOnAfterSaveAndRestore) {
  const Bytes late = Must(Send(talk_.at_alice, "late", talk_.alice.rng));
  ASSERT_THAT(Receive(talk_.at_bob, Must(Send(talk_.at_alice, "first", talk_.alice.rng))), IsOk());
  PAWL_ASSERT_OK_AND_ASSIGN(Session restored,
                            RestoreSession(SaveSession(talk_.at_bob, key_, rng_), key_));
  EXPECT_EQ(StateOf(restored), StateOf(talk_.at_bob));
  EXPECT_THAT(Receive(restored, late), IsOkAndHolds(Eq("late")));
  EXPECT_THAT(Receive(talk_.at_alice, Must(Send(restored, "on", talk_.bob.rng))), IsOk());
}

TEST_F(SealedStateTest, PendingHandshakeSurvives) {
  test::TestDevice carol("carol@example.org/1", 9);
  Session session = Must(test::Begin(talk_.alice, carol));
  PAWL_ASSERT_OK_AND_ASSIGN(Session restored,
                            RestoreSession(SaveSession(session, key_, rng_), key_));
  EXPECT_THAT(test::AcceptFrom(carol, talk_.alice, Must(Send(restored, "hi", talk_.alice.rng))),
              IsOk());
}

TEST_F(SealedStateTest, SavingTwiceRepeatsNothing) {
  const Bytes first = SaveSession(talk_.at_bob, key_, rng_);
  const Bytes second = SaveSession(talk_.at_bob, key_, rng_);
  size_t same = 0;
  for (size_t i = 2; i < first.size(); ++i) same += first[i] == second[i];
  EXPECT_LT(same, first.size() / 64);
}

// One blob restored on two machines: the same number of the same chain, and yet another key.
TEST_F(SealedStateTest, TwoCopiesOfOneStateNeverUseAKeyTwice) {
  const Bytes blob = SaveSession(talk_.at_alice, key_, rng_);
  Session first = Must(RestoreSession(blob, key_));
  Session second = Must(RestoreSession(blob, key_));
  test::SeededRng here(1);
  test::SeededRng there(2);
  const Bytes a = Must(Send(first, "the same words", here));
  const Bytes b = Must(Send(second, "the same words", there));
  ASSERT_EQ(Must(PeekTag(a)), Must(PeekTag(b)));
  ASSERT_EQ(a.size(), b.size());
  size_t same = 0;
  for (size_t i = kPrefixSize; i < a.size(); ++i) same += a[i] == b[i];
  EXPECT_LT(same, a.size() / 32) << "a keystream used twice gives the same bytes";
  EXPECT_THAT(Receive(talk_.at_bob, a), IsOkAndHolds(Eq("the same words")));
  EXPECT_THAT(Receive(talk_.at_bob, b), HasCode(Code::kReplayed));
}

TEST_F(SealedStateTest, NoSecretStandsInIt) {
  const Bytes sealed = SaveSession(talk_.at_bob, key_, rng_);
  const auto secret = talk_.at_bob.facts().resumption.Expose();
  EXPECT_EQ(AsText(sealed).find(AsText(secret)), std::string_view::npos);
  EXPECT_EQ(AsText(sealed).find("alice"), std::string_view::npos);
}

TEST_F(SealedStateTest, TamperedStateIsRefused) {
  const Bytes sealed = SaveSession(talk_.at_bob, key_, rng_);
  const auto refused = [&](ByteView damaged) { EXPECT_FALSE(RestoreSession(damaged, key_).ok()); };
  test::ForEachBitFlip(sealed, refused, 11);
  test::ForEachTruncation(sealed, refused, 11);
  test::WithTrailingByte(sealed, refused);
  Bytes flipped = sealed;
  flipped[100] ^= 1;
  EXPECT_THAT(RestoreSession(flipped, key_), HasCode(Code::kAuthFailed));
  EXPECT_THAT(RestoreSession(sealed, crypto::AeadKey::Random(rng_)), HasCode(Code::kAuthFailed));
}

TEST_F(SealedStateTest, KindAndVersionAreChecked) {
  const Bytes identity = SealState(SealedKind::kDeviceIdentity, key_, Bytes(10), rng_);
  EXPECT_THAT(RestoreSession(identity, key_), HasCode(Code::kAuthFailed));
  Bytes relabelled = identity;
  relabelled[1] = static_cast<uint8_t>(SealedKind::kSession);
  EXPECT_THAT(RestoreSession(relabelled, key_), HasCode(Code::kAuthFailed));
  Bytes newer = identity;
  newer[0] = 3;
  EXPECT_THAT(OpenState(SealedKind::kDeviceIdentity, key_, newer),
              HasCode(Code::kUnsupportedVersion));
  EXPECT_THAT(OpenState(SealedKind::kDeviceIdentity, key_, identity), IsOk());
}

}  // namespace
}  // namespace pawl::session
