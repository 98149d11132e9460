// The Triple Ratchet: sending, receiving, skipped keys, header protection, the Braid.
#include "ct/secret_devices.h"
#include "session/progress.h"
#include "support/matchers.h"

namespace pawl::ct {
namespace {

class RatchetCt : public testing::TestWithParam<crypto::Suite> {
 protected:
  SecretConversation talk_{GetParam()};
};

TEST_P(RatchetCt, ATurnOfEachSideDependsOnNoSecret) {
  for (int turn = 0; turn < 3; ++turn) {
    EXPECT_EQ(Receive(talk_.at_bob, Send(talk_.at_alice, "ping", talk_.rng)), "ping");
    EXPECT_EQ(Receive(talk_.at_alice, Send(talk_.at_bob, "pong", talk_.rng)), "pong");
  }
  ASSERT_TRUE(IsPoisoned(talk_.at_bob.facts().resumption.Expose()));
}

TEST_P(RatchetCt, SkippedKeysAndRepeatsDependOnNoSecret) {
  std::vector<Bytes> envelopes;
  for (int i = 0; i < 4; ++i) {
    envelopes.push_back(Send(talk_.at_alice, std::to_string(i), talk_.rng));
  }
  EXPECT_EQ(Receive(talk_.at_bob, envelopes[3]), "3");
  for (const session::SkippedRow& row : talk_.at_bob.EncodeSkipped()) {
    ASSERT_TRUE(IsPoisoned(row.value.Expose().last(32))) << "a message key is not secret";
  }
  // Over a turn as well: the rest are then of a chain that is closed.
  EXPECT_EQ(Receive(talk_.at_alice, Send(talk_.at_bob, "answer", talk_.rng)), "answer");
  EXPECT_EQ(Receive(talk_.at_bob, Send(talk_.at_alice, "next", talk_.rng)), "next");
  EXPECT_EQ(Receive(talk_.at_bob, envelopes[0]), "0");
  EXPECT_EQ(Receive(talk_.at_bob, envelopes[2]), "2");
  EXPECT_THAT(test::Receive(talk_.at_bob, envelopes[2]), test::HasCode(Code::kAuthFailed));
}

// An unknown tag is tried with every header key; a known one with a bit changed anywhere.
TEST_P(RatchetCt, RefusalsDependOnNoSecret) {
  const Bytes envelope = Send(talk_.at_alice, "refused", talk_.rng);
  constexpr size_t kTag = 1;
  constexpr size_t kSalt = 17;
  constexpr size_t kHeader = 50;
  for (const size_t place : {kTag, kSalt, kHeader, envelope.size() - 1, envelope.size() - 40}) {
    Bytes changed = envelope;
    changed[place] ^= 1;
    EXPECT_THAT(test::Receive(talk_.at_bob, changed), test::HasCode(Code::kAuthFailed));
  }
  EXPECT_EQ(Receive(talk_.at_bob, envelope), "refused");
}

// The keys in a stored state stay secret, its structure does not.
TEST_P(RatchetCt, DecodingStoredStateDependsOnNoSecret) {
  const Bytes late = Send(talk_.at_alice, "late", talk_.rng);
  EXPECT_EQ(Receive(talk_.at_bob, Send(talk_.at_alice, "now", talk_.rng)), "now");
  const crypto::SecretBytes facts = talk_.at_bob.EncodeFacts();
  const crypto::SecretBytes progress = talk_.at_bob.EncodeProgress();
  ASSERT_TRUE(HasPoison(progress.Expose()));
  const auto rows = talk_.at_bob.EncodeSkipped();
  auto restored = Must(session::Session::Decode(facts.Expose(), progress.Expose(), rows));
  EXPECT_EQ(Receive(restored, late), "late");
  EXPECT_EQ(Receive(talk_.at_alice, Send(restored, "back", talk_.rng)), "back");
}

// Long enough for both roles of two ML-KEM exchanges, with chunks lost on the way so that the code
// has to interpolate.
TEST_P(RatchetCt, TheBraidDependsOnNoSecret) {
  const auto epoch_of = [](const session::Session& session) {
    const auto progress = Must(session::DecodeProgress(session.EncodeProgress().Expose()));
    return *ratchet::braid::EpochOf(progress.spqr->state);
  };
  int messages = 0;
  while (epoch_of(talk_.at_alice) < 3 || epoch_of(talk_.at_bob) < 3) {
    ASSERT_LT(++messages, 200) << "the exchange does not come to its end";
    const Bytes ping = Send(talk_.at_alice, "ping", talk_.rng);
    if (messages % 7 != 3) {
      EXPECT_EQ(Receive(talk_.at_bob, ping), "ping");
    }
    EXPECT_EQ(Receive(talk_.at_alice, Send(talk_.at_bob, "pong", talk_.rng)), "pong");
  }
}

INSTANTIATE_TEST_SUITE_P(Suites, RatchetCt,
                         testing::Values(crypto::Suite::kAegis256,
                                         crypto::Suite::kXChaCha20Poly1305),
                         [](const auto& suite) {
                           return suite.param == crypto::Suite::kAegis256 ? "Aegis256"
                                                                          : "XChaCha20Poly1305";
                         });

}  // namespace
}  // namespace pawl::ct
