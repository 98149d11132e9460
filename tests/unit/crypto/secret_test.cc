#include "crypto/secret.h"

#include <gmock/gmock.h>

#include <memory>
#include <type_traits>

#include "support/seeded_rng.h"

namespace pawl::crypto {
namespace {

using KeyA = Secret<struct KeyATag, 32>;
using KeyB = Secret<struct KeyBTag, 32>;

static_assert(!std::is_copy_constructible_v<KeyA>);
static_assert(!std::is_copy_assignable_v<KeyA>);
static_assert(!std::is_default_constructible_v<KeyA>);
static_assert(!std::is_convertible_v<KeyA, KeyB>);
static_assert(!std::equality_comparable<KeyA>);
static_assert(std::is_nothrow_move_constructible_v<KeyA>);
static_assert(!std::is_copy_constructible_v<SecretBytes>);

ByteArray<32> Pattern() {
  ByteArray<32> bytes;
  bytes.fill(0xa5);
  return bytes;
}

bool AllZero(ByteView bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](uint8_t byte) { return byte == 0; });
}

// A place that outlives what is built in it, to look at what is left.
template <typename T>
struct Place {
  alignas(T) ByteArray<sizeof(T)> memory{};
  T* Put(T value) { return new (memory.data()) T(std::move(value)); }
};

TEST(Secret, IsWipedWhenItEnds) {
  Place<KeyA> place;
  KeyA* key = place.Put(KeyA::From(Pattern()));
  ASSERT_FALSE(AllZero(place.memory));
  key->~KeyA();
  EXPECT_TRUE(AllZero(place.memory));
}

TEST(Secret, TheMovedFromIsWiped) {
  KeyA from = KeyA::From(Pattern());
  const KeyA to = std::move(from);
  EXPECT_TRUE(AllZero(from.Expose()));  // NOLINT(bugprone-use-after-move)
  EXPECT_TRUE(to.Equals(KeyA::From(Pattern())));

  KeyA again = KeyA::From(Pattern());
  KeyA target = KeyA::Zero();
  target = std::move(again);
  EXPECT_TRUE(AllZero(again.Expose()));  // NOLINT(bugprone-use-after-move)
  EXPECT_TRUE(target.Equals(to));
}

TEST(Secret, AssigningItselfKeepsIt) {
  KeyA key = KeyA::From(Pattern());
  KeyA& alias = key;
  key = std::move(alias);
  EXPECT_TRUE(key.Equals(KeyA::From(Pattern())));
}

TEST(Secret, ACloneIsEqualAndIndependent) {
  KeyA key = KeyA::From(Pattern());
  const KeyA clone = key.Clone();
  EXPECT_TRUE(clone.Equals(key));
  key.Writable()[0] = 0;
  EXPECT_FALSE(clone.Equals(key));
}

TEST(Secret, RandomTakesFromTheRng) {
  test::SeededRng rng(1), same(1);
  EXPECT_TRUE(SameBytes(KeyA::Random(rng).Expose(), same.Array<32>()));
}

TEST(ConstantTimeEqual, ComparesContentAndLength) {
  const Bytes a = {1, 2, 3};
  EXPECT_TRUE(ConstantTimeEqual(a, Bytes{1, 2, 3}));
  EXPECT_FALSE(ConstantTimeEqual(a, Bytes{1, 2, 4}));
  EXPECT_FALSE(ConstantTimeEqual(a, Bytes{0, 2, 3}));
  EXPECT_FALSE(ConstantTimeEqual(a, Bytes{1, 2}));
  EXPECT_TRUE(ConstantTimeEqual({}, {}));
}

TEST(SecretBytes, StartsZeroedAndCopiesWhatItIsGiven) {
  EXPECT_TRUE(AllZero(SecretBytes(100).Expose()));
  const SecretBytes copy = SecretBytes::From(Pattern());
  EXPECT_TRUE(SameBytes(copy.Expose(), Pattern()));
  EXPECT_TRUE(SameBytes(copy.Clone().Expose(), Pattern()));
  EXPECT_TRUE(SecretBytes().empty());
  EXPECT_TRUE(SecretBytes(0).empty());
}

TEST(SecretBytes, MovingHandsOverTheVeryMemory) {
  SecretBytes from = SecretBytes::From(Pattern());
  const uint8_t* data = from.Expose().data();
  SecretBytes to = std::move(from);
  EXPECT_EQ(to.Expose().data(), data);
  EXPECT_TRUE(from.empty());  // NOLINT(bugprone-use-after-move)
  SecretBytes other(5);
  other = std::move(to);
  EXPECT_EQ(other.Expose().data(), data);
  EXPECT_TRUE(to.empty());  // NOLINT(bugprone-use-after-move)
}

TEST(SecretBytes, ShrinkWipesTheTailAndNeverGrows) {
  SecretBytes bytes = SecretBytes::From(Pattern());
  const ByteView whole = bytes.Expose();
  bytes.Shrink(10);
  EXPECT_EQ(bytes.size(), 10u);
  EXPECT_EQ(bytes.Expose().data(), whole.data());
  EXPECT_TRUE(AllZero(whole.subspan(10)));
  bytes.Shrink(20);
  EXPECT_EQ(bytes.size(), 10u);
}

}  // namespace
}  // namespace pawl::crypto
