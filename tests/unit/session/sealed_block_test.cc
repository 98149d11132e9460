#include "session/sealed_block.h"

#include <gtest/gtest.h>

#include "support/flip.h"
#include "support/matchers.h"
#include "support/two_devices.h"

namespace pawl::session {
namespace {

using test::HasCode;
using test::IsOk;

class SealedBlockTest : public testing::Test {
 protected:
  SealedBlockTest() {
    WritePrefix(RouteTag(alice_.rng.Array<kTagSize>()), frame_);
    EXPECT_THAT(SealBlock(bob_.bundle.seal_key, bob_.local.address, Block(), alice_.rng, frame_),
                IsOk());
  }
  const HandshakeBlock& Block() const { return session_.facts().pending->block; }
  absl::StatusOr<HandshakeBlock> Open(ByteView envelope) {
    return OpenBlock(bob_.keys.seal_key.secret, bob_.local.address, envelope);
  }

  test::TestDevice alice_{"alice@example.org/1", 1};
  test::TestDevice bob_{"bob@example.org/1", 2};
  Session session_ = test::Must(test::Begin(alice_, bob_));
  Bytes frame_ = Bytes(4096);
};

TEST_F(SealedBlockTest, OpensToTheBlock) {
  PAWL_ASSERT_OK_AND_ASSIGN(const HandshakeBlock block, Open(frame_));
  EXPECT_EQ(block.Core(), Block().Core());
}

TEST_F(SealedBlockTest, NothingOfTheSenderShows) {
  const std::string text(AsText(frame_));
  EXPECT_EQ(text.find("alice"), std::string::npos);
  const Bytes& record = Block().epoch_record;
  EXPECT_EQ(text.find(std::string(AsText(record)).substr(20, 16)), std::string::npos);
}

TEST_F(SealedBlockTest, EachSealingIsFresh) {
  Bytes again(frame_.size());
  std::copy_n(frame_.begin(), kPrefixSize, again.begin());
  ASSERT_THAT(SealBlock(bob_.bundle.seal_key, bob_.local.address, Block(), alice_.rng, again),
              IsOk());
  const auto part = [](const Bytes& frame) {
    return ToBytes(ByteView(frame).subspan(kPrefixSize, kHandshakePartSize));
  };
  EXPECT_NE(part(again), part(frame_));
  size_t same = 0;
  for (size_t i = 0; i < kHandshakePartSize; ++i) same += part(again)[i] == part(frame_)[i];
  EXPECT_LT(same, kHandshakePartSize / 64);
}

TEST_F(SealedBlockTest, DoesNotSurviveAFlippedBitOfPrefixOrPart) {
  const ByteView covered = ByteView(frame_).first(kPrefixSize + kHandshakePartSize);
  const auto refused = [&](ByteView damaged) { EXPECT_FALSE(Open(damaged).ok()); };
  test::ForEachBitFlip(covered, refused, 61);
  test::ForEachTruncation(covered, refused, 61);
}

TEST_F(SealedBlockTest, IsForOneMailboxAndOneKey) {
  EXPECT_THAT(OpenBlock(bob_.keys.seal_key.secret, alice_.local.address, frame_),
              HasCode(Code::kAuthFailed));
  EXPECT_THAT(OpenBlock(alice_.keys.seal_key.secret, bob_.local.address, frame_),
              HasCode(Code::kAuthFailed));
}

TEST_F(SealedBlockTest, SealKeyThatIsNoKeyIsRefused) {
  crypto::XWingPublic bad = bob_.bundle.seal_key;
  bad.fill(0xFF);  // coefficients above the modulus
  EXPECT_THAT(SealBlock(bad, bob_.local.address, Block(), alice_.rng, frame_),
              HasCode(Code::kInvalidKey));
}

}  // namespace
}  // namespace pawl::session
