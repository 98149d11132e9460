#include "relay/engine/sqlite/device_rows.h"

#include "test_store.h"

namespace pawl::relay::engine::sqlite {
namespace {

using DeviceRows = TestStore;

TEST_F(DeviceRows, MatchingAddsAndRemovesAndLeavesTheRest) {
  const MailboxRef first = MakeAccount("bob@x");
  WriteContext context = Context();
  PAWL_ASSERT_OK_AND_ASSIGN(const int64_t account, FindAccount(*db_, "bob@x"));
  std::vector<MailboxRef> removed;
  const DeviceRow one{DeviceId(1), {}}, two{DeviceId(2), {}}, three{DeviceId(3), {}};
  EXPECT_THAT(MatchDevices(context, account, {one, two}, &removed), test::IsOk());
  EXPECT_TRUE(removed.empty());
  PAWL_ASSERT_OK_AND_ASSIGN(const MailboxRef second, FindMailbox(*db_, account, DeviceId(2)));
  EXPECT_THAT(MatchDevices(context, account, {three, one}, &removed), test::IsOk());
  EXPECT_EQ(removed, std::vector<MailboxRef>{second});
  EXPECT_THAT(FindMailbox(*db_, account, DeviceId(1)), test::IsOkAndHolds(first));
  EXPECT_EQ(Count("SELECT count(*) FROM mailbox"), 2);
  EXPECT_EQ(Count("SELECT count(*) FROM device_keys"), 2);
}

TEST_F(DeviceRows, ANewDeviceHasNoEpoch) {
  MakeAccount("bob@x");
  WriteContext context = Context();
  PAWL_ASSERT_OK_AND_ASSIGN(const int64_t account, FindAccount(*db_, "bob@x"));
  std::vector<MailboxRef> removed;
  EXPECT_THAT(MatchDevices(context, account, {{DeviceId(2), {}}}, &removed), test::IsOk());
  EXPECT_THAT(EpochOf(*db_, account, DeviceId(2)), test::IsOkAndHolds(DeviceEpoch(0)));
  EXPECT_THAT(StoreEpoch(context, account, {DeviceId(2), DeviceEpoch(4), {1}}), test::IsOk());
  EXPECT_THAT(EpochOf(*db_, account, DeviceId(2)), test::IsOkAndHolds(DeviceEpoch(4)));
  EXPECT_THAT(StoreEpoch(context, account, {DeviceId(9), DeviceEpoch(4), {1}}),
              test::HasCode(Code::kCorrupt));
}

}  // namespace
}  // namespace pawl::relay::engine::sqlite
