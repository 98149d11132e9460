#include "db/cipher.h"

#include <sqlcipher/sqlite3.h>

#include "support/hex.h"
#include "unit/db/test_database.h"

namespace pawl::db {
namespace {

using test::IsOk;

class CipherTest : public DatabaseTest {
 protected:
  // The text a key has in SQL: 64 hex digits.
  int OpenBySql(const std::string& hex) {
    sqlite3* handle = nullptr;
    sqlite3_open(path().c_str(), &handle);
    const std::string sql = "PRAGMA key = \"x'" + hex + "'\"";
    sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr);
    const int result = sqlite3_exec(handle, "SELECT count(*) FROM t", nullptr, nullptr, nullptr);
    sqlite3_close(handle);
    return result;
  }
};

TEST_F(CipherTest, TheKeyIsTakenRawSoThatAnySqlCipherOpensTheFileWithItsDigits) {
  ByteArray<32> key;
  for (size_t i = 0; i < key.size(); ++i) key[i] = static_cast<uint8_t>(i * 7 + 3);
  {
    PAWL_ASSERT_OK_AND_ASSIGN(auto connection, Connection::Open(Options(), Key::From(key)));
    Exec(*connection, "CREATE TABLE t (a)");
  }
  EXPECT_EQ(OpenBySql(test::ToHex(key)), SQLITE_OK);
  key[31] ^= 1;
  EXPECT_EQ(OpenBySql(test::ToHex(key)), SQLITE_NOTADB);
}

TEST_F(CipherTest, ThisLibraryHasACipher) {
  sqlite3* handle = nullptr;
  ASSERT_EQ(sqlite3_open(":memory:", &handle), SQLITE_OK);
  EXPECT_THAT(RequireCipher(handle), IsOk());
  sqlite3_close(handle);
}

TEST_F(CipherTest, NothingIsWrittenToStandardErrorWhenAKeyIsWrong) {
  { Exec(*Open(), "CREATE TABLE t (a)"); }
  ::testing::internal::CaptureStderr();
  EXPECT_FALSE(Connection::Open(Options(), KeyOf(9)).ok());
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

TEST_F(CipherTest, ThePlainHeaderIsRecognised) {
  sqlite3* handle = nullptr;
  ASSERT_EQ(sqlite3_open(path().c_str(), &handle), SQLITE_OK);
  EXPECT_FALSE(HasPlainHeader(handle));
  sqlite3_exec(handle, "CREATE TABLE t (a)", nullptr, nullptr, nullptr);
  EXPECT_TRUE(HasPlainHeader(handle));
  sqlite3_close(handle);
}

}  // namespace
}  // namespace pawl::db
