// PQXDH and the sealed first message: private keys, prekeys, shared secrets.
#include "ct/secret_devices.h"
#include "session/sealed_state.h"
#include "support/matchers.h"

namespace pawl::ct {
namespace {

using test::OneTime;

class HandshakeCt : public testing::TestWithParam<crypto::Suite> {
 protected:
  SecretDevices devices_{GetParam()};
};

void ExpectSameSecret(const session::Session& a, const session::Session& b) {
  ASSERT_TRUE(IsPoisoned(a.facts().resumption.Expose())) << "the secret is not one to valgrind";
  ASSERT_TRUE(IsPoisoned(b.facts().resumption.Expose())) << "the secret is not one to valgrind";
  EXPECT_TRUE(a.facts().resumption.Equals(b.facts().resumption));
}

TEST_P(HandshakeCt, WithOneTimeKeysDependsOnNoSecret) {
  session::Session at_alice = devices_.Initiate();
  const Bytes envelope = Send(at_alice, "hello", devices_.rng);
  auto accepted = Must(test::AcceptFrom(devices_.bob, devices_.alice, envelope));
  EXPECT_EQ(AsText(accepted.opened.content.Expose()), "hello");
  EXPECT_TRUE(accepted.consumed_one_time);
  ExpectSameSecret(at_alice, accepted.session);
}

TEST_P(HandshakeCt, WithLastResortKeysDependsOnNoSecret) {
  session::Session at_alice = devices_.Initiate(OneTime::kNo);
  const Bytes envelope = Send(at_alice, "hello", devices_.rng);
  auto accepted = Must(test::AcceptFrom(devices_.bob, devices_.alice, envelope));
  EXPECT_TRUE(accepted.replayable_with);
  ExpectSameSecret(at_alice, accepted.session);
}

// The proof of resumption is a MAC that the peer compares.
TEST_P(HandshakeCt, ThatResumesASessionDependsOnNoSecret) {
  SecretConversation before(GetParam());
  session::Session at_alice = before.Initiate(OneTime::kNo, &before.at_alice);
  const Bytes envelope = Send(at_alice, "again", before.rng);
  const session::Session* const sessions[] = {&before.at_bob};
  auto accepted = Must(test::AcceptFrom(before.bob, before.alice, envelope, sessions));
  EXPECT_TRUE(accepted.session.resumed());
  EXPECT_EQ(Receive(at_alice, Send(accepted.session, "yes", before.rng)), "yes");
  EXPECT_TRUE(at_alice.resumed());
}

// X-Wing, to seal keys that are not ours as well, and a wrong bit in each part.
TEST_P(HandshakeCt, OpeningASealedSenderThatIsNotForUsDependsOnNoSecret) {
  session::Session at_alice = devices_.Initiate();
  const Bytes envelope = Send(at_alice, "hello", devices_.rng);
  EXPECT_THAT(test::Peek(devices_.alice, envelope), test::HasCode(Code::kAuthFailed));
  for (const size_t place : {size_t{20}, size_t{1150}, size_t{1500}, envelope.size() - 1}) {
    Bytes changed = envelope;
    changed[place] ^= 1;
    EXPECT_THAT(test::AcceptFrom(devices_.bob, devices_.alice, changed),
                test::HasCode(Code::kAuthFailed));
  }
}

TEST_P(HandshakeCt, SavingAPendingSessionDependsOnNoSecret) {
  session::Session at_alice = devices_.Initiate();
  auto key = crypto::AeadKey::Random(devices_.rng);
  Bytes sealed = session::SaveSession(at_alice, key, devices_.rng);
  Declassify(sealed);
  EXPECT_THAT(session::RestoreSession(sealed, key), test::IsOk());
  sealed.back() ^= 1;
  EXPECT_THAT(session::RestoreSession(sealed, key), test::HasCode(Code::kAuthFailed));
}

TEST_P(HandshakeCt, MakingPrekeysDependsOnNoSecret) {
  SecretRng& rng = devices_.rng;
  const auto keys =
      session::BundleKeys::Generate(identity::PrekeyId(1), Only(GetParam()), kNow, rng);
  const auto pair = session::OneTimeKeys::Generate(identity::PrekeyId(4), kNow, rng);
  ASSERT_TRUE(IsPoisoned(keys.last_resort.Expose()));
  ASSERT_TRUE(IsPoisoned(pair.mlkem.Expose()));
  const auto stored_keys = Must(session::BundleKeys::Decode(keys.Encode().Expose()));
  const auto stored_pair = Must(session::OneTimeKeys::Decode(pair.Encode().Expose()));
  ASSERT_TRUE(IsPoisoned(stored_keys.seal_key.secret.Expose()));
  EXPECT_EQ(stored_keys.signed_prekey.pub, keys.signed_prekey.pub);
  EXPECT_EQ(stored_pair.x25519.pub, pair.x25519.pub);
}

INSTANTIATE_TEST_SUITE_P(Suites, HandshakeCt,
                         testing::Values(crypto::Suite::kAegis256,
                                         crypto::Suite::kXChaCha20Poly1305),
                         [](const auto& suite) {
                           return suite.param == crypto::Suite::kAegis256 ? "Aegis256"
                                                                          : "XChaCha20Poly1305";
                         });

}  // namespace
}  // namespace pawl::ct
