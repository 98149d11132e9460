#include "ratchet/braid/skipped_keys.h"

#include <gtest/gtest.h>

namespace pawl::ratchet::braid {
namespace {

PqKeyId Id(uint64_t epoch, uint32_t index) { return {Epoch(epoch), index}; }

TEST(SkippedPqDelta, IsSeenThroughAndCommittedWhole) {
  SkippedPqMap base;
  base.emplace(Id(1, 1), SkippedPqKey());
  base.emplace(Id(1, 2), SkippedPqKey());
  SkippedPqDelta delta(base);
  delta.Add(Id(1, 3), {});
  delta.Remove(Id(1, 1));
  delta.Remove(Id(7, 7));  // not there
  EXPECT_EQ(delta.Find(Id(1, 1)), nullptr);
  EXPECT_NE(delta.Find(Id(1, 2)), nullptr);
  EXPECT_NE(delta.Find(Id(1, 3)), nullptr);
  EXPECT_EQ(delta.size(), 2u);
  EXPECT_EQ(base.size(), 2u);
  std::move(delta).CommitTo(base);
  EXPECT_FALSE(base.contains(Id(1, 1)));
  EXPECT_TRUE(base.contains(Id(1, 3)));
}

TEST(SkippedPqDelta, FullItForgetsTheOldestInTheOrderOfTheProtocol) {
  SkippedPqMap base;
  for (uint32_t i = 1; i <= kMaxSkippedPqKeys; ++i) base.emplace(Id(2, i), SkippedPqKey());
  SkippedPqDelta delta(base);
  delta.Add(Id(1, 9), {});
  EXPECT_EQ(delta.size(), kMaxSkippedPqKeys);
  EXPECT_EQ(delta.Find(Id(2, 1)), nullptr);
  delta.Add(Id(3, 1), {});
  EXPECT_EQ(delta.Find(Id(1, 9)), nullptr) << "older than all of the base";
  EXPECT_NE(delta.Find(Id(2, 2)), nullptr);
}

TEST(SkippedPqDelta, AnEpochGoesWithAllItsKeys) {
  SkippedPqMap base;
  base.emplace(Id(1, 5), SkippedPqKey());
  base.emplace(Id(2, 5), SkippedPqKey());
  SkippedPqDelta delta(base);
  delta.Add(Id(1, 6), {});
  delta.RemoveBefore(Epoch(2));
  EXPECT_EQ(delta.size(), 1u);
  EXPECT_NE(delta.Find(Id(2, 5)), nullptr);
}

}  // namespace
}  // namespace pawl::ratchet::braid
