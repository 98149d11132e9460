#include "session/progress.h"

#include <gtest/gtest.h>

#include "support/flip.h"
#include "support/matchers.h"
#include "support/two_devices.h"

namespace pawl::session {
namespace {

using test::HasCode;

Bytes Encode(const Progress& progress) { return ToBytes(EncodeProgress(progress).Expose()); }

TEST(Progress, RestoresToTheSameBytes) {
  test::Conversation talk;
  const Bytes encoded = ToBytes(talk.at_bob.EncodeProgress().Expose());
  EXPECT_LE(encoded.size(), kMaxProgressSize);
  PAWL_ASSERT_OK_AND_ASSIGN(const Progress restored, DecodeProgress(encoded));
  EXPECT_EQ(Encode(restored), encoded);
  EXPECT_EQ(Encode(restored.Clone()), encoded);
  EXPECT_EQ(restored.last_received_at, talk.at_bob.last_received_at());
  EXPECT_TRUE(restored.confirmed);
}

TEST(Progress, EveryDecodableStateHasOneEncoding) {
  test::Conversation talk;
  test::ForEachBitFlip(talk.at_bob.EncodeProgress().Expose(), [](ByteView damaged) {
    const auto decoded = DecodeProgress(damaged);
    if (!decoded.ok()) return;
    EXPECT_EQ(Encode(*decoded), ToBytes(damaged));
  });
}

TEST(Progress, RefusesOtherLengthsFlagsAndVersions) {
  test::Conversation talk;
  const Bytes encoded = ToBytes(talk.at_bob.EncodeProgress().Expose());
  const auto refused = [](ByteView damaged) {
    EXPECT_THAT(DecodeProgress(damaged), HasCode(Code::kMalformed));
  };
  test::ForEachTruncation(encoded, refused);
  test::WithTrailingByte(encoded, refused);
  Bytes flags = encoded;
  flags[1] = 8;
  refused(flags);
  Bytes newer = encoded;
  newer[0] = 3;
  EXPECT_THAT(DecodeProgress(newer), HasCode(Code::kUnsupportedVersion));
}

TEST(Progress, WhatAnEarlierReleaseStoredHasNoPostQuantumPart) {
  test::Conversation talk;
  Progress progress = test::Must(DecodeProgress(talk.at_bob.EncodeProgress().Expose()));
  progress.spqr.reset();
  const Bytes earlier = Encode(progress);
  EXPECT_EQ(earlier[0], 1);
  EXPECT_EQ(earlier.size(), 10 + ratchet::kCoreSize);
  PAWL_ASSERT_OK_AND_ASSIGN(const Progress restored, DecodeProgress(earlier));
  EXPECT_FALSE(restored.spqr.has_value());
  EXPECT_EQ(Encode(restored), earlier);
}

}  // namespace
}  // namespace pawl::session
