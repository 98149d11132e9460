#include "session/envelope.h"

#include <gtest/gtest.h>

#include "support/matchers.h"

namespace pawl::session {
namespace {

using test::HasCode;
using test::IsOk;
using test::IsOkAndHolds;

Bytes Envelope(size_t size) {
  Bytes envelope(size);
  ByteArray<kTagSize> tag;
  tag.fill(7);
  WritePrefix(RouteTag(tag), envelope);
  return envelope;
}

TEST(PeekTag, ReadsTheTagBehindTheVersion) {
  ByteArray<kTagSize> tag;
  tag.fill(7);
  EXPECT_THAT(PeekTag(Envelope(256)), IsOkAndHolds(RouteTag(tag)));
}

TEST(PeekTag, RefusesSizesThatWeNeverPadTo) {
  for (size_t size : {1, 17, 128, 255, 257, 3000, 65535, 65537, 131072}) {
    SCOPED_TRACE(size);
    Bytes envelope(size);
    envelope[0] = kEnvelopeVersion;
    EXPECT_THAT(PeekTag(envelope), HasCode(Code::kMalformed));
  }
  EXPECT_THAT(PeekTag({}), HasCode(Code::kMalformed));
  EXPECT_THAT(PeekTag(Envelope(kMaxEnvelopeSize)), IsOk());
}

TEST(PeekTag, RefusesOtherVersionsWhateverTheirSize) {
  Bytes envelope = Envelope(256);
  envelope[0] = 2;
  EXPECT_THAT(PeekTag(envelope), HasCode(Code::kUnsupportedVersion));
  EXPECT_THAT(PeekTag(Bytes{0}), HasCode(Code::kUnsupportedVersion));
}

TEST(MaxContentSize, FillsTheLargestEnvelopeExactly) {
  for (auto suite : {crypto::Suite::kAegis256, crypto::Suite::kXChaCha20Poly1305}) {
    for (auto handshake : {WithHandshake::kNo, WithHandshake::kYes}) {
      EXPECT_EQ(
          MessageOffset(handshake) + ratchet::MessageSize(suite, MaxContentSize(suite, handshake)),
          kMaxEnvelopeSize);
    }
  }
}

}  // namespace
}  // namespace pawl::session
