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
