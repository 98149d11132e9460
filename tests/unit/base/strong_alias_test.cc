#include "base/strong_alias.h"

#include <gtest/gtest.h>

#include <type_traits>

#include "absl/container/flat_hash_set.h"
#include "base/ids.h"

namespace pawl {
namespace {

static_assert(!std::is_convertible_v<uint32_t, DeviceId>);
static_assert(!std::is_convertible_v<DeviceId, DeviceEpoch>);
static_assert(!std::is_same_v<MessageId, EnvelopeId>);

TEST(StrongAlias, ComparesAndHashesLikeItsValue) {
  EXPECT_LT(DeviceId(1), DeviceId(2));
  EXPECT_EQ(DeviceId(2), DeviceId(2));
  EXPECT_NE(MessageId(ByteArray<16>{1}), MessageId(ByteArray<16>{2}));
  const absl::flat_hash_set<MessageId> set = {MessageId(ByteArray<16>{1})};
  EXPECT_TRUE(set.contains(MessageId(ByteArray<16>{1})));
  EXPECT_FALSE(set.contains(MessageId()));
}

}  // namespace
}  // namespace pawl
