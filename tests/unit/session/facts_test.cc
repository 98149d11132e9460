#include "session/facts.h"

#include <gtest/gtest.h>

#include "session/session.h"
#include "support/flip.h"
#include "support/matchers.h"
#include "support/two_devices.h"

namespace pawl::session {
namespace {

using test::HasCode;

Bytes Encode(const Facts& facts) {
  return ToBytes(EncodeFacts(facts, facts.pending.get()).Expose());
}

TEST(Facts, RestoreToTheSameBytes) {
  test::Conversation talk;
  test::TestDevice carol("carol@example.org:8443/9", 9);
  const Session pending =
      test::Must(test::Begin(talk.alice, carol, test::OneTime::kNo, &talk.at_alice));
  for (const Session* session :
       std::initializer_list<const Session*>{&talk.at_alice, &talk.at_bob, &pending}) {
    const Facts& facts = session->facts();
    PAWL_ASSERT_OK_AND_ASSIGN(const Facts restored, DecodeFacts(Encode(facts)));
    EXPECT_EQ(Encode(restored), Encode(facts));
    EXPECT_EQ(restored.local, facts.local);
    EXPECT_EQ(restored.remote, facts.remote);
    EXPECT_EQ(restored.role, facts.role);
    EXPECT_EQ(restored.suite, facts.suite);
    EXPECT_EQ(restored.transcript_hash, facts.transcript_hash);
    EXPECT_EQ(restored.displaces, facts.displaces);
    EXPECT_EQ(restored.pending == nullptr, facts.pending == nullptr);
  }
}

TEST(Facts, EveryDecodableStateHasOneEncoding) {
  test::Conversation talk;
  test::ForEachBitFlip(Encode(talk.at_bob.facts()), [](ByteView damaged) {
    const auto decoded = DecodeFacts(damaged);
    if (!decoded.ok()) return;
    EXPECT_EQ(Encode(*decoded), ToBytes(damaged));
  });
}

TEST(Facts, RefuseEveryOtherLength) {
  test::TestDevice alice("alice@example.org/1", 1);
  test::TestDevice bob("bob@example.org/1", 2);
  const Bytes encoded = Encode(test::Must(test::Begin(alice, bob)).facts());
  const auto refused = [](ByteView damaged) {
    EXPECT_THAT(DecodeFacts(damaged), HasCode(Code::kMalformed));
  };
  test::ForEachTruncation(encoded, refused, 5);
  test::WithTrailingByte(encoded, refused);
}

TEST(Facts, RefuseOtherVersions) {
  test::Conversation talk;
  Bytes newer = Encode(talk.at_bob.facts());
  newer[0] = 3;
  EXPECT_THAT(DecodeFacts(newer), HasCode(Code::kUnsupportedVersion));
}

}  // namespace
}  // namespace pawl::session
