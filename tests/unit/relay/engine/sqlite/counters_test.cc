#include "relay/engine/sqlite/counters.h"

#include "test_store.h"

namespace pawl::relay::engine::sqlite {
namespace {

using CountersTest = TestStore;

TEST_F(CountersTest, AreReadOnceAndWrittenByFlush) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  Counters counters;
  PAWL_ASSERT_OK_AND_ASSIGN(Fill* const fill, counters.Load(*db_, mailbox));
  fill->messages = 5;
  fill->bytes = 500;
  fill->requests = 1;
  PAWL_ASSERT_OK_AND_ASSIGN(Fill* const again, counters.Load(*db_, mailbox));
  EXPECT_EQ(again->messages, 5);
  EXPECT_EQ(Count("SELECT n_messages FROM mailbox"), 0);
  EXPECT_THAT(counters.Flush(*db_), test::IsOk());
  EXPECT_EQ(Count("SELECT n_messages * 1000000 + n_bytes * 10 + n_requests FROM mailbox"),
            5'005'001);
}

TEST_F(CountersTest, WhatIsForgottenIsNotWritten) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  Counters counters;
  PAWL_ASSERT_OK_AND_ASSIGN(Fill* const fill, counters.Load(*db_, mailbox));
  fill->messages = 5;
  counters.Forget(mailbox);
  EXPECT_THAT(counters.Flush(*db_), test::IsOk());
  EXPECT_EQ(Count("SELECT n_messages FROM mailbox"), 0);
}

TEST_F(CountersTest, AMailboxWithoutARowIsCorruption) {
  Counters counters;
  EXPECT_THAT(counters.Load(*db_, MailboxRef(99)), test::HasCode(Code::kCorrupt));
}

}  // namespace
}  // namespace pawl::relay::engine::sqlite
