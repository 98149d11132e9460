#include "relay/engine/sqlite/mail.h"

#include "test_store.h"

namespace pawl::relay::engine::sqlite {
namespace {

using MailTest = TestStore;

TEST_F(MailTest, AnAcknowledgementLeavesTheIdAndNothingOfTheMessage) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  const MailboxCursor cursor = Write<Appended>(Mail("bob@x", 1)).cursor;
  Write<Acknowledged>(Acknowledge{mailbox, {cursor}, kNow});
  EXPECT_EQ(Count("SELECT count(*) FROM envelope"), 0);
  EXPECT_EQ(Count("SELECT count(*) FROM seen"), 1);
}

TEST_F(MailTest, AttachCountsWhatCanStillBeFetched) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  Append brief = Mail("bob@x", 2);
  brief.expires = kNow + Seconds(1);
  const MailboxCursor first = Write<Appended>(Mail("bob@x", 1)).cursor;
  Write<Appended>(brief);
  PAWL_ASSERT_OK_AND_ASSIGN(Attached attached, Do(*db_, Attach{"bob@x", DeviceId(1), kNow}));
  EXPECT_EQ(attached.queue, 2u);
  PAWL_ASSERT_OK_AND_ASSIGN(attached, Do(*db_, Attach{"bob@x", DeviceId(1), kNow + Seconds(1)}));
  EXPECT_EQ(attached.queue, 1u);
  EXPECT_EQ(attached.newest, first);
  EXPECT_EQ(attached.mailbox, mailbox);
}

}  // namespace
}  // namespace pawl::relay::engine::sqlite
