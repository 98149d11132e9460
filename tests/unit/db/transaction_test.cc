#include "db/transaction.h"

#include "db/vfs.h"
#include "support/file_faults.h"
#include "unit/db/test_database.h"

namespace pawl::db {
namespace {

using test::Crash;
using test::CrashingDisk;
using test::HasCode;
using test::IsOk;
using test::IsOkAndHolds;
using test::SmallDisk;
using test::SwitchableDisk;

class TransactionTest : public DatabaseTest {
 protected:
  void MakeTable() { Exec(*Open(), "CREATE TABLE t (id INTEGER PRIMARY KEY, data BLOB)"); }

  OpenOptions Through(const ShimVfs& vfs) {
    OpenOptions options = Options();
    options.vfs = vfs.name();
    return options;
  }

  // Commits row after row, two rows of a pair in each transaction; the number that returned ok.
  static int64_t CommitPairs(Connection& connection, int64_t pairs) {
    for (int64_t pair = 0; pair < pairs; ++pair) {
      absl::StatusOr<Transaction> transaction = Transaction::Begin(connection);
      if (!transaction.ok()) return pair;
      for (int64_t id : {2 * pair, 2 * pair + 1}) {
        absl::StatusOr<Statement> insert =
            connection.Prepare("INSERT INTO t VALUES (?, zeroblob(3000))");
        if (!insert.ok() || !insert->BindAll(id).Run().ok()) return pair;
      }
      if (!transaction->Commit().ok()) return pair;
    }
    return pairs;
  }

