#include "client/engine/waiting.h"

#include <gtest/gtest.h>

namespace pawl::client {
namespace {

ParkedEnvelope Envelope(size_t size) {
  ParkedEnvelope envelope;
  envelope.bytes = Bytes(size, 1);
  return envelope;
}

TEST(Waiting, ParkedEnvelopesAreFoundByIdAndCounted) {
  Parked parked;
  parked.envelopes.emplace_back(EnvelopeId({1}), Envelope(256));
  parked.envelopes.emplace_back(EnvelopeId({2}), Envelope(512));
  EXPECT_EQ(parked.bytes(), 768u);
  ASSERT_NE(parked.Find(EnvelopeId({2})), nullptr);
  EXPECT_EQ(parked.Find(EnvelopeId({2}))->bytes.size(), 512u);
  EXPECT_EQ(parked.Find(EnvelopeId({3})), nullptr);
  parked.Erase(EnvelopeId({1}));
  parked.Erase(EnvelopeId({3}));
  EXPECT_EQ(parked.bytes(), 512u);
}

TEST(Waiting, AClockSetBackEndsNothingAndHoldsNothingUp) {
  const Timestamp now{1'000'000'000};
  Parked parked;
  parked.envelopes.emplace_back(EnvelopeId({1}), Envelope(256));
  parked.envelopes.back().second.since = now + Days(3);
  parked.envelopes.emplace_back(EnvelopeId({2}), Envelope(256));
  parked.envelopes.back().second.since = now + Days(3);
  parked.envelopes.back().second.retry_at = now + Days(3);
  parked.Follow(now);
  EXPECT_EQ(parked.envelopes[0].second.since, now);
  EXPECT_EQ(parked.envelopes[0].second.ends_at(), now + kQuarantineTime);
  EXPECT_EQ(parked.envelopes[1].second.retry_at, now + kTrialRetry);
  EXPECT_EQ(parked.envelopes[1].second.ends_at(), kNever) << "not tried yet";
}

TEST(Waiting, PendingRowsAreCountedPerDevice) {
  PendingIndex pending;
  const auto bob = *identity::Address::Parse("bob@example.org");
  pending.Add(WholeAccount(bob), 2);
  pending.Add({bob, DeviceId(1)}, 1);
  EXPECT_EQ(pending.Count(WholeAccount(bob)), 2);
  EXPECT_EQ(pending.Count({bob, DeviceId(2)}), 0);
  pending.Add(WholeAccount(bob), -2);
  EXPECT_EQ(pending.Count(WholeAccount(bob)), 0);
  EXPECT_EQ(pending.all().size(), 1u);
}

}  // namespace
}  // namespace pawl::client
