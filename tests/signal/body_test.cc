// The bodies of a recorded conversation of libsignal, wherever the recording tells the Double
// Ratchet's key: opened with the key that our profile and our Braid make of it, and sealed again to
// the very bytes that libsignal sent.
#include <gtest/gtest.h>

#include "ec_keys.h"
#include "message.h"
#include "recorded_braid.h"
#include "spqr_message.h"
#include "support/hex.h"
#include "support/matchers.h"
#include "support/vectors.h"

namespace pawl::signal {
namespace {

using test::HasCode;
using test::ToHex;

class SignalBodies : public ::testing::Test {
 protected:
  void Replay(const Recording& recording) {
    const EcKeys ec_keys(recording);
    roots_compared_ = ec_keys.roots_compared();
    RecordedBraid braid(recording);
    for (const Step& step : recording.steps) {
      SCOPED_TRACE(opened_ + without_key_);
      const RecordedBraid::Sent sent = RecordedBraid::Send(braid.party(step.from_a));
      ASSERT_EQ(ToHex(EncodePq(RecordedBraid::scheme(), sent.stamp)), ToHex(step.pq));
      if (step.delivered) RecordedBraid::Receive(braid.party(!step.from_a), sent.stamp);
      PAWL_ASSERT_OK_AND_ASSIGN(const SignalMessage message, ParseSignalMessage(step.message));
      const auto seed = ec_keys.SeedOf(message.ratchet_key, message.counter);
      if (!seed) {
        ++without_key_;
        continue;
      }
      ++opened_;
      ExpectBody(DeriveMessageKeys(*seed, sent.key), IdentitiesOf(recording, step), step, message);
    }
  }

  static Identities IdentitiesOf(const Recording& recording, const Step& step) {
    Identities of_a{test::ArrayOf<33>(recording.alice_identity),
                    test::ArrayOf<33>(recording.bob_identity)};
    return step.from_a ? of_a : Identities{of_a.recipient, of_a.sender};
  }

  static void ExpectBody(const MessageKeys& keys, const Identities& identities, const Step& step,
                         const SignalMessage& message) {
    PAWL_ASSERT_OK_AND_ASSIGN(const Bytes plaintext, Open(keys, identities, step.message, message));
    EXPECT_EQ(ToHex(plaintext), ToHex(step.plaintext));
    PAWL_ASSERT_OK_AND_ASSIGN(const Bytes again, Seal(keys, identities, message, step.plaintext));
    EXPECT_EQ(ToHex(again), ToHex(step.message));
    EXPECT_THAT(Open(keys, {identities.recipient, identities.sender}, step.message, message),
                HasCode(Code::kAuthFailed));
  }

  int opened_ = 0;
  int without_key_ = 0;
  int roots_compared_ = 0;
};

// The other chains began between two snapshots: neither of their private ratchet keys was recorded,
// nor a chain key of that number or an earlier one.
TEST_F(SignalBodies, AreOpenedAndSealedWhereverTheRecordingHasTheKey) {
  PAWL_VECTORS_OR_SKIP(transcript, "triple-ratchet/transcript.json.gz");
  const Recording recording = ReadRecording(transcript);
  Replay(recording);
  EXPECT_EQ(opened_, 158);
  EXPECT_EQ(without_key_, 142);
  EXPECT_EQ(roots_compared_, 26) << "with the recorded ones";
}

}  // namespace
}  // namespace pawl::signal
