#include "store/sessions.h"

#include "unit/store/test_store.h"

namespace pawl::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

SessionRow SessionOf(uint32_t device) {
  SessionRow row;
  row.address = "b@x";
  row.device = DeviceId(device);
  row.facts = SecretOf("facts");
  row.progress = SecretOf("progress");
  row.transcript_hash = HashOf(1);
  row.initiator = true;
  row.created_at = Timestamp{2};
  row.last_used_at = Timestamp{3};
  return row;
}

class SessionsTest : public GatewayTest {
 protected:
  SessionId Insert(const SessionRow& row) {
    const auto id = tx_->sessions().Insert(row);
    EXPECT_THAT(id, IsOk());
    return id.value_or(SessionId());
  }
};

TEST_F(SessionsTest, EveryFieldComesBackAfterReopening) {
  const SessionId id = Insert(SessionOf(4));
  Reopen();
  PAWL_ASSERT_OK_AND_ASSIGN(const auto row, tx_->sessions().Find(id));
  ASSERT_TRUE(row.has_value());
  EXPECT_EQ(row->id, id);
  EXPECT_EQ(row->address, "b@x");
  EXPECT_EQ(row->device, DeviceId(4));
  EXPECT_EQ(TextOf(row->facts), "facts");
  EXPECT_EQ(TextOf(row->progress), "progress");
  EXPECT_EQ(row->transcript_hash, HashOf(1));
  EXPECT_TRUE(row->initiator);
  EXPECT_FALSE(row->confirmed);
  EXPECT_EQ(row->created_at, Timestamp{2});
  EXPECT_EQ(row->last_used_at, Timestamp{3});
  EXPECT_EQ(row->retired_until, kNever);
}

TEST_F(SessionsTest, StepChangesProgressAndLeavesTheFacts) {
  const SessionId id = Insert(SessionOf(4));
  ASSERT_THAT(tx_->sessions().Update({id, AsBytes("further"), true, Timestamp{9}}), IsOk());
  PAWL_ASSERT_OK_AND_ASSIGN(auto row, tx_->sessions().Find(id));
  EXPECT_EQ(TextOf(row->progress), "further");
  EXPECT_EQ(TextOf(row->facts), "facts");
  EXPECT_TRUE(row->confirmed);
  EXPECT_EQ(row->last_used_at, Timestamp{9});
  ASSERT_THAT(tx_->sessions().SetFacts(id, AsBytes("other facts")), IsOk());
  PAWL_ASSERT_OK_AND_ASSIGN(row, tx_->sessions().Find(id));
  EXPECT_EQ(TextOf(row->facts), "other facts");
  EXPECT_EQ(TextOf(row->progress), "further");
}

TEST_F(SessionsTest, WhatIsNotThereCannotChange) {
  EXPECT_THAT(tx_->sessions().Update({SessionId(9), AsBytes("x"), true, now_}),
              HasCode(Code::kNotFound));
  EXPECT_THAT(tx_->sessions().SetFacts(SessionId(9), AsBytes("x")), HasCode(Code::kNotFound));
  EXPECT_THAT(tx_->sessions().Retire(SessionId(9), now_), HasCode(Code::kNotFound));
  EXPECT_THAT(tx_->sessions().Erase(SessionId(9)), IsOk());
}

TEST_F(SessionsTest, RetiredOnesGoWithTheirSkippedKeysWhenTheirTimeIsOver) {
  const SessionId kept = Insert(SessionOf(1));
  const SessionId soon = Insert(SessionOf(2));
  const SessionId later = Insert(SessionOf(3));
  ASSERT_THAT(tx_->sessions().Retire(soon, Timestamp{100}), IsOk());
  ASSERT_THAT(tx_->sessions().Retire(later, Timestamp{101}), IsOk());
  ASSERT_THAT(tx_->skipped().Add(soon, TagOf(1), AsBytes("key"), kNever), IsOk());
  EXPECT_THAT(tx_->sessions().EraseRetired(Timestamp{99}), IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(tx_->sessions().EraseRetired(Timestamp{100}), IsOkAndHolds(ElementsAre(soon)));
  EXPECT_THAT(tx_->skipped().LoadOf(soon), IsOkAndHolds(IsEmpty()));
  PAWL_ASSERT_OK_AND_ASSIGN(const auto rows, tx_->sessions().LoadAll());
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_EQ(rows[0].id, kept);
  EXPECT_EQ(rows[1].retired_until, Timestamp{101});
}

// RETURNING reports its changes by rows: they must count as a change of the transaction.
TEST_F(SessionsTest, ErasingRetiredOnesAloneIsCommitted) {
  const SessionId id = Insert(SessionOf(1));
  ASSERT_THAT(tx_->sessions().Retire(id, Timestamp{100}), IsOk());
  Reopen();
  ASSERT_THAT(tx_->sessions().EraseRetired(Timestamp{100}), IsOkAndHolds(ElementsAre(id)));
  Reopen();
  EXPECT_THAT(tx_->sessions().LoadAll(), IsOkAndHolds(IsEmpty()));
}

TEST_F(SessionsTest, IdsAreNeverReused) {
  const SessionId first = Insert(SessionOf(1));
  ASSERT_THAT(tx_->sessions().Erase(first), IsOk());
  Reopen();
  EXPECT_GT(Insert(SessionOf(1)), first);
}

TEST_F(SessionsTest, OneAfterTheOtherGivesAllOfThem) {
  std::vector<SessionId> ids;
  for (uint32_t device = 1; device <= 3; ++device) ids.push_back(Insert(SessionOf(device)));
  ASSERT_THAT(tx_->sessions().Erase(ids[1]), IsOk());
  std::vector<SessionId> seen;
  for (SessionId at;;) {
    PAWL_ASSERT_OK_AND_ASSIGN(const auto row, tx_->sessions().Next(at));
    if (!row) break;
    at = row->id;
    seen.push_back(at);
    EXPECT_EQ(TextOf(row->progress), "progress");
  }
  EXPECT_THAT(seen, ElementsAre(ids[0], ids[2]));
}

TEST_F(SessionsTest, ThoseWithADeviceAreFoundByIt) {
  const SessionId first = Insert(SessionOf(1)), second = Insert(SessionOf(1));
  Insert(SessionOf(2));
  PAWL_ASSERT_OK_AND_ASSIGN(const auto rows, tx_->sessions().LoadWith("b@x", DeviceId(1)));
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_EQ(rows[0].id, first);
  EXPECT_EQ(rows[1].id, second);
  EXPECT_THAT(tx_->sessions().LoadWith("c@x", DeviceId(1)), IsOkAndHolds(IsEmpty()));
}

}  // namespace
}  // namespace pawl::store
