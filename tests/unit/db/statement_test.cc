#include "db/statement.h"

#include "support/hex.h"
#include "unit/db/test_database.h"

namespace pawl::db {
namespace {

using test::HasCode;
using test::IsOk;
using test::IsOkAndHolds;

class StatementTest : public DatabaseTest {
 protected:
  StatementTest() : connection_(Open()) {
    Exec(*connection_, "CREATE TABLE t (id INTEGER PRIMARY KEY, a, b, c)");
  }
  std::unique_ptr<Connection> connection_;
};

TEST_F(StatementTest, WhatIsBoundReadsBack) {
  const Bytes blob = {0, 1, 0xff};
  {
    PAWL_ASSERT_OK_AND_ASSIGN(Statement insert,
                              connection_->Prepare("INSERT INTO t VALUES (?, ?, ?, ?)"));
    EXPECT_THAT(insert.BindAll(int64_t{INT64_MIN}, blob, "text", std::nullopt).Run(), IsOk());
  }
  PAWL_ASSERT_OK_AND_ASSIGN(Statement select, connection_->Prepare("SELECT id, a, b, c FROM t"));
  ASSERT_THAT(select.Step(), IsOkAndHolds(true));
  EXPECT_EQ(select.Int(0), INT64_MIN);
  EXPECT_TRUE(SameBytes(select.Blob(1), blob));
  EXPECT_EQ(select.Text(2), "text");
  EXPECT_TRUE(select.IsNull(3));
  EXPECT_FALSE(select.IsNull(2));
  EXPECT_THAT(select.Step(), IsOkAndHolds(false));
}

TEST_F(StatementTest, OptionalsBindTheirValueOrNull) {
  PAWL_ASSERT_OK_AND_ASSIGN(Statement query, connection_->Prepare("SELECT ? IS NULL, ? = 7"));
  query.BindAll(std::optional<int64_t>(), std::optional<int64_t>(7));
  ASSERT_THAT(query.Step(), IsOkAndHolds(true));
  EXPECT_EQ(query.Int(0), 1);
  EXPECT_EQ(query.Int(1), 1);
}

TEST_F(StatementTest, AnEmptyBlobIsNotNull) {
  PAWL_ASSERT_OK_AND_ASSIGN(Statement query,
                            connection_->Prepare("SELECT typeof(?), typeof(?), typeof(?)"));
  query.Bind(1, ByteView()).BindInPlace(2, ByteView()).Bind(3, std::string_view());
  ASSERT_THAT(query.Step(), IsOkAndHolds(true));
  EXPECT_EQ(query.Text(0), "blob");
  EXPECT_EQ(query.Text(1), "blob");
  EXPECT_EQ(query.Text(2), "text");
}

TEST_F(StatementTest, BindCopiesAndBindInPlaceDoesNot) {
  Bytes copied = {1};
  Bytes in_place = {1};
  PAWL_ASSERT_OK_AND_ASSIGN(Statement query, connection_->Prepare("SELECT ?, ?"));
  query.Bind(1, copied).BindInPlace(2, in_place);
  copied[0] = in_place[0] = 2;
  ASSERT_THAT(query.Step(), IsOkAndHolds(true));
  EXPECT_EQ(query.Blob(0)[0], 1);
  EXPECT_EQ(query.Blob(1)[0], 2);
}

TEST_F(StatementTest, ArrayRefusesAColumnOfAnotherSize) {
  PAWL_ASSERT_OK_AND_ASSIGN(Statement query, connection_->Prepare("SELECT x'010203', NULL"));
  ASSERT_THAT(query.Step(), IsOkAndHolds(true));
  EXPECT_THAT(query.Array<3>(0), IsOkAndHolds(ByteArray<3>{1, 2, 3}));
  EXPECT_THAT(query.Array<2>(0), HasCode(Code::kCorrupt));
  EXPECT_THAT(query.Array<4>(0), HasCode(Code::kCorrupt));
  EXPECT_THAT(query.Array<1>(1), HasCode(Code::kCorrupt));
}

TEST_F(StatementTest, ABadBindIsReportedByTheNextStep) {
  PAWL_ASSERT_OK_AND_ASSIGN(Statement query, connection_->Prepare("SELECT ?"));
  query.Bind(2, 1).Bind(1, 1);
  EXPECT_THAT(query.Step(), HasCode(Code::kStorage));
  EXPECT_THAT(query.Bind(1, 5).Step(), IsOkAndHolds(true));
  EXPECT_EQ(query.Int(0), 5);
}

TEST_F(StatementTest, RunLeavesItReadyForOtherValues) {
  PAWL_ASSERT_OK_AND_ASSIGN(Statement insert,
                            connection_->Prepare("INSERT INTO t (id, a) VALUES (?, ?)"));
  for (int64_t id = 1; id <= 3; ++id) EXPECT_THAT(insert.BindAll(id, id * 10).Run(), IsOk());
  EXPECT_EQ(Number(*connection_, "SELECT sum(a) FROM t"), 60);
}

TEST_F(StatementTest, AFailedStatementLeavesItselfAndTheConnectionUsable) {
  PAWL_ASSERT_OK_AND_ASSIGN(Statement insert,
                            connection_->Prepare("INSERT INTO t (id) VALUES (?)"));
  EXPECT_THAT(insert.BindAll(1).Run(), IsOk());
  EXPECT_THAT(insert.BindAll(1).Run(), HasCode(Code::kStorage));
  EXPECT_THAT(insert.BindAll(2).Run(), IsOk());
  EXPECT_EQ(Number(*connection_, "SELECT count(*) FROM t"), 2);
}

TEST_F(StatementTest, ASecondUseOfOneTextWhileTheFirstRunsIsAStatementOfItsOwn) {
  Exec(*connection_, "INSERT INTO t (id) VALUES (1), (2)");
  constexpr Literal kQuery = "SELECT id FROM t ORDER BY id";
  PAWL_ASSERT_OK_AND_ASSIGN(Statement first, connection_->Prepare(kQuery));
  ASSERT_THAT(first.Step(), IsOkAndHolds(true));
  {
    PAWL_ASSERT_OK_AND_ASSIGN(Statement second, connection_->Prepare(kQuery));
    ASSERT_THAT(second.Step(), IsOkAndHolds(true));
    EXPECT_EQ(second.Int(0), 1);
  }
  ASSERT_THAT(first.Step(), IsOkAndHolds(true));
  EXPECT_EQ(first.Int(0), 2);
}

TEST_F(StatementTest, ACachedStatementComesBackWithoutItsOldBindings) {
  const auto query = [this]() { return connection_->Prepare("SELECT ? IS NULL"); };
  {
    PAWL_ASSERT_OK_AND_ASSIGN(Statement first, query());
    ASSERT_THAT(first.Bind(1, 5).Step(), IsOkAndHolds(true));
    EXPECT_EQ(first.Int(0), 0);
  }
  PAWL_ASSERT_OK_AND_ASSIGN(Statement again, query());
  ASSERT_THAT(again.Step(), IsOkAndHolds(true));
  EXPECT_EQ(again.Int(0), 1);
}

}  // namespace
}  // namespace pawl::db
