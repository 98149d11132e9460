#include <gtest/gtest.h>

#include "session/handshake.h"
#include "support/fake_clock.h"
#include "support/flip.h"
#include "support/matchers.h"
#include "support/two_devices.h"

namespace pawl::session {
namespace {

using test::AcceptFrom;
using test::Begin;
using test::HasCode;
using test::IsOk;
using test::IsOkAndHolds;
using test::kNow;
using test::Must;
using test::OneTime;
using test::Receive;
using test::Send;
using testing::Eq;

std::string TextOf(const Accepted& accepted) {
  return std::string(AsText(accepted.opened.content.Expose()));
}

class AcceptTest : public testing::Test {
 protected:
  // Accepts `envelope` after `change` has had its way with the input.
  template <typename Change>
  absl::StatusOr<Accepted> AcceptWith(const Bytes& envelope, const Change& change) {
    PeekedHandshake peeked = Must(test::Peek(bob_, envelope));
    LocalDevice local = bob_.local.Clone();
    RemoteDevice remote = alice_.remote();
    BundleKeys keys = bob_.keys.Clone();
    OneTimeKeys one_time = Must(OneTimeKeys::Decode(bob_.one_time.Encode().Expose()));
    change(peeked, local, remote, keys, one_time);
    return Accept({.local = local,
                   .remote = remote,
                   .handshake = peeked,
                   .envelope = envelope,
                   .bundle_keys = keys,
                   .one_time = &one_time,
                   .sessions = {}},
                  kNow);
  }

