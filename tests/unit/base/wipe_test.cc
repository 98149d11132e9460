#include "base/wipe.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace pawl {
namespace {

TEST(Wipe, ZeroesExactlyTheView) {
  Bytes bytes(10, 0xaa);
  Wipe(MutableByteView(bytes).subspan(2, 5));
  EXPECT_EQ(bytes, (Bytes{0xaa, 0xaa, 0, 0, 0, 0, 0, 0xaa, 0xaa, 0xaa}));
  Wipe({});
}

}  // namespace
}  // namespace pawl
