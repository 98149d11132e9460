#include "db/migrations.h"

#include "db/vfs.h"
#include "support/file_faults.h"
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

TEST_F(MigrationsTest, KilledAtAnyWriteTheFileStandsBetweenTwoSteps) {
  const Migration both[] = {kFirst, kSecond};
  bool seen[3] = {false, false, false};
  int64_t at = 0;
  for (bool finished = false; !finished; ++at) {
    SCOPED_TRACE(::testing::Message() << "crash at operation " << at);
    RemoveDatabase();
    { Open(); }
    test::CrashingDisk disk(test::Crash::kTorn, at);
    {
      PAWL_ASSERT_OK_AND_ASSIGN(auto vfs, ShimVfs::Register("crashing", &disk));
      OpenOptions options = Options();
      options.vfs = vfs->name();
      absl::StatusOr<std::unique_ptr<Connection>> connection = Connection::Open(options, KeyOf(1));
      if (connection.ok()) Migrate(**connection, both).IgnoreError();
    }
    finished = !disk.crashed();
    auto connection = Open();
    PAWL_ASSERT_OK_AND_ASSIGN(const int64_t version, connection->UserVersion());
    ASSERT_TRUE(version >= 0 && version <= 2);
    seen[version] = true;
    EXPECT_EQ(Number(*connection, "SELECT count(*) FROM sqlite_schema"), version == 0 ? 0 : 2);
    EXPECT_THAT(Migrate(*connection, both), IsOk());
    EXPECT_EQ(Number(*connection, "SELECT count(*) FROM a"), 1);
  }
  EXPECT_TRUE(seen[0] && seen[1] && seen[2]);
}

TEST_F(MigrationsTest, AListWithAGapIsADefect) {
  auto connection = Open();
  const Migration gap[] = {kFirst, {3, "CREATE TABLE c (x)"}};
  EXPECT_THAT(Migrate(*connection, gap), HasCode(Code::kInternal));
  EXPECT_EQ(Number(*connection, "SELECT count(*) FROM sqlite_schema"), 0);
}

}  // namespace
}  // namespace pawl::db
