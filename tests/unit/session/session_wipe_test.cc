// What a session knew is gone from memory when it is gone: proven on the blocks that are freed.
#include <gtest/gtest.h>

#include <optional>

#include "session/sealed_state.h"
#include "session/session.h"
#include "support/matchers.h"
#include "support/two_devices.h"
#include "support/watch_freed_memory.h"

namespace pawl::session {
namespace {

using test::FreedMemoryWatch;
using test::IsOk;
using test::Must;
using test::Send;

TEST(FreedMemoryWatch, Bites) {
  static const uint8_t kPattern[] = {0xDE, 0xAD, 0xBE, 0xEF, 0xDE, 0xAD, 0xBE, 0xEF};
  const FreedMemoryWatch watch(kPattern);
  { const std::vector<uint8_t> careless(kPattern, kPattern + sizeof kPattern); }
  EXPECT_EQ(watch.hits(), 1u);
}

template <typename Secret>
ByteArray<32> CopyOf(const Secret& secret) {
  ByteArray<32> copy;
  std::copy_n(secret.Expose().begin(), 32, copy.begin());
  return copy;
}

class SessionWipeTest : public testing::Test {
 protected:
  std::optional<test::Conversation> talk_{std::in_place};
};

TEST_F(SessionWipeTest, ContentLeavesNoTraceInFreedMemory) {
  const std::string text(300, '~');
  const FreedMemoryWatch watch(AsBytes(text));
  const Bytes envelope = Must(Send(talk_->at_alice, text, talk_->alice.rng));
  {
    Stage stage(talk_->at_bob);
    ASSERT_THAT(stage.Open(envelope, test::FakeClock::kStart), IsOk());
    talk_->at_bob.Commit(std::move(stage));
  }
  EXPECT_EQ(watch.hits(), 0u);
}

TEST_F(SessionWipeTest, LongLivedSecretsDieWithTheSession) {
  const auto resumption = CopyOf(talk_->at_bob.facts().resumption);
  const FreedMemoryWatch watch(resumption);
  talk_.reset();
  EXPECT_EQ(watch.hits(), 0u);
}

TEST_F(SessionWipeTest, SavedStateIsBuiltInWipedMemory) {
  const auto resumption = CopyOf(talk_->at_bob.facts().resumption);
  test::SeededRng rng(1);
  const auto key = crypto::AeadKey::Random(rng);
  const FreedMemoryWatch watch(resumption);
  { const Session restored = Must(RestoreSession(SaveSession(talk_->at_bob, key, rng), key)); }
  EXPECT_EQ(watch.hits(), 0u);
}

TEST_F(SessionWipeTest, SkippedKeysDieWhenTheyAreUsed) {
  test::SeededRng rng(1);
  const auto sealing = crypto::AeadKey::Random(rng);
  const Bytes late = Must(Send(talk_->at_alice, "late", talk_->alice.rng));
  ASSERT_THAT(test::Receive(talk_->at_bob, Must(Send(talk_->at_alice, "now", talk_->alice.rng))),
              IsOk());
  const std::vector<SkippedRow> rows = talk_->at_bob.EncodeSkipped();
  ASSERT_EQ(rows.size(), 2u) << "a key of each ratchet";
  for (const SkippedRow& row : rows) {
    ByteArray<32> key;
    std::copy_n(row.value.Expose().begin() + 16, 32, key.begin());
    const FreedMemoryWatch watch(key);
    Session copy = Must(RestoreSession(SaveSession(talk_->at_bob, sealing, rng), sealing));
    ASSERT_THAT(test::Receive(copy, late), IsOk());
    { const Session ended = std::move(copy); }
    EXPECT_EQ(watch.hits(), 0u);
  }
}

}  // namespace
}  // namespace pawl::session
