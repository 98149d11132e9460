#include "relay/engine/sqlite/expiry.h"

#include <string>

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

TEST_F(Expiry, EverythingThatIsOverGoesInOneRoundHoweverMuchItIs) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  for (uint8_t i = 1; i <= 30; ++i) {
    const MailboxCursor cursor = Write<Appended>(Mail("bob@x", i)).cursor;
    Write<Acknowledged>(Acknowledge{mailbox, {cursor}, kNow});
    Write<BlobBegun>(BeginBlob{mailbox, BlobId({i}), 10, kNow, kNow + Seconds(1)});
  }
  const Timestamp later = kNow + kDedupeAfterAck;
  int operations = 0;
  while (Write<Expired>(Expire{later, 10}).more && operations < 100) ++operations;
  EXPECT_EQ(Count("SELECT count(*) FROM seen"), 0);
  EXPECT_EQ(Count("SELECT count(*) FROM blob"), 0);
  EXPECT_EQ(operations, 3);
}

TEST_F(Expiry, WhatWasSeenGoesByItsTimeInWhateverOrderItCame) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  for (uint8_t i = 1; i <= 20; ++i) {
    const MailboxCursor cursor = Write<Appended>(Mail("bob@x", i)).cursor;
    // The clock was ahead for the first ten.
    Write<Acknowledged>(Acknowledge{mailbox, {cursor}, kNow + (i <= 10 ? Days(9) : Days(0))});
  }
  Write<Expired>(Expire{kNow + kDedupeAfterAck, 10});
  EXPECT_EQ(Count("SELECT count(*) FROM seen"), 10);
}

// No statement of the job reads a whole table.
TEST_F(Expiry, EveryKindIsFoundByItsTime) {
  const auto plan = [&](Literal sql) {
    auto select = db_->Prepare(sql);
    EXPECT_THAT(select, test::IsOk());
    std::string text;
    while (true) {
      const auto row = select->Step();
      if (!row.ok() || !*row) return text;
      text += std::string(select->Text(3)) + "; ";
    }
  };
  for (const std::string& text :
       {plan("EXPLAIN QUERY PLAN SELECT id FROM seen WHERE at <= ?1 LIMIT ?2"),
        plan("EXPLAIN QUERY PLAN SELECT id FROM one_time WHERE expires <= ?1 LIMIT ?2"),
        plan("EXPLAIN QUERY PLAN SELECT id FROM blob WHERE expires <= ? LIMIT ?"),
        plan("EXPLAIN QUERY PLAN SELECT id FROM account WHERE old_delivery_key IS NOT NULL AND "
             "old_delivery_key_until <= ?1 LIMIT ?2"),
        plan("EXPLAIN QUERY PLAN SELECT count(*) FROM blob WHERE account = ? AND committed = 0")}) {
    EXPECT_NE(text.find("SEARCH"), text.npos) << text;
    EXPECT_EQ(text.find("SCAN"), text.npos) << text;
  }
}

}  // namespace
}  // namespace pawl::relay::engine::sqlite
