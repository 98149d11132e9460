#include "relay/engine/sqlite/append.h"

#include "test_store.h"

namespace pawl::relay::engine::sqlite {
namespace {

using Appending = TestStore;

TEST_F(Appending, AFailedBatchLeavesNothingAndTheNextOneWorks) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  std::vector<Request> batch;
  batch.push_back({OpId(1), Mail("bob@x", 1)});
  batch.push_back({OpId(2), FetchMail{mailbox, MailboxCursor(0), 1, 1, kNow}});  // not a write
  const Completions failed = writes_->Execute(batch);
  EXPECT_EQ(CodeOf(failed.done[0].result), Code::kInternal);
  EXPECT_TRUE(failed.woken.empty());
  EXPECT_EQ(Count("SELECT count(*) FROM envelope"), 0);
  EXPECT_FALSE(Write<Appended>(Mail("bob@x", 1)).duplicate);
}

TEST_F(Appending, TheCountsOfAMailboxAreThoseOfItsRows) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  for (uint8_t i = 1; i <= 10; ++i) Write<Appended>(Mail("bob@x", i, 10 * i));
  Append request = Mail("bob@x", 11);
  request.path = SendPath::kRequest;
  const MailboxCursor cursor = Write<Appended>(request).cursor;
  const auto agree = [&] {
    return Count(
        "SELECT n_messages = (SELECT count(*) FROM envelope) AND n_bytes = "
        "(SELECT ifnull(sum(length(body)), 0) FROM envelope) AND n_requests = "
        "(SELECT count(*) FROM envelope WHERE flags & 1) FROM mailbox");
  };
  EXPECT_EQ(agree(), 1);
  EXPECT_EQ(Count("SELECT n_requests FROM mailbox"), 1);
  Write<Acknowledged>(Acknowledge{mailbox, {cursor, MailboxCursor(*cursor - 3)}, kNow});
  EXPECT_EQ(agree(), 1);
  Write<Expired>(Expire{kNow + Days(31), 1000});
  EXPECT_EQ(agree(), 1);
  EXPECT_EQ(Count("SELECT n_messages FROM mailbox"), 0);
}

TEST_F(Appending, AFullMailboxIsSearchedForExpiredMailOnceAndNotForEachThatComes) {
  quotas_.mailbox_messages = 3;
  writes_ = std::make_unique<Writes>(*db_, *files_, quotas_);
  MakeAccount("bob@x");
  for (uint8_t i = 1; i <= 3; ++i) Write<Appended>(Mail("bob@x", i));
  EXPECT_EQ(Write<Appended>(Mail("bob@x", 4)).code, Code::kQuotaExceeded);
  // Behind its back: it would be found by a search.
  PAWL_ASSERT_OK_AND_ASSIGN(auto age, db_->Prepare("UPDATE envelope SET expires = 1"));
  EXPECT_THAT(age.Run(), test::IsOk());
  EXPECT_EQ(Write<Appended>(Mail("bob@x", 4)).code, Code::kQuotaExceeded);
  Append later = Mail("bob@x", 4);
  later.received = kNow + Days(30);
  later.expires = kNow + Days(60);
  EXPECT_EQ(Write<Appended>(later).code, Code::kOk)
      << "when the first was to expire it is searched";
  EXPECT_EQ(Count("SELECT n_messages FROM mailbox"), 1);
}

TEST_F(Appending, MailThatLivesBrieflyMakesRoomInAMailboxThatWasSearched) {
  quotas_.mailbox_messages = 2;
  writes_ = std::make_unique<Writes>(*db_, *files_, quotas_);
  const MailboxRef mailbox = MakeAccount("bob@x");
  const MailboxCursor first = Write<Appended>(Mail("bob@x", 1)).cursor;
  Write<Appended>(Mail("bob@x", 2));
  EXPECT_EQ(Write<Appended>(Mail("bob@x", 3)).code, Code::kQuotaExceeded);
  Write<Acknowledged>(Acknowledge{mailbox, {first}, kNow});
  Append brief = Mail("bob@x", 3);
  brief.expires = kNow + Seconds(5);
  EXPECT_EQ(Write<Appended>(brief).code, Code::kOk);
  Append later = Mail("bob@x", 4);
  later.received = kNow + Seconds(4);
  EXPECT_EQ(Write<Appended>(later).code, Code::kQuotaExceeded);
  later.received = kNow + Seconds(5);
  EXPECT_EQ(Write<Appended>(later).code, Code::kOk);
}

TEST_F(Appending, ASearchThatWasRolledBackIsMadeAgain) {
  quotas_.mailbox_messages = 1;
  writes_ = std::make_unique<Writes>(*db_, *files_, quotas_);
  const MailboxRef mailbox = MakeAccount("bob@x");
  Append brief = Mail("bob@x", 1);
  brief.expires = kNow + Seconds(5);
  Write<Appended>(brief);
  Append later = Mail("bob@x", 2);
  later.received = kNow + Seconds(5);
  std::vector<Request> batch;
  batch.push_back({OpId(1), later});
  batch.push_back({OpId(2), FetchMail{mailbox, MailboxCursor(0), 1, 1, kNow}});  // not a write
  EXPECT_EQ(CodeOf(writes_->Execute(batch).done[0].result), Code::kInternal);
  EXPECT_EQ(Write<Appended>(later).code, Code::kOk);
}

TEST_F(Appending, FlagsAreStored) {
  MakeAccount("bob@x");
  Append quiet = Mail("bob@x", 1);
  quiet.urgent = false;
  Write<Appended>(quiet);
  EXPECT_EQ(Count("SELECT flags FROM envelope"), 0);
  Append request = Mail("bob@x", 2);
  request.path = SendPath::kRequest;
  Write<Appended>(request);
  EXPECT_EQ(Count("SELECT max(flags) FROM envelope"), kFlagRequest | kFlagUrgent);
}

}  // namespace
}  // namespace pawl::relay::engine::sqlite
