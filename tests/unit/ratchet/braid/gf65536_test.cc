#include "ratchet/braid/gf65536.h"

#include <gtest/gtest.h>

#include "support/seeded_rng.h"

namespace pawl::ratchet::braid {
namespace {

// Long multiplication and long division, as the definition says.
GfElement Product(GfElement a, GfElement b) {
  uint64_t product = 0;
  for (int i = 0; i < 16; ++i) {
    if ((b >> i & 1) != 0) product ^= uint64_t{a} << i;
  }
  for (int degree = 30; degree >= 16; --degree) {
    if ((product >> degree & 1) != 0) product ^= uint64_t{0x1100b} << (degree - 16);
  }
  return static_cast<GfElement>(product);
}

GfElement Draw(test::SeededRng& rng) { return static_cast<GfElement>(rng.U64()); }

TEST(Gf65536, MultipliesAsTheDefinitionSays) {
  test::SeededRng rng(1);
  for (int i = 0; i < 100'000; ++i) {
    const GfElement a = Draw(rng), b = Draw(rng);
    ASSERT_EQ(GfMultiply(a, b), Product(a, b)) << a << " * " << b;
  }
}

TEST(Gf65536, EveryElementButZeroHasAnInverse) {
  EXPECT_EQ(GfInverse(0), 0);
  for (uint32_t a = 1; a <= 0xffff; ++a) {
    const auto element = static_cast<GfElement>(a);
    ASSERT_EQ(GfMultiply(element, GfInverse(element)), 1) << a;
  }
}

TEST(Gf65536, AMultiplierGivesTheSameProducts) {
  test::SeededRng rng(2);
  for (const GfElement factor : std::array<GfElement, 5>{0, 1, 0x8000, 0xffff, 0x1234}) {
    const GfMultiplier times(factor);
    for (uint32_t i = 0; i <= 0xffff; ++i) {
      const auto value = static_cast<GfElement>(i);
      ASSERT_EQ(times(value), GfMultiply(factor, value)) << value;
    }
  }
  for (int i = 0; i < 10'000; ++i) {
    const GfElement factor = Draw(rng), value = Draw(rng);
    ASSERT_EQ(GfMultiplier(factor)(value), GfMultiply(factor, value));
  }
}

}  // namespace
}  // namespace pawl::ratchet::braid
