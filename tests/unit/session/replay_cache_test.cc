#include "session/replay_cache.h"

#include <gtest/gtest.h>

namespace pawl::session {
namespace {

HandshakeId Id(uint8_t byte) {
  crypto::Hash32 hash;
  hash.fill(byte);
  return HandshakeId(hash);
}

TEST(ReplayCache, RemembersExactlyAsLongAsTheKeyExists) {
  ReplayCache cache;
  cache.Insert(Id(1), PrekeyId(3));
  cache.Insert(Id(2), PrekeyId(3));
  cache.Insert(Id(3), PrekeyId(6));
  EXPECT_TRUE(cache.Contains(Id(1)));
  EXPECT_FALSE(cache.Contains(Id(4)));
  EXPECT_EQ(cache.CountOf(PrekeyId(3)), 2u);
  cache.Forget(PrekeyId(3));
  EXPECT_FALSE(cache.Contains(Id(1)));
  EXPECT_TRUE(cache.Contains(Id(3)));
  EXPECT_EQ(cache.all().size(), 1u);
}

}  // namespace
}  // namespace pawl::session
