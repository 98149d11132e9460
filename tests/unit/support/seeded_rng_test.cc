#include "support/seeded_rng.h"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

namespace pawl::test {
namespace {

TEST(SeededRng, OneSeedIsOneStream) {
  SeededRng a(7), b(7), c(8);
  for (int draw = 0; draw < 10; ++draw) {
    const auto bytes = a.Array<40>();
    EXPECT_EQ(bytes, b.Array<40>());
    EXPECT_NE(bytes, c.Array<40>());
  }
}

TEST(SeededRng, NoDrawRepeats) {
  SeededRng rng(1);
  EXPECT_NE(rng.Array<32>(), rng.Array<32>());
}

TEST(ScriptedRng, GivesTheScriptAndThenFails) {
  ScriptedRng rng({1, 2, 3});
  EXPECT_EQ(rng.Array<2>(), (ByteArray<2>{1, 2}));
  EXPECT_EQ(rng.remaining(), 1u);
  EXPECT_NONFATAL_FAILURE(rng.Array<2>(), "asked for 2");
}

}  // namespace
}  // namespace pawl::test
