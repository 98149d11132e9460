#include "session/key_agreement.h"

#include <gtest/gtest.h>

#include <set>

#include "support/hex.h"
#include "support/seeded_rng.h"

namespace pawl::session {
namespace {

using test::ToHex;

AgreedSecrets Secrets(bool with_one_time) {
  const auto filled = [](uint8_t byte) {
    crypto::SharedSecret secret = crypto::SharedSecret::Zero();
    std::fill(secret.Writable().begin(), secret.Writable().end(), byte);
    return secret;
  };
  AgreedSecrets secrets{filled(1), filled(2), filled(3), std::nullopt, filled(5)};
  if (with_one_time) secrets.dh4 = filled(4);
  return secrets;
}

TranscriptHash Transcript(uint8_t byte) {
  crypto::Hash32 hash;
  hash.fill(byte);
  return TranscriptHash(hash);
}

// The formula of FORMAT.md computed by another implementation (Python's hmac and hashlib).
TEST(KeyAgreement, IsHkdfSha512OverAllSecretsAndTheTranscript) {
  const AgreedKeys keys = DeriveKeys(Secrets(true), Transcript(9));
  EXPECT_EQ(ToHex(keys.root.Expose()),
            "ff087afce31f971418e5871664a8959be9691b4343af77b103233ce6f8bc4a3f");
  EXPECT_EQ(ToHex(keys.initiator.header.Expose()),
            "035afad10991b2a85b71a1fe1a79d739e041bd37fbb3217891f40d7f9e471729");
  EXPECT_EQ(ToHex(keys.initiator.tag.Expose()),
            "e151ba8759ebf9843d7c175c022b9ac95245df5b54c88bb2ee2c4b967a1c1ccd");
  EXPECT_EQ(ToHex(keys.responder.header.Expose()),
            "ebbb06d84a0a7d6ca28de861c936eb87be9b0d78961914e3a9800d32249def2a");
  EXPECT_EQ(ToHex(keys.responder.tag.Expose()),
            "76dd5e2dbd4a20ace8fcfda0a1f6c9884287a5957a05d03037017d99c27ae42c");
  EXPECT_EQ(ToHex(keys.pq_auth.Expose()),
            "9cc50d43c30f88d401a0afedf250b033fd0e081fa0e01f7aa0910811c84a412e");
  EXPECT_EQ(ToHex(keys.resumption.Expose()),
            "edd9b234abdba1d3f6cf3022cbfe34fa7834c515e6adb619c38a6dab7dc0d511");
  EXPECT_EQ(ToHex(DeriveKeys(Secrets(false), Transcript(9)).root.Expose()),
            "ea1f29d93f5f0d250ab52acc8d24d0867e7bb185f33ec111d088e3438fd770ac");
}

TEST(KeyAgreement, EverySecretAndTheTranscriptMatter) {
  std::set<std::string> roots;
  roots.insert(ToHex(DeriveKeys(Secrets(true), Transcript(9)).root.Expose()));
  roots.insert(ToHex(DeriveKeys(Secrets(true), Transcript(8)).root.Expose()));
  roots.insert(ToHex(DeriveKeys(Secrets(false), Transcript(9)).root.Expose()));
  for (int which = 0; which < 5; ++which) {
    AgreedSecrets secrets = Secrets(true);
    crypto::SharedSecret* all[] = {&secrets.dh1, &secrets.dh2, &secrets.dh3, &*secrets.dh4,
                                   &secrets.kem};
    all[which]->Writable()[31] ^= 1;
    roots.insert(ToHex(DeriveKeys(secrets, Transcript(9)).root.Expose()));
  }
  EXPECT_EQ(roots.size(), 8u);
}

TEST(KeyAgreement, CoresBeginAtTheSignedPrekeyWithCrossedHeaderKeys) {
  test::SeededRng rng(1);
  const auto prekey = crypto::X25519KeyPair::Generate(rng);
  const AgreedKeys keys = DeriveKeys(Secrets(true), Transcript(9));
  const ratchet::Core alice = InitiatorCore(keys, prekey.pub);
  const ratchet::Core bob = ResponderCore(keys, prekey);
  EXPECT_EQ(alice.peer, prekey.pub);
  EXPECT_FALSE(alice.own);
  EXPECT_EQ(bob.own->pub, prekey.pub);
  EXPECT_FALSE(bob.peer);
  EXPECT_TRUE(alice.root.Equals(bob.root));
  EXPECT_TRUE(alice.next_send.header.Equals(bob.next_receive.header));
  EXPECT_TRUE(alice.next_receive.tag.Equals(bob.next_send.tag));
}

TEST(Resumption, ProofAndMixAreBoundToTheNewTranscriptAndApart) {
  test::SeededRng rng(1);
  const auto secret = ratchet::ResumptionSecret::Random(rng);
  std::set<std::string> values;
  for (const uint8_t transcript : {uint8_t{1}, uint8_t{2}}) {
    values.insert(ToHex(ProveResumption(secret, Transcript(transcript))));
    values.insert(ToHex(ResumptionMix(secret, Transcript(transcript)).Expose()));
  }
  EXPECT_EQ(values.size(), 4u);
}

}  // namespace
}  // namespace pawl::session