  test::TestDevice alice_{"alice@example.org/1", 1};
  test::TestDevice bob_{"bob@example.org/1", 2};
  Session at_alice_ = Must(Begin(alice_, bob_));
  Bytes envelope_ = Must(Send(at_alice_, "hello", alice_.rng));
};

TEST_F(AcceptTest, OpensTheFirstMessageAndAgreesOnTheTranscript) {
  PAWL_ASSERT_OK_AND_ASSIGN(const Accepted accepted, AcceptFrom(bob_, alice_, envelope_));
  EXPECT_EQ(TextOf(accepted), "hello");
  EXPECT_EQ(accepted.session.transcript_hash(), at_alice_.transcript_hash());
  EXPECT_EQ(accepted.session.facts().handshake_id, at_alice_.facts().handshake_id);
  EXPECT_EQ(accepted.session.remote(), alice_.local.address);
  EXPECT_EQ(accepted.displacement, Displacement::kFirst);
  EXPECT_TRUE(accepted.session.facts().resumption.Equals(at_alice_.facts().resumption));
}

TEST_F(AcceptTest, UsesUpTheOneTimePairOrAsksToRememberTheHandshake) {
  PAWL_ASSERT_OK_AND_ASSIGN(const Accepted with_pair, AcceptFrom(bob_, alice_, envelope_));
  EXPECT_EQ(with_pair.consumed_one_time, bob_.one_time.id);
  EXPECT_EQ(with_pair.replayable_with, std::nullopt);

  Session second = Must(Begin(alice_, bob_, OneTime::kNo));
  PAWL_ASSERT_OK_AND_ASSIGN(const Accepted last_resort,
                            AcceptFrom(bob_, alice_, Must(Send(second, "again", alice_.rng))));
  EXPECT_EQ(last_resort.consumed_one_time, std::nullopt);
  EXPECT_EQ(last_resort.replayable_with, bob_.keys.last_resort_id);
}

TEST_F(AcceptTest, WhicheverMessageComesFirstBeginsTheSession) {
  const Bytes second = Must(Send(at_alice_, "second", alice_.rng));
  PAWL_ASSERT_OK_AND_ASSIGN(Accepted accepted, AcceptFrom(bob_, alice_, second));
  EXPECT_EQ(TextOf(accepted), "second");
  EXPECT_EQ(accepted.session.EncodeSkipped().size(), 2u) << "a key of each ratchet";
  EXPECT_THAT(Receive(accepted.session, envelope_), IsOkAndHolds(Eq("hello")));
  EXPECT_THAT(Receive(accepted.session, envelope_), HasCode(Code::kReplayed));
}

TEST_F(AcceptTest, DoesNotSurviveAFlippedBitAnywhere) {
  test::ForEachBitFlip(
      envelope_, [&](ByteView damaged) { EXPECT_FALSE(AcceptFrom(bob_, alice_, damaged).ok()); },
      131);
  // The message beside the handshake, bit by bit.
  const size_t offset = MessageOffset(WithHandshake::kYes);
  const PeekedHandshake peeked = Must(test::Peek(bob_, envelope_));
  for (size_t byte = offset; byte < envelope_.size(); byte += 7) {
    Bytes damaged = envelope_;
    damaged[byte] ^= 0x10;
    EXPECT_FALSE(AcceptFrom(bob_, alice_, damaged).ok()) << "byte " << byte;
  }
}

TEST_F(AcceptTest, HandshakeAndMessageOfTwoEnvelopesDoNotMix) {
  const Bytes second = Must(Send(at_alice_, "second", alice_.rng));
  const size_t offset = MessageOffset(WithHandshake::kYes);
  Bytes mixed = envelope_;
  std::copy(second.begin() + static_cast<std::ptrdiff_t>(offset), second.end(),
            mixed.begin() + static_cast<std::ptrdiff_t>(offset));
  EXPECT_THAT(AcceptFrom(bob_, alice_, mixed), HasCode(Code::kAuthFailed));
}

TEST_F(AcceptTest, SenderMustBeWhoItsListSays) {
  const auto code = [&](const auto& change) {
    return CodeOf(AcceptWith(
        envelope_, [&](auto&, auto&, RemoteDevice& remote, auto&, auto&) { change(remote); }));
  };
  EXPECT_EQ(code([](RemoteDevice&) {}), Code::kOk);
  EXPECT_EQ(code([](RemoteDevice& r) { r.signing_key[0] ^= 1; }), Code::kAuthFailed);
  EXPECT_EQ(code([](RemoteDevice& r) { r.address.device = DeviceId(2); }), Code::kAuthFailed);
  // The relay shows Bob another account key than Alice's: the transcript differs.
  EXPECT_EQ(code([](RemoteDevice& r) { r.account_key[0] ^= 1; }), Code::kAuthFailed);
}

// Unknown key share: Mallory passes on Alice's handshake as her own.
TEST_F(AcceptTest, HandshakeOfOneCannotBePassedOffAsAnothers) {
  const test::TestDevice mallory("mallory@example.org/1", 66);
  PAWL_ASSERT_OK_AND_ASSIGN(PeekedHandshake peeked, test::Peek(bob_, envelope_));
  peeked.block.epoch_record = mallory.local.epoch_record;
  EXPECT_THAT(Accept({.local = bob_.local,
                      .remote = mallory.remote(),
                      .handshake = peeked,
                      .envelope = envelope_,
                      .bundle_keys = bob_.keys,
                      .one_time = &bob_.one_time,
                      .sessions = {}},
                     kNow),
              HasCode(Code::kAuthFailed));
}

TEST_F(AcceptTest, AnotherDeviceOrEpochOfOursIsNotMeant) {
  const auto code = [&](const auto& change) {
    return CodeOf(AcceptWith(
        envelope_, [&](auto&, LocalDevice& local, auto&, auto&, auto&) { change(local); }));
  };
  EXPECT_EQ(code([](LocalDevice& l) { l.epoch = DeviceEpoch(2); }), Code::kWrongRecipient);
  EXPECT_EQ(code([](LocalDevice& l) { l.address.device = DeviceId(2); }), Code::kAuthFailed);
  EXPECT_EQ(code([](LocalDevice& l) { l.account_key[0] ^= 1; }), Code::kAuthFailed);
}

TEST_F(AcceptTest, EpochThatIsOverIsAReplay) {
  PAWL_ASSERT_OK_AND_ASSIGN(const PeekedHandshake peeked, test::Peek(bob_, envelope_));
  const RemoteDevice remote = alice_.remote();
  AcceptInput input{.local = bob_.local,
                    .remote = remote,
                    .handshake = peeked,
                    .envelope = envelope_,
                    .bundle_keys = bob_.keys,
                    .one_time = &bob_.one_time,
                    .sessions = {},
                    .least_epoch = DeviceEpoch(2)};
  EXPECT_THAT(Accept(input, kNow), HasCode(Code::kReplayed));
  input.least_epoch = DeviceEpoch(1);
  EXPECT_THAT(Accept(input, kNow), IsOk());
}

TEST_F(AcceptTest, OneTimePairThatIsGoneMakesItAReplay) {
  PAWL_ASSERT_OK_AND_ASSIGN(const PeekedHandshake peeked, test::Peek(bob_, envelope_));
  const RemoteDevice remote = alice_.remote();
  EXPECT_THAT(Accept({.local = bob_.local,
                      .remote = remote,
                      .handshake = peeked,
                      .envelope = envelope_,
                      .bundle_keys = bob_.keys,
                      .one_time = nullptr,
                      .sessions = {}},
                     kNow),
              HasCode(Code::kReplayed));
}

TEST_F(AcceptTest, OtherBundleKeysThanTheNamedOnesAreNotUsed) {
  const auto code = [&](const auto& change) {
    return CodeOf(
        AcceptWith(envelope_, [&](auto&, auto&, auto&, BundleKeys& keys, auto&) { change(keys); }));
  };
  EXPECT_EQ(code([](BundleKeys& k) { k.signed_prekey_id = PrekeyId(50); }), Code::kNotFound);
  EXPECT_EQ(code([](BundleKeys& k) { k.last_resort_id = PrekeyId(50); }), Code::kNotFound);
  EXPECT_EQ(code([](BundleKeys& k) { k.seal_key_id = PrekeyId(50); }), Code::kNotFound);
}

TEST_F(AcceptTest, TwoClientsOfDifferentSuitesMeetAtTheCommonOne) {
  test::TestDevice old("old@example.org/1", 7, {crypto::Suite::kXChaCha20Poly1305});
  Session to_old = Must(Begin(alice_, old));
  EXPECT_EQ(to_old.facts().suite, crypto::Suite::kXChaCha20Poly1305);
  PAWL_ASSERT_OK_AND_ASSIGN(Accepted accepted,
                            AcceptFrom(old, alice_, Must(Send(to_old, "hi", alice_.rng))));
  EXPECT_THAT(Receive(to_old, Must(Send(accepted.session, "ho", old.rng))), IsOkAndHolds(Eq("ho")));
  Session from_old = Must(Begin(old, alice_));
  EXPECT_EQ(from_old.facts().suite, crypto::Suite::kXChaCha20Poly1305);
}

// Somebody made the initiator believe that Bob has no AEGIS-256 (a bundle of another time, or a
// defect on her side): Bob's own list says otherwise.
TEST_F(AcceptTest, DowngradeIsNoticedByTheResponder) {
  identity::Bundle weaker = bob_.bundle;
  weaker.suites = {crypto::Suite::kXChaCha20Poly1305};
  Session session = Must(Initiate({.local = alice_.local,
                                   .remote = bob_.remote(),
                                   .bundle = weaker,
                                   .one_time = nullptr,
                                   .suites = alice_.keys.suites},
                                  kNow, alice_.rng));
  EXPECT_THAT(AcceptFrom(bob_, alice_, Must(Send(session, "hi", alice_.rng))),
              HasCode(Code::kNoCommonSuite));
}

// Whoever rewrites the announced list or the choice on the way changes the transcript.
TEST_F(AcceptTest, AnnouncedListAndChoiceAreBoundIntoTheTranscript) {
  EXPECT_THAT(AcceptWith(envelope_,
                         [](PeekedHandshake& peeked, auto&, auto&, auto&, auto&) {
                           peeked.block.suites = {crypto::Suite::kXChaCha20Poly1305};
                           peeked.block.suite = crypto::Suite::kXChaCha20Poly1305;
                         }),
              HasCode(Code::kAuthFailed));
  EXPECT_THAT(
      AcceptWith(envelope_, [](PeekedHandshake& peeked, auto&, auto&, auto&,
                               auto&) { peeked.block.suite = crypto::Suite::kXChaCha20Poly1305; }),
      HasCode(Code::kNoCommonSuite));
}

TEST_F(AcceptTest, KeysOfSmallOrderAreRefused) {
  EXPECT_THAT(
      AcceptWith(envelope_, [](PeekedHandshake& peeked, auto&, auto&, auto&,
                               auto&) { peeked.block.ephemeral = crypto::X25519Public{1}; }),
      HasCode(Code::kInvalidKey));
}

TEST_F(AcceptTest, ClocksMayBeDaysApart) {
  PAWL_ASSERT_OK_AND_ASSIGN(Accepted accepted,
                            AcceptFrom(bob_, alice_, envelope_, {}, kNow + Days(6)));
  EXPECT_THAT(Receive(at_alice_, Must(Send(accepted.session, "hi", bob_.rng, kNow + Days(6))),
                      kNow - Days(6)),
              IsOkAndHolds(Eq("hi")));
}

class ResumptionTest : public testing::Test {
 protected:
  Bytes Fresh(const Session* displaces) {
    fresh_.emplace(Must(Begin(talk_.alice, talk_.bob, OneTime::kNo, displaces)));
    return Must(Send(*fresh_, "fresh", talk_.alice.rng));
  }
  absl::StatusOr<Accepted> AcceptAtBob(const Bytes& envelope) {
    const Session* known[] = {&talk_.at_bob};
    return AcceptFrom(talk_.bob, talk_.alice, envelope, known);
  }

