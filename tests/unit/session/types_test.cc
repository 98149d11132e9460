#include "session/types.h"

#include <gtest/gtest.h>

#include "support/hex.h"

namespace pawl::session {
namespace {

TEST(ListRefs, StandInTheHeaderAsSenderThenRecipient) {
  ListRefs refs;
  refs.sender.version = 0x01020304;
  refs.sender.hash.fill(0xAA);
  refs.recipient.version = 5;
  refs.recipient.hash.fill(0xBB);
  const auto context = EncodeRefs(refs);
  EXPECT_EQ(test::ToHex(context),
            "01020304aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa00000005bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb");
  EXPECT_EQ(DecodeRefs(context), refs);
}

}  // namespace
}  // namespace pawl::session
