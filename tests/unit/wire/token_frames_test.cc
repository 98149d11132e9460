#include "wire/token_frames.h"

#include <gtest/gtest.h>

#include "support/matchers.h"
#include "unit/wire/round_trip.h"
#include "wire/frame_parts.h"

namespace pawl::wire {
namespace {

class TokenFrames : public ::testing::Test {
 protected:
  FrameWriter writer_;
  const Bytes payload_ = {1, 2, 3, 4, 5};
};

TEST_F(TokenFrames, TokensAreAskedFor) {
  auto view = RoundTrip(writer_, TokenKeysGet{20});
  ASSERT_TRUE(view);
  EXPECT_EQ(view->header->body_as_TokenKeysGet()->req(), 20u);
  view = RoundTrip(writer_, TokenIssue{21, (ByteArray<16>{4}), 690, true, payload_});
  ASSERT_TRUE(view);
  const fb::TokenIssue* issue = view->header->body_as_TokenIssue();
  EXPECT_EQ(ToArray(*issue->id()), (ByteArray<16>{4}));
  EXPECT_EQ(issue->period(), 690u);
  EXPECT_TRUE(issue->large());
  EXPECT_TRUE(SameBytes(view->payload, payload_));
}

TEST_F(TokenFrames, TokensAndTheirKeys) {
  auto view = RoundTrip(writer_, TokenKeys{14, 690, Timestamp{5}, {1}, {2}});
  ASSERT_TRUE(view);
  const fb::TokenKeys* keys = view->header->body_as_TokenKeys();
  EXPECT_EQ(keys->period(), 690u);
  EXPECT_EQ(keys->until_ms(), 5);
  EXPECT_EQ(ToArray(*keys->small()), (ByteArray<32>{1}));
  EXPECT_EQ(ToArray(*keys->large()), (ByteArray<32>{2}));
  view = RoundTrip(writer_, TokensIssued{15, {3}, payload_});
  ASSERT_TRUE(view);
  EXPECT_EQ(ToArray(*view->header->body_as_TokensIssued()->proof()), (ByteArray<64>{3}));
  EXPECT_TRUE(SameBytes(view->payload, payload_));
}

}  // namespace
}  // namespace pawl::wire
