#include "relay/engine/sqlite/expiry.h"

#include "test_store.h"

namespace pawl::relay::engine::sqlite {
namespace {

using Expiry = TestStore;

TEST_F(Expiry, TheWalkComesRoundAndFindsWhatExpiredBehindIt) {
  MakeAccount("bob@x");
  for (uint8_t i = 1; i <= 20; ++i) {
    Append mail = Mail("bob@x", i);
    mail.expires = kNow + Seconds(i);
    Write<Appended>(mail);
  }
  EXPECT_TRUE(Write<Expired>(Expire{kNow, 10}).more);
  // The walk stands in the middle; the first half expires now.
  while (Write<Expired>(Expire{kNow + Seconds(10), 10}).more) {
  }
  while (Write<Expired>(Expire{kNow + Seconds(10), 10}).more) {
  }
  EXPECT_EQ(Count("SELECT count(*) FROM envelope"), 10);
}

TEST_F(Expiry, EachKindGoesAtItsOwnTime) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  Write<Done>(PutInvitation{{1}, kNow + Seconds(5)});
  PutPrekeys put;
  put.mailbox = mailbox;
  put.epoch = DeviceEpoch(1);
  put.now = kNow;
  put.one_time = {{1, kNow + Seconds(5), {1}}, {2, kNow + Seconds(50), {2}}};
  Write<PrekeysPut>(put);
  const MailboxCursor cursor = Write<Appended>(Mail("bob@x", 1)).cursor;
  Write<Acknowledged>(Acknowledge{mailbox, {cursor}, kNow});
  Write<Expired>(Expire{kNow + Seconds(5), 10});
  EXPECT_EQ(Count("SELECT count(*) FROM invitation"), 0);
  EXPECT_EQ(Count("SELECT count(*) FROM one_time"), 1);
  EXPECT_EQ(Count("SELECT count(*) FROM seen"), 1);
  Write<Expired>(Expire{kNow + kDedupeAfterAck, 10});
  EXPECT_EQ(Count("SELECT count(*) FROM seen"), 0);
}

}  // namespace
}  // namespace pawl::relay::engine::sqlite
