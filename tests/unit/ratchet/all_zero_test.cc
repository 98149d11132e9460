#include "ratchet/all_zero.h"

#include <gtest/gtest.h>

namespace pawl::ratchet {
namespace {

TEST(AllZero, FindsASingleByteAnywhere) {
  EXPECT_TRUE(AllZero({}));
  for (size_t size = 1; size < 70; ++size) {
    Bytes bytes(size);
    EXPECT_TRUE(AllZero(bytes));
    for (uint8_t& byte : bytes) {
      byte = 1;
      EXPECT_FALSE(AllZero(bytes));
      byte = 0;
    }
    EXPECT_FALSE(AllZero(Bytes(size, 7)));
  }
}

}  // namespace
}  // namespace pawl::ratchet
