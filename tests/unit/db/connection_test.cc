#include "db/connection.h"

#include <filesystem>
#include <thread>

#include "db/transaction.h"
#include "support/hex.h"
#include "unit/db/test_database.h"

namespace pawl::db {
namespace {

using test::HasCode;
using test::IsOk;
using test::IsOkAndHolds;

constexpr std::string_view kCanary = "the-canary-that-no-file-may-show";

class ConnectionTest : public DatabaseTest {
 protected:
  void MakeRows(Connection& connection, int rows) {
    PAWL_ASSERT_OK_AND_ASSIGN(Transaction transaction, Transaction::Begin(connection));
    PAWL_ASSERT_OK_AND_ASSIGN(Statement insert, connection.Prepare("INSERT INTO t VALUES (?, ?)"));
    for (int64_t row = 0; row < rows; ++row) {
      ASSERT_THAT(insert.BindAll(row, kCanary).Run(), IsOk());
    }
    ASSERT_THAT(transaction.Commit(), IsOk());
  }
  void MakeDatabase(int rows) {
    auto connection = Open();
    Exec(*connection, "CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)");
    MakeRows(*connection, rows);
  }
  void OverwriteByte(int64_t offset) {
    std::fstream file(path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(offset);
    const char byte = static_cast<char>(file.get() ^ 0x10);
    file.seekp(offset);
    file.put(byte);
  }
};

TEST_F(ConnectionTest, WhatWasCommittedIsThereAtTheNextOpen) {
  MakeDatabase(3);
  auto connection = Open(Options(Access::kReadWrite));
  EXPECT_EQ(Number(*connection, "SELECT count(*) FROM t"), 3);
  EXPECT_THAT(connection->CheckIntegrity(IntegrityCheck::kQuick), IsOk());
  EXPECT_THAT(connection->CheckIntegrity(IntegrityCheck::kFull), IsOk());
}

TEST_F(ConnectionTest, NoFileShowsPlaintext) {
  auto connection = Open();
  Exec(*connection, "CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)");
  MakeRows(*connection, 100);
  for (const char* suffix : {"", "-wal"}) {
    const std::string contents = FileContents(path() + suffix);
    EXPECT_FALSE(contents.empty()) << suffix;
    EXPECT_EQ(contents.find(kCanary), std::string::npos) << suffix;
    EXPECT_EQ(contents.find("SQLite format"), std::string::npos) << suffix;
  }
}

TEST_F(ConnectionTest, TheSearchForPlaintextFindsItWhereThereIsNoKey) {
  PAWL_ASSERT_OK_AND_ASSIGN(auto connection, Connection::OpenUnencrypted(Options()));
  Exec(*connection, "CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)");
  MakeRows(*connection, 100);
  EXPECT_NE(FileContents(path() + "-wal").find(kCanary), std::string::npos);
}

TEST_F(ConnectionTest, AWrongKeyIsTypedAndChangesNothing) {
  MakeDatabase(1);
  const std::string before = FileContents(path());
  EXPECT_THAT(Connection::Open(Options(), KeyOf(2)), HasCode(Code::kWrongKey));
  EXPECT_THAT(Connection::OpenUnencrypted(Options()), HasCode(Code::kWrongKey));
  EXPECT_EQ(FileContents(path()), before);
  EXPECT_EQ(Number(*Open(), "SELECT count(*) FROM t"), 1);
}

TEST_F(ConnectionTest, APlainDatabaseInTheStoresPlaceIsRefused) {
  {
    PAWL_ASSERT_OK_AND_ASSIGN(auto plain, Connection::OpenUnencrypted(Options()));
    Exec(*plain, "CREATE TABLE t (a)");
  }
  EXPECT_THAT(Connection::Open(Options(), KeyOf(1)), HasCode(Code::kNotEncrypted));
}

TEST_F(ConnectionTest, AnAbsentFileIsNotFoundUnlessItMayBeCreated) {
  EXPECT_THAT(Connection::Open(Options(Access::kReadWrite), KeyOf(1)), HasCode(Code::kNotFound));
  EXPECT_THAT(Connection::Open(Options(Access::kReadOnly), KeyOf(1)), HasCode(Code::kNotFound));
  EXPECT_FALSE(std::filesystem::exists(path()));
  EXPECT_THAT(Connection::Open(Options(Access::kCreate), KeyOf(1)), IsOk());
}

TEST_F(ConnectionTest, AFileCutToNothingIsCorruptNotNew) {
  MakeDatabase(1);
  std::filesystem::resize_file(path(), 0);
  EXPECT_THAT(Connection::Open(Options(Access::kReadWrite), KeyOf(1)), HasCode(Code::kCorrupt));
}

TEST_F(ConnectionTest, ADirectoryInTheFilesPlaceIsATypedError) {
  std::filesystem::create_directory(path());
  EXPECT_THAT(Connection::Open(Options(), KeyOf(1)), HasCode(Code::kIo));
}

TEST_F(ConnectionTest, ADamagedFirstPageDoesNotOpen) {
  MakeDatabase(1);
  OverwriteByte(200);
  EXPECT_THAT(Connection::Open(Options(), KeyOf(1)), HasCode(Code::kWrongKey));
}

TEST_F(ConnectionTest, EveryDamagedPageIsFoundAndReadsAsCorrupt) {
  MakeDatabase(500);
  const auto pages = static_cast<int64_t>(std::filesystem::file_size(path()) / 4096);
  ASSERT_GT(pages, 5);
  for (int64_t page = 1; page < pages; ++page) {
    OverwriteByte(page * 4096 + 77);
    {
      auto connection = Open(Options(Access::kReadWrite));
      EXPECT_THAT(connection->CheckIntegrity(IntegrityCheck::kQuick), HasCode(Code::kCorrupt));
      PAWL_ASSERT_OK_AND_ASSIGN(Statement scan, connection->Prepare("SELECT text FROM t"));
      EXPECT_THAT(scan.Run(), HasCode(Code::kCorrupt)) << "page " << page;
    }
    OverwriteByte(page * 4096 + 77);
  }
  EXPECT_EQ(Number(*Open(), "SELECT count(*) FROM t"), 500);
}

TEST_F(ConnectionTest, ATruncatedFileIsCorrupt) {
  MakeDatabase(500);
  std::filesystem::resize_file(path(), std::filesystem::file_size(path()) - 4096 * 2);
  EXPECT_THAT(Connection::Open(Options(Access::kReadWrite), KeyOf(1)), HasCode(Code::kCorrupt));
}

#define PAWL_TIMES_16(s) s s s s s s s s s s s s s s s s
#define PAWL_WIDE_TABLE(name) \
  "CREATE TABLE " name " (a DEFAULT '" PAWL_TIMES_16(PAWL_TIMES_16("eight...")) "');"

TEST_F(ConnectionTest, DamageBehindTheFirstPageIsNotTakenForAWrongKey) {
  // A schema that does not fit the first page.
  { Exec(*Open(), PAWL_WIDE_TABLE("u") PAWL_WIDE_TABLE("v") PAWL_WIDE_TABLE("w")); }
  int corrupt = 0;
  for (int64_t page = 1; page < static_cast<int64_t>(std::filesystem::file_size(path()) / 4096);
       ++page) {
    OverwriteByte(page * 4096 + 77);
    const Code code = CodeOf(Connection::Open(Options(), KeyOf(1)));
    EXPECT_TRUE(code == Code::kCorrupt || code == Code::kOk) << CodeName(code);
    if (code == Code::kCorrupt) ++corrupt;
    OverwriteByte(page * 4096 + 77);
  }
  EXPECT_GE(corrupt, 2);
}

TEST_F(ConnectionTest, ItIsConfiguredAsPromised) {
  auto connection = Open();
  EXPECT_EQ(Number(*connection, "PRAGMA synchronous"), 2);
  EXPECT_EQ(Number(*connection, "PRAGMA secure_delete"), 1);
  EXPECT_EQ(Number(*connection, "PRAGMA temp_store"), 2);
  EXPECT_EQ(Number(*connection, "PRAGMA page_size"), 4096);
  EXPECT_EQ(Number(*connection, "PRAGMA foreign_keys"), 0);
  EXPECT_EQ(Number(*connection, "PRAGMA trusted_schema"), 0);
  EXPECT_EQ(Number(*connection, "PRAGMA mmap_size"), 0);
  EXPECT_EQ(Number(*connection, "PRAGMA cipher_memory_security"), 1);
  OpenOptions with_keys = Options();
  with_keys.foreign_keys = true;
  with_keys.cache_kib = 512;
  auto other = Open(with_keys);
  EXPECT_EQ(Number(*other, "PRAGMA foreign_keys"), 1);
  EXPECT_EQ(Number(*other, "PRAGMA cache_size"), -512);
}

TEST_F(ConnectionTest, FullTextSearchIsThere) {
  auto connection = Open();
  Exec(*connection,
       "CREATE VIRTUAL TABLE f USING fts5(x); INSERT INTO f VALUES ('two people talk')");
  EXPECT_EQ(Number(*connection, "SELECT count(*) FROM f WHERE f MATCH 'people'"), 1);
}

TEST_F(ConnectionTest, AReadOnlyConnectionSeesCommitsAndCannotWrite) {
  auto writer = Open();
  Exec(*writer, "CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)");
  auto reader = Open(Options(Access::kReadOnly));
  MakeRows(*writer, 2);
  EXPECT_EQ(Number(*reader, "SELECT count(*) FROM t"), 2);
  EXPECT_THAT(reader->Execute("INSERT INTO t VALUES (9, '')"), HasCode(Code::kStorage));
  EXPECT_EQ(Number(*reader, "SELECT count(*) FROM t"), 2);
}

TEST_F(ConnectionTest, ASecondWriterIsTurnedAwayAndComesBackLater) {
  auto first = Open();
  Exec(*first, "CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)");
  auto second = Open();
  {
    PAWL_ASSERT_OK_AND_ASSIGN(Transaction transaction, Transaction::Begin(*first));
    EXPECT_THAT(Transaction::Begin(*second), HasCode(Code::kStoreLocked));
    EXPECT_THAT(second->Execute("INSERT INTO t VALUES (1, '')"), HasCode(Code::kStoreLocked));
    EXPECT_EQ(Number(*second, "SELECT count(*) FROM t"), 0);
  }
  EXPECT_THAT(second->Execute("INSERT INTO t VALUES (1, '')"), IsOk());
}

TEST_F(ConnectionTest, TruncatingTheLogLeavesNothingInIt) {
  auto connection = Open();
  Exec(*connection, "CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)");
  EXPECT_GT(std::filesystem::file_size(path() + "-wal"), 0u);
  EXPECT_THAT(connection->Checkpoint(CheckpointMode::kTruncate), IsOk());
  EXPECT_EQ(std::filesystem::file_size(path() + "-wal"), 0u);
  EXPECT_THAT(connection->Checkpoint(CheckpointMode::kPassive), IsOk());
}

TEST_F(ConnectionTest, TruncatingTheLogIsRefusedWhileSomebodyReads) {
  auto writer = Open();
  Exec(*writer, "CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)");
  MakeRows(*writer, 2);
  auto reader = Open();
  PAWL_ASSERT_OK_AND_ASSIGN(Statement scan, reader->Prepare("SELECT id FROM t"));
  ASSERT_THAT(scan.Step(), IsOkAndHolds(true));
  Exec(*writer, "INSERT INTO t VALUES (5, '')");
  EXPECT_THAT(writer->Checkpoint(CheckpointMode::kTruncate), HasCode(Code::kStoreLocked));
  EXPECT_THAT(writer->Checkpoint(CheckpointMode::kPassive), IsOk());
}

TEST_F(ConnectionTest, DeletedContentIsOverwritten) {
  PAWL_ASSERT_OK_AND_ASSIGN(auto connection, Connection::OpenUnencrypted(Options()));
  Exec(*connection, "CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)");
  MakeRows(*connection, 100);
  ASSERT_THAT(connection->Checkpoint(CheckpointMode::kTruncate), IsOk());
  ASSERT_NE(FileContents(path()).find(kCanary), std::string::npos);
  Exec(*connection, "DELETE FROM t");
  ASSERT_THAT(connection->Checkpoint(CheckpointMode::kTruncate), IsOk());
  EXPECT_EQ(FileContents(path()).find(kCanary), std::string::npos);
  EXPECT_TRUE(FileContents(path() + "-wal").empty());
}

TEST_F(ConnectionTest, RekeyReencryptsEveryPage) {
  MakeDatabase(2000);
  const std::string before = FileContents(path());
  {
    OpenOptions small_cache = Options();
    small_cache.cache_kib = 64;  // far fewer than the pages: most are written before the commit
    auto connection = Open(small_cache);
    ASSERT_THAT(connection->Rekey(KeyOf(2)), IsOk());
    EXPECT_EQ(Number(*connection, "SELECT count(*) FROM t"), 2000);
  }
  const std::string after = FileContents(path());
  ASSERT_EQ(after.size(), before.size());
  for (size_t at = 0; at < after.size(); at += 4096) {
    EXPECT_NE(after.substr(at + 16, 4080), before.substr(at + 16, 4080)) << "page at " << at;
  }
  EXPECT_THAT(Connection::Open(Options(), KeyOf(1)), HasCode(Code::kWrongKey));
  auto connection = Open(Options(), 2);
  EXPECT_EQ(Number(*connection, "SELECT count(*) FROM t"), 2000);
  EXPECT_THAT(connection->CheckIntegrity(IntegrityCheck::kFull), IsOk());
}

TEST_F(ConnectionTest, RekeyIsRefusedWhereItCannotBe) {
  MakeDatabase(10);
  auto connection = Open();
  {
    PAWL_ASSERT_OK_AND_ASSIGN(Transaction transaction, Transaction::Begin(*connection));
    EXPECT_THAT(connection->Rekey(KeyOf(2)), HasCode(Code::kWrongState));
    EXPECT_THAT(connection->Checkpoint(CheckpointMode::kPassive), HasCode(Code::kWrongState));
  }
  auto reader = Open();
  {
    PAWL_ASSERT_OK_AND_ASSIGN(Statement scan, reader->Prepare("SELECT id FROM t"));
    ASSERT_THAT(scan.Step(), IsOkAndHolds(true));
    Exec(*connection, "INSERT INTO t VALUES (100, '')");
    EXPECT_THAT(connection->Rekey(KeyOf(2)), HasCode(Code::kStoreLocked));
  }
  EXPECT_EQ(Number(*reader, "SELECT count(*) FROM t"), 11);
}

TEST_F(ConnectionTest, APlainDatabaseHasNoKeyToChange) {
  PAWL_ASSERT_OK_AND_ASSIGN(auto connection, Connection::OpenUnencrypted(Options()));
  EXPECT_THAT(connection->Rekey(KeyOf(2)), HasCode(Code::kNotEncrypted));
}

TEST_F(ConnectionTest, SqlThatDoesNotCompileIsATypedError) {
  auto connection = Open();
  EXPECT_THAT(connection->Prepare("SELECT FROM"), HasCode(Code::kStorage));
  EXPECT_THAT(connection->Execute("NONSENSE"), HasCode(Code::kStorage));
  EXPECT_EQ(Number(*connection, "SELECT 1"), 1);
}

TEST_F(ConnectionTest, ReportsChangesAndRowids) {
  auto connection = Open();
  Exec(*connection, "CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)");
  Exec(*connection, "INSERT INTO t VALUES (41, ''), (42, '')");
  EXPECT_EQ(connection->Changes(), 2);
  EXPECT_EQ(connection->LastInsertRowid(), 42);
}

}  // namespace
}  // namespace pawl::db
