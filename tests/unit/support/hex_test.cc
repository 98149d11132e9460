#include "support/hex.h"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

namespace pawl::test {
namespace {

TEST(Hex, WhatIsWrittenReadsBack) {
  const Bytes bytes = {0x00, 0x7f, 0x80, 0xff, 0x1a};
  EXPECT_EQ(ToHex(bytes), "007f80ff1a");
  EXPECT_EQ(FromHex("007f80ff1a"), bytes);
  EXPECT_EQ(FromHex("007F80FF1A"), bytes);
}

TEST(Hex, WhatIsNotHexFailsTheTest) {
  EXPECT_NONFATAL_FAILURE(FromHex("0g"), "not hex");
  EXPECT_NONFATAL_FAILURE(FromHex("abc"), "odd number");
  EXPECT_NONFATAL_FAILURE(ArrayFromHex<2>("aa"), "expected 2 bytes");
}

}  // namespace
}  // namespace pawl::test
