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
  EXPECT_EQ(encoded.size(), kProgressSize);
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
  newer[0] = 2;
  EXPECT_THAT(DecodeProgress(newer), HasCode(Code::kUnsupportedVersion));
}

}  // namespace
}  // namespace pawl::session