  test::Conversation talk_;
  std::optional<Session> fresh_;
};

TEST_F(ResumptionTest, ProvenReplacementIsMixedInOnBothSides) {
  PAWL_ASSERT_OK_AND_ASSIGN(Accepted accepted, AcceptAtBob(Fresh(&talk_.at_alice)));
  EXPECT_EQ(accepted.displacement, Displacement::kResumed);
  EXPECT_EQ(accepted.session.facts().displaces, talk_.at_bob.transcript_hash());
  EXPECT_TRUE(accepted.session.resumed());
  EXPECT_FALSE(fresh_->resumed());
  EXPECT_THAT(Receive(*fresh_, Must(Send(accepted.session, "hi", talk_.bob.rng))), IsOk());
  EXPECT_TRUE(fresh_->resumed());
  EXPECT_THAT(Receive(accepted.session, Must(Send(*fresh_, "on", talk_.alice.rng))), IsOk());
}

TEST_F(ResumptionTest, WithoutProofAConfirmedSessionIsNeverDisplacedSilently) {
  PAWL_ASSERT_OK_AND_ASSIGN(const Accepted accepted, AcceptAtBob(Fresh(nullptr)));
  EXPECT_EQ(accepted.displacement, Displacement::kReset);
  EXPECT_FALSE(accepted.session.resumed());
}

TEST_F(ResumptionTest, ResponderThatLostTheOldOneAcceptsAndTheInitiatorLearnsIt) {
  PAWL_ASSERT_OK_AND_ASSIGN(Accepted accepted,
                            AcceptFrom(talk_.bob, talk_.alice, Fresh(&talk_.at_alice)));
  EXPECT_EQ(accepted.displacement, Displacement::kFirst);
  EXPECT_THAT(Receive(*fresh_, Must(Send(accepted.session, "hi", talk_.bob.rng))), IsOk());
  EXPECT_FALSE(fresh_->resumed());
}

TEST_F(ResumptionTest, FalseProofIsNoHandshakeAtAll) {
  const Bytes envelope = Fresh(&talk_.at_alice);
  PAWL_ASSERT_OK_AND_ASSIGN(PeekedHandshake peeked, test::Peek(talk_.bob, envelope));
  peeked.block.resumption->mac[0] ^= 1;
  const Session* known[] = {&talk_.at_bob};
  const RemoteDevice remote = talk_.alice.remote();
  EXPECT_THAT(Accept({.local = talk_.bob.local,
                      .remote = remote,
                      .handshake = peeked,
                      .envelope = envelope,
                      .bundle_keys = talk_.bob.keys,
                      .one_time = nullptr,
                      .sessions = known},
                     kNow),
              HasCode(Code::kAuthFailed));
}

}  // namespace
}  // namespace pawl::session
