#include "ratchet/skipped_keys.h"

#include <gmock/gmock.h>

#include "support/matchers.h"
#include "support/seeded_rng.h"

namespace pawl::ratchet {
namespace {

using test::HasCode;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

RouteTag Tag(uint32_t number) {
  ByteArray<16> bytes{};
  for (size_t i = 0; i < 4; ++i) bytes[i] = static_cast<uint8_t>(number >> (8 * i));
  return RouteTag(bytes);
}

SkippedKey Key(uint32_t serial, uint32_t n) {
  SkippedKey key{serial, n, Timestamp{123}};
  key.seed.Writable()[0] = static_cast<uint8_t>(n);
  return key;
}

// A store filled to the brim: chain 0, numbers 0 … kMaxSkippedKeys - 1, tags alike.
SkippedKeys Full() {
  SkippedKeys keys;
  for (uint32_t n = 0; n < kMaxSkippedKeys; ++n) keys.Insert(Tag(n), Key(0, n));
  return keys;
}

TEST(SkippedKey, HasAFixedEncoding) {
  ByteArray<kSkippedKeySize> encoded;
  EncodeSkippedKey(Key(7, 9), encoded);
  PAWL_ASSERT_OK_AND_ASSIGN(const SkippedKey key, DecodeSkippedKey(encoded));
  EXPECT_EQ(key.serial, 7u);
  EXPECT_EQ(key.n, 9u);
  EXPECT_EQ(key.expires_at, Timestamp{123});
  EXPECT_TRUE(key.seed.Equals(Key(7, 9).seed));
  EXPECT_THAT(DecodeSkippedKey(ByteView(encoded).first(47)), HasCode(Code::kMalformed));
}

TEST(SkippedKeys, FindsWhatWasInsertedAndNothingElse) {
  SkippedKeys keys;
  EXPECT_TRUE(keys.Insert(Tag(1), Key(0, 1)));
  EXPECT_FALSE(keys.Insert(Tag(1), Key(0, 2)));
  ASSERT_NE(keys.Find(Tag(1)), nullptr);
  EXPECT_EQ(keys.Find(Tag(1))->n, 1u);
  EXPECT_EQ(keys.Find(Tag(2)), nullptr);
  EXPECT_TRUE(keys.Erase(Tag(1)));
  EXPECT_FALSE(keys.Erase(Tag(1)));
  EXPECT_EQ(keys.size(), 0u);
  EXPECT_EQ(keys.NextAfter(std::nullopt), std::nullopt);
}

TEST(SkippedKeys, AgeIsChainThenNumberWhateverTheOrderOfArrival) {
  SkippedKeys keys;
  keys.Insert(Tag(1), Key(2, 0));
  keys.Insert(Tag(2), Key(1, 9));
  keys.Insert(Tag(3), Key(1, 3));
  const auto first = keys.NextAfter(std::nullopt);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->tag, Tag(3));
  EXPECT_EQ(keys.NextAfter(first)->tag, Tag(2));
}

TEST(SkippedDelta, SeesTheBaseThroughItsChangesAndLeavesItAlone) {
  SkippedKeys base;
  base.Insert(Tag(1), Key(0, 1));
  base.Insert(Tag(2), Key(0, 2));
  SkippedDelta delta(base);
  std::vector<RouteTag> evicted;
  delta.Add(Tag(3), Key(0, 3), evicted);
  EXPECT_TRUE(delta.Remove(Tag(1)));
  EXPECT_FALSE(delta.Remove(Tag(1)));
  EXPECT_EQ(delta.Find(Tag(1)), nullptr);
  EXPECT_NE(delta.Find(Tag(2)), nullptr);
  EXPECT_NE(delta.Find(Tag(3)), nullptr);
  EXPECT_EQ(delta.size(), 2u);
  EXPECT_EQ(base.size(), 2u);
  EXPECT_NE(base.Find(Tag(1)), nullptr);

  std::move(delta).CommitTo(base);
  EXPECT_EQ(base.Find(Tag(1)), nullptr);
  EXPECT_NE(base.Find(Tag(3)), nullptr);
  EXPECT_THAT(evicted, IsEmpty());
}

TEST(SkippedDelta, AddedAndUsedAgainBeforeTheCommitLeavesNothing) {
  SkippedKeys base;
  SkippedDelta delta(base);
  std::vector<RouteTag> evicted;
  delta.Add(Tag(3), Key(0, 3), evicted);
  EXPECT_TRUE(delta.Remove(Tag(3)));
  EXPECT_THAT(delta.added(), IsEmpty());
  EXPECT_THAT(delta.removed(), IsEmpty());
}

TEST(SkippedDelta, FullMeansTheOldestGoFirst) {
  SkippedKeys base = Full();
  SkippedDelta delta(base);
  std::vector<RouteTag> evicted;
  delta.Remove(Tag(0));  // used: makes room for one
  delta.Add(Tag(9000), Key(1, 0), evicted);
  EXPECT_THAT(evicted, IsEmpty());
  delta.Add(Tag(9001), Key(1, 1), evicted);
  delta.Add(Tag(9002), Key(1, 2), evicted);
  EXPECT_THAT(evicted, ElementsAre(Tag(1), Tag(2)));
  EXPECT_EQ(delta.size(), kMaxSkippedKeys);
  std::move(delta).CommitTo(base);
  EXPECT_EQ(base.size(), kMaxSkippedKeys);
  EXPECT_EQ(base.NextAfter(std::nullopt)->tag, Tag(3));
}

TEST(SkippedDelta, TurnsOverCompletelyWhenMoreIsAddedThanItHolds) {
  SkippedKeys base = Full();
  SkippedDelta delta(base);
  std::vector<RouteTag> evicted;
  for (uint32_t n = 0; n < kMaxSkippedKeys + 5; ++n) delta.Add(Tag(10'000 + n), Key(1, n), evicted);
  EXPECT_THAT(evicted, SizeIs(kMaxSkippedKeys + 5));
  EXPECT_EQ(delta.size(), kMaxSkippedKeys);
  EXPECT_EQ(delta.Find(Tag(10'004)), nullptr);
  EXPECT_NE(delta.Find(Tag(10'005)), nullptr);
}

TEST(SkippedDelta, ForgottenChainsTakeTheirKeysWithThem) {
  SkippedKeys base;
  base.Insert(Tag(1), Key(0, 1));
  base.Insert(Tag(2), Key(1, 0));
  base.Insert(Tag(3), Key(2, 0));
  SkippedDelta delta(base);
  std::vector<RouteTag> evicted;
  delta.Add(Tag(4), Key(1, 7), evicted);
  delta.RemoveChains(1, evicted);
  EXPECT_THAT(evicted, ElementsAre(Tag(1), Tag(2), Tag(4)));
  EXPECT_EQ(delta.size(), 1u);
  EXPECT_NE(delta.Find(Tag(3)), nullptr);
}

}  // namespace
}  // namespace pawl::ratchet
