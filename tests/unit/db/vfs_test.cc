#include "db/vfs.h"

#include "db/transaction.h"
#include "support/file_faults.h"
#include "unit/db/test_database.h"

#ifdef PAWL_KILL_POINTS
#include <map>

#include "base/kill_point.h"
#endif

namespace pawl::db {
namespace {

using test::HasCode;
using test::IsOk;
using test::SwitchableDisk;

class VfsTest : public DatabaseTest {
 protected:
  OpenOptions Through(const ShimVfs& vfs) {
    OpenOptions options = Options();
    options.vfs = vfs.name();
    return options;
  }
};

TEST_F(VfsTest, PassesEverythingThroughAndCounts) {
  PAWL_ASSERT_OK_AND_ASSIGN(auto vfs, ShimVfs::Register("counting", nullptr));
  {
    auto connection = Open(Through(*vfs));
    Exec(*connection, "CREATE TABLE t (a); INSERT INTO t VALUES (1)");
  }
  EXPECT_GT(vfs->counts().writes, 0);
  EXPECT_GT(vfs->counts().syncs, 0);
  EXPECT_GT(vfs->counts().bytes_written, 4096);
  EXPECT_EQ(Number(*Open(), "SELECT a FROM t"), 1);
}

TEST_F(VfsTest, ACommitIsOneFsync) {
  PAWL_ASSERT_OK_AND_ASSIGN(auto vfs, ShimVfs::Register("counting", nullptr));
  auto connection = Open(Through(*vfs));
  Exec(*connection, "CREATE TABLE t (a); INSERT INTO t VALUES (1)");
  const int64_t before = vfs->counts().syncs;
  {
    PAWL_ASSERT_OK_AND_ASSIGN(Transaction transaction, Transaction::Begin(*connection));
    for (int row = 0; row < 50; ++row) Exec(*connection, "INSERT INTO t VALUES (2)");
    EXPECT_EQ(vfs->counts().syncs, before);
    ASSERT_THAT(transaction.Commit(), IsOk());
  }
  EXPECT_EQ(vfs->counts().syncs, before + 1);
}

TEST_F(VfsTest, EachFaultIsATypedError) {
  SwitchableDisk disk;
  PAWL_ASSERT_OK_AND_ASSIGN(auto vfs, ShimVfs::Register("switchable", &disk));
  auto connection = Open(Through(*vfs));
  Exec(*connection, "CREATE TABLE t (a)");
  disk.Set(FileVerdict::kDiskFull);
  EXPECT_THAT(connection->Execute("INSERT INTO t VALUES (1)"), HasCode(Code::kDiskFull));
  disk.Set(FileVerdict::kIoError);
  EXPECT_THAT(connection->Execute("INSERT INTO t VALUES (1)"), HasCode(Code::kIo));
  disk.Set(FileVerdict::kProceed);
  EXPECT_THAT(connection->Execute("INSERT INTO t VALUES (1)"), IsOk());
  EXPECT_EQ(Number(*connection, "SELECT count(*) FROM t"), 1);
}

TEST_F(VfsTest, ANameIsTakenOnceUntilItIsGivenBack) {
  {
    PAWL_ASSERT_OK_AND_ASSIGN(auto vfs, ShimVfs::Register("once", nullptr));
    EXPECT_THAT(ShimVfs::Register("once", nullptr), HasCode(Code::kAlreadyExists));
  }
  EXPECT_THAT(ShimVfs::Register("once", nullptr), IsOk());
}

TEST_F(VfsTest, AnUnknownVfsIsATypedError) {
  OpenOptions options = Options();
  options.vfs = "no-such-vfs";
  EXPECT_THAT(Connection::Open(options, KeyOf(1)), HasCode(Code::kStorage));
}

#ifdef PAWL_KILL_POINTS

std::map<std::string, int>& Hits() {
  static std::map<std::string, int> hits;
  return hits;
}

TEST_F(VfsTest, ACommitPassesEveryKillPoint) {
  auto connection = Open();
  Exec(*connection, "CREATE TABLE t (a)");
  PAWL_ASSERT_OK_AND_ASSIGN(Transaction transaction, Transaction::Begin(*connection));
  Exec(*connection, "INSERT INTO t VALUES (1)");
  SetKillHook([](const char* name) { ++Hits()[name]; });
  EXPECT_THAT(transaction.Commit(), IsOk());
  SetKillHook(nullptr);
  for (const char* name : {"db.before_commit", "db.after_commit", "db.before_write",
                           "db.after_write", "db.before_fsync", "db.after_fsync"}) {
    EXPECT_GE(Hits()[name], 1) << name;
  }
}

#else

TEST_F(VfsTest, WithoutKillPointsConnectionsUseSqlitesOwnVfs) { EXPECT_EQ(DefaultVfs(), ""); }

#endif

}  // namespace
}  // namespace pawl::db
