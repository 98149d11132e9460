#include "session/devices.h"

#include <gtest/gtest.h>

#include "support/two_devices.h"

namespace pawl::session {
namespace {

TEST(LocalDevice, CloneHasTheSameKeys) {
  const test::TestDevice alice("alice@example.org/1", 1);
  const LocalDevice copy = alice.local.Clone();
  EXPECT_EQ(copy.address, alice.local.address);
  EXPECT_EQ(copy.account_key, alice.local.account_key);
  EXPECT_EQ(copy.signing_key, alice.local.signing_key);
  EXPECT_EQ(copy.epoch, alice.local.epoch);
  EXPECT_EQ(copy.epoch_record, alice.local.epoch_record);
  EXPECT_EQ(copy.list, alice.local.list);
  EXPECT_TRUE(copy.identity_key.secret.Equals(alice.local.identity_key.secret));
}

TEST(PublicPart, IsWhatAVerifiedListSays) {
  const test::TestDevice alice("alice@example.org/1", 1);
  const RemoteDevice seen = PublicPart(alice.local);
  EXPECT_EQ(seen.address, alice.local.address);
  EXPECT_EQ(seen.account_key, alice.list.fields().account_key);
  EXPECT_EQ(seen.signing_key, alice.list.Find(DeviceId(1))->signing_key);
}

}  // namespace
}  // namespace pawl::session
