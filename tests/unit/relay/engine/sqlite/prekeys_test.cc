#include "relay/engine/sqlite/prekeys.h"

#include "test_store.h"

namespace pawl::relay::engine::sqlite {
namespace {

using Prekeys = TestStore;

TEST_F(Prekeys, ATakenPairIsNotInTheDatabaseAnyMore) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  PutPrekeys put;
  put.mailbox = mailbox;
  put.epoch = DeviceEpoch(1);
  put.now = kNow;
  put.bundle = Bytes{1};
  put.one_time = {{7, kNow + Days(1), {0xAA}}, {3, kNow + Days(1), {0xBB}}};
  EXPECT_EQ(Write<PrekeysPut>(put).one_time_left, 2u);
  EXPECT_EQ(Write<PrekeyTaken>(TakePrekey{"bob@x", DeviceId(1), true, kNow}).one_time, Bytes{0xBB})
      << "the oldest first";
  EXPECT_EQ(Count("SELECT prekey FROM one_time"), 7);
}

TEST_F(Prekeys, APutThatIsRefusedChangesNothing) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  PutPrekeys put;
  put.mailbox = mailbox;
  put.epoch = DeviceEpoch(2);
  put.bundle = Bytes{1};
  put.one_time = {{1, kNow + Days(1), {1}}};
  put.now = kNow;
  EXPECT_EQ(Write<PrekeysPut>(put).code, Code::kWrongState);
  EXPECT_EQ(Count("SELECT count(*) FROM one_time"), 0);
  EXPECT_EQ(Count("SELECT count(*) FROM device_keys WHERE bundle IS NOT NULL"), 0);
  put.mailbox = MailboxRef(99);
  EXPECT_EQ(Write<PrekeysPut>(put).code, Code::kNotFound);
}

}  // namespace
}  // namespace pawl::relay::engine::sqlite