  // What a restart finds: the file whole, every pair whole and none missing that was promised.
  void ExpectWholeAfterRestart(int64_t promised) {
    auto connection = Open(Options(Access::kReadWrite));
    ASSERT_NE(connection, nullptr);
    EXPECT_THAT(connection->CheckIntegrity(IntegrityCheck::kFull), IsOk());
    const int64_t rows = Number(*connection, "SELECT count(*) FROM t");
    EXPECT_EQ(rows % 2, 0);
    EXPECT_GE(rows, 2 * promised);
    EXPECT_LE(rows, 2 * promised + 2);  // a commit that failed may have reached the disk, whole
    EXPECT_EQ(Number(*connection, "SELECT count(*) FROM t WHERE id >= (SELECT count(*) FROM t)"),
              0);
  }
};

TEST_F(TransactionTest, CommitsAllOrRollsAllBack) {
  MakeTable();
  auto connection = Open();
  {
    PAWL_ASSERT_OK_AND_ASSIGN(Transaction transaction, Transaction::Begin(*connection));
    Exec(*connection, "INSERT INTO t VALUES (1, NULL)");
    EXPECT_TRUE(connection->InTransaction());
  }
  EXPECT_FALSE(connection->InTransaction());
  EXPECT_EQ(Number(*connection, "SELECT count(*) FROM t"), 0);
  {
    PAWL_ASSERT_OK_AND_ASSIGN(Transaction transaction, Transaction::Begin(*connection));
    Exec(*connection, "INSERT INTO t VALUES (1, NULL)");
    EXPECT_THAT(transaction.Commit(), IsOk());
    EXPECT_FALSE(connection->InTransaction());
    EXPECT_THAT(transaction.Commit(), HasCode(Code::kWrongState));
  }
  EXPECT_EQ(Number(*connection, "SELECT count(*) FROM t"), 1);
}

TEST_F(TransactionTest, OneInsideAnotherIsRefused) {
  auto connection = Open();
  PAWL_ASSERT_OK_AND_ASSIGN(Transaction transaction, Transaction::Begin(*connection));
  EXPECT_THAT(Transaction::Begin(*connection), HasCode(Code::kWrongState));
  EXPECT_TRUE(connection->InTransaction());
}

TEST_F(TransactionTest, AReadTransactionIsOneSnapshot) {
  MakeTable();
  auto reader = Open(Options(Access::kReadOnly));
  auto writer = Open();
  {
    PAWL_ASSERT_OK_AND_ASSIGN(Transaction snapshot,
                              Transaction::Begin(*reader, TransactionKind::kRead));
    EXPECT_EQ(Number(*reader, "SELECT count(*) FROM t"), 0);
    Exec(*writer, "INSERT INTO t VALUES (1, NULL)");
    EXPECT_EQ(Number(*reader, "SELECT count(*) FROM t"), 0);
  }
  EXPECT_EQ(Number(*reader, "SELECT count(*) FROM t"), 1);
}

TEST_F(TransactionTest, AFailedStatementKeepsTheRestOfTheTransaction) {
  MakeTable();
  auto connection = Open();
  PAWL_ASSERT_OK_AND_ASSIGN(Transaction transaction, Transaction::Begin(*connection));
  Exec(*connection, "INSERT INTO t VALUES (1, NULL)");
  EXPECT_THAT(connection->Execute("INSERT INTO t VALUES (1, NULL)"), HasCode(Code::kStorage));
  EXPECT_TRUE(connection->InTransaction());
  EXPECT_THAT(transaction.Commit(), IsOk());
  EXPECT_EQ(Number(*connection, "SELECT count(*) FROM t"), 1);
}

TEST_F(TransactionTest, ADiskThatIsFullLosesNothingAndGoesOnWhenThereIsRoom) {
  MakeTable();
  for (int64_t room = 0; room < 200'000; room += 7'000) {
    SmallDisk disk(room);
    PAWL_ASSERT_OK_AND_ASSIGN(auto vfs, ShimVfs::Register("small", &disk));
    auto opened = Connection::Open(Through(*vfs), KeyOf(1));
    if (!opened.ok()) {
      EXPECT_THAT(opened, HasCode(Code::kDiskFull));
      continue;
    }
    auto connection = *std::move(opened);
    Exec(*connection, "PRAGMA wal_autocheckpoint = 4");
    const int64_t before = Number(*connection, "SELECT count(*) FROM t");
    absl::Status status;
    for (int64_t id = before; status.ok() && id < before + 100; ++id) {
      PAWL_ASSERT_OK_AND_ASSIGN(Statement insert,
                                connection->Prepare("INSERT INTO t VALUES (?, zeroblob(6000))"));
      status = insert.BindAll(id).Run();
      EXPECT_EQ(Number(*connection, "SELECT count(*) FROM t"), status.ok() ? id + 1 : id);
    }
    EXPECT_THAT(status, HasCode(Code::kDiskFull));
    const int64_t kept = Number(*connection, "SELECT count(*) FROM t");
    disk.MakeRoom(1'000'000);
    PAWL_ASSERT_OK_AND_ASSIGN(Statement insert,
                              connection->Prepare("INSERT INTO t VALUES (?, zeroblob(6000))"));
    EXPECT_THAT(insert.BindAll(kept).Run(), IsOk());
    EXPECT_THAT(connection->CheckIntegrity(IntegrityCheck::kFull), IsOk());
  }
}

TEST_F(TransactionTest, AFailedCommitShowsNothingAndLeavesTheConnectionUsable) {
  MakeTable();
  SwitchableDisk disk;
  PAWL_ASSERT_OK_AND_ASSIGN(auto vfs, ShimVfs::Register("switchable", &disk));
  auto connection = Open(Through(*vfs));
  const std::pair<FileVerdict, Code> faults[] = {{FileVerdict::kDiskFull, Code::kDiskFull},
                                                 {FileVerdict::kIoError, Code::kIo},
                                                 {FileVerdict::kTorn, Code::kIo}};
  for (const auto& [verdict, code] : faults) {
    const int64_t before = Number(*connection, "SELECT count(*) FROM t");
    {
      PAWL_ASSERT_OK_AND_ASSIGN(Transaction transaction, Transaction::Begin(*connection));
      Exec(*connection, "INSERT INTO t (data) VALUES (zeroblob(3000))");
      disk.Set(verdict);
      EXPECT_THAT(transaction.Commit(), HasCode(code));
      disk.Set(FileVerdict::kProceed);
    }
    EXPECT_FALSE(connection->InTransaction());
    EXPECT_EQ(Number(*connection, "SELECT count(*) FROM t"), before);
    Exec(*connection, "INSERT INTO t (data) VALUES (zeroblob(3000))");
    EXPECT_EQ(Number(*connection, "SELECT count(*) FROM t"), before + 1);
  }
}

// The process dies at every write, fsync and truncate in turn.
class CrashTest : public TransactionTest, public ::testing::WithParamInterface<Crash> {};

TEST_P(CrashTest, AtEveryWriteLosesNothingPromisedAndTearsNothing) {
  constexpr int64_t kPairs = 8;
  int64_t at = 0;
  for (bool finished = false; !finished; ++at) {
    SCOPED_TRACE(::testing::Message() << "crash at operation " << at);
    RemoveDatabase();
    MakeTable();
    CrashingDisk disk(GetParam(), at);
    int64_t promised = 0;
    {
      PAWL_ASSERT_OK_AND_ASSIGN(auto vfs, ShimVfs::Register("crashing", &disk));
      OpenOptions options = Through(*vfs);
      options.checkpoint_pages = 6;  // so that crashes hit checkpoints too
      absl::StatusOr<std::unique_ptr<Connection>> connection = Connection::Open(options, KeyOf(1));
      if (connection.ok()) promised = CommitPairs(**connection, kPairs);
    }
    finished = !disk.crashed();
    if (GetParam() == Crash::kPowerCut && disk.crashed()) disk.PowerCut();
    ExpectWholeAfterRestart(promised);
  }
  EXPECT_GT(at, 60);
}

INSTANTIATE_TEST_SUITE_P(Ways, CrashTest,
                         ::testing::Values(Crash::kBefore, Crash::kTorn, Crash::kPowerCut));

TEST_F(TransactionTest, RekeyKilledAtAnyWriteOpensWithTheOldOrTheNewKey) {
  int64_t at = 0;
  int with_old = 0;
  int with_new = 0;
  for (bool finished = false; !finished; ++at) {
    SCOPED_TRACE(::testing::Message() << "crash at operation " << at);
    RemoveDatabase();
    MakeTable();
    {
      auto connection = Open();
      ASSERT_EQ(CommitPairs(*connection, 4), 4);
    }
    CrashingDisk disk(Crash::kTorn, at);
    {
      PAWL_ASSERT_OK_AND_ASSIGN(auto vfs, ShimVfs::Register("crashing", &disk));
      OpenOptions options = Through(*vfs);
      options.cache_kib = 16;
      absl::StatusOr<std::unique_ptr<Connection>> connection = Connection::Open(options, KeyOf(1));
      if (connection.ok()) (*connection)->Rekey(KeyOf(2)).IgnoreError();
    }
    finished = !disk.crashed();
    auto opened = Connection::Open(Options(), KeyOf(1));
    ++(opened.ok() ? with_old : with_new);
    if (!opened.ok()) opened = Connection::Open(Options(), KeyOf(2));
    ASSERT_THAT(opened, IsOk());
    EXPECT_EQ(Number(**opened, "SELECT count(*) FROM t"), 8);
    EXPECT_THAT((*opened)->CheckIntegrity(IntegrityCheck::kFull), IsOk());
  }
  EXPECT_GT(with_old, 10);
  EXPECT_GT(with_new, 10);
}

}  // namespace
}  // namespace pawl::db
