#include "db/migrations.h"

#include "unit/db/test_database.h"

namespace pawl::db {
namespace {

using test::HasCode;
using test::IsOk;
using test::IsOkAndHolds;

constexpr Migration kFirst = {1, "CREATE TABLE a (x); CREATE TABLE b (x)"};
constexpr Migration kSecond = {2, "ALTER TABLE a ADD COLUMN y; INSERT INTO a VALUES (1, 2)"};

using MigrationsTest = DatabaseTest;

TEST_F(MigrationsTest, EachStepIsAppliedOnce) {
  auto connection = Open();
  const Migration one[] = {kFirst};
  EXPECT_THAT(Migrate(*connection, one), IsOk());
  EXPECT_THAT(connection->UserVersion(), IsOkAndHolds(1));
  const Migration two[] = {kFirst, kSecond};
  EXPECT_THAT(Migrate(*connection, two), IsOk());
  EXPECT_THAT(Migrate(*connection, two), IsOk());
  EXPECT_THAT(connection->UserVersion(), IsOkAndHolds(2));
  EXPECT_EQ(Number(*connection, "SELECT count(*) FROM a"), 1);
}

TEST_F(MigrationsTest, AFileOfALaterReleaseIsLeftAlone) {
  auto connection = Open();
  ASSERT_THAT(connection->SetUserVersion(3), IsOk());
  const Migration two[] = {kFirst, kSecond};
  EXPECT_THAT(Migrate(*connection, two), HasCode(Code::kStoreTooNew));
  EXPECT_EQ(Number(*connection, "SELECT count(*) FROM sqlite_schema"), 0);
}

TEST_F(MigrationsTest, AFailingStepLeavesNothingOfItself) {
  auto connection = Open();
  const Migration broken[] = {kFirst, {2, "CREATE TABLE c (x); CREATE TABLE a (again)"}};
  EXPECT_THAT(Migrate(*connection, broken), HasCode(Code::kStorage));
  EXPECT_THAT(connection->UserVersion(), IsOkAndHolds(1));
  EXPECT_EQ(Number(*connection, "SELECT count(*) FROM sqlite_schema"), 2);
  const Migration mended[] = {kFirst, kSecond};
  EXPECT_THAT(Migrate(*connection, mended), IsOk());
}

TEST_F(MigrationsTest, AListWithAGapIsADefect) {
  auto connection = Open();
  const Migration gap[] = {kFirst, {3, "CREATE TABLE c (x)"}};
  EXPECT_THAT(Migrate(*connection, gap), HasCode(Code::kInternal));
  EXPECT_EQ(Number(*connection, "SELECT count(*) FROM sqlite_schema"), 0);
}

}  // namespace
}  // namespace pawl::db
