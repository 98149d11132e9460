#ifndef PAWL_TESTS_UNIT_DB_TEST_DATABASE_H_
#define PAWL_TESTS_UNIT_DB_TEST_DATABASE_H_

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "db/connection.h"
#include "support/matchers.h"
#include "support/temp_dir.h"

namespace pawl::db {

inline Key KeyOf(uint8_t fill) {
  ByteArray<32> bytes;
  bytes.fill(fill);
  return Key::From(bytes);
}

// A directory with one database in it.
class DatabaseTest : public ::testing::Test {
 protected:
  std::string path() const { return dir_.File("test.db"); }

  OpenOptions Options(Access access = Access::kCreate) const {
    OpenOptions options;
    options.path = path();
    options.access = access;
    options.busy_timeout = Milliseconds(0);
    return options;
  }

  void RemoveDatabase() const {
    for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
      std::filesystem::remove(path() + suffix);
    }
  }

  // The test fails, and nothing is returned, when it does not open.
  std::unique_ptr<Connection> Open(const OpenOptions& options, uint8_t key = 1) {
    absl::StatusOr<std::unique_ptr<Connection>> opened = Connection::Open(options, KeyOf(key));
    EXPECT_THAT(opened, test::IsOk());
    return opened.ok() ? *std::move(opened) : nullptr;
  }
  std::unique_ptr<Connection> Open() { return Open(Options()); }

  static void Exec(Connection& connection, Literal script) {
    ASSERT_THAT(connection.Execute(script), test::IsOk());
  }
  // The first column of the first row.
  static int64_t Number(Connection& connection, Literal query) {
    absl::StatusOr<Statement> statement = connection.Prepare(query);
    EXPECT_THAT(statement, test::IsOk());
    if (!statement.ok()) return -1;
    const absl::StatusOr<bool> row = statement->Step();
    EXPECT_THAT(row, test::IsOkAndHolds(true));
    return statement->Int(0);
  }

  static std::string FileContents(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  test::TempDir dir_;
};

}  // namespace pawl::db

#endif  // PAWL_TESTS_UNIT_DB_TEST_DATABASE_H_
