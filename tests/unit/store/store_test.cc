#include "store/store.h"

#include <filesystem>
#include <fstream>

#include "db/connection.h"
#include "store/layout.h"
#include "store/schema.h"
#include "support/held_locks.h"
#include "unit/store/test_store.h"

namespace pawl::store {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

void Overwrite(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

class StoreFiles : public StoreTest {
 protected:
  absl::Status Put(Store& store, Literal name, std::string_view value) {
    PAWL_ASSIGN(Transaction tx, store.Begin());
    PAWL_TRY(tx.values().Put(name, AsBytes(value)));
    return tx.Commit(now_);
  }
  std::string Get(Store& store, Literal name) {
    auto tx = store.Begin();
    EXPECT_THAT(tx, IsOk());
    auto value = tx->values().Get(name);
    EXPECT_THAT(value, IsOk());
    return value->has_value() ? TextOf(**value) : "(none)";
  }
  const Layout layout_{StoreDir()};
};

TEST_F(StoreFiles, IsMadeOnlyWhenAsked) {
  OpenOptions options = Options();
  options.create_if_missing = false;
  EXPECT_FALSE(Store::Exists(StoreDir()));
  EXPECT_THAT(TryOpen(std::move(options)), HasCode(Code::kNotFound));
  EXPECT_FALSE(std::filesystem::exists(StoreDir()));
  ASSERT_NE(Open(), nullptr);
  EXPECT_TRUE(Store::Exists(StoreDir()));
}

TEST_F(StoreFiles, WhatWasCommittedIsThereAfterReopening) {
  {
    const auto store = Open();
    ASSERT_THAT(Put(*store, "a", "kept"), IsOk());
  }
  const auto store = Open();
  EXPECT_EQ(Get(*store, "a"), "kept");
}

TEST_F(StoreFiles, HasOneWriter) {
  auto store = Open();
  EXPECT_THAT(TryOpen(Options()), HasCode(Code::kStoreLocked));
  ASSERT_THAT(store->Close(now_), IsOk());
  EXPECT_THAT(TryOpen(Options()), IsOk());
  EXPECT_THAT(store->Begin(), HasCode(Code::kClosed));
  EXPECT_THAT(store->Close(now_), HasCode(Code::kClosed));
  EXPECT_THAT(store->EraseTraces(), HasCode(Code::kClosed));
}

TEST_F(StoreFiles, WrongKeyIsNamedAndChangesNothing) {
  Open().reset();
  const std::string key_file = Contents(layout_.KeyWrap());
  const std::string database = Contents(layout_.Database());
  OpenOptions options = Options();
  options.key = HostKeyOf(8);
  EXPECT_THAT(TryOpen(std::move(options)), HasCode(Code::kWrongKey));
  options = Options();
  options.key = PassphraseOf("guess");
  EXPECT_THAT(TryOpen(std::move(options)), HasCode(Code::kWrongKey));
  EXPECT_EQ(Contents(layout_.KeyWrap()), key_file);
  EXPECT_EQ(Contents(layout_.Database()), database);
}

TEST_F(StoreFiles, PassphraseOpensIt) {
  OpenOptions options = Options();
  options.key = PassphraseOf("correct horse");
  options.argon2 = CheapArgon2();
  { ASSERT_THAT(TryOpen(std::move(options)), IsOk()); }
  options = Options();
  options.key = PassphraseOf("correct horse");
  EXPECT_THAT(TryOpen(std::move(options)), IsOk());
}

TEST_F(StoreFiles, KeyThatWasNeverGivenMakesNoStore) {
  OpenOptions options = Options();
  options.key = WrapKey();
  EXPECT_THAT(TryOpen(std::move(options)), HasCode(Code::kInvalidArgument));
  EXPECT_FALSE(Store::Exists(StoreDir()));
}

TEST_F(StoreFiles, DamageIsCorruptAndNotAWrongKey) {
  Open()->Close(now_).IgnoreError();
  std::string database = Contents(layout_.Database());
  ASSERT_GT(database.size(), 8192u);
  const std::string whole = database;
  database[100] = static_cast<char>(database[100] ^ 1);
  Overwrite(layout_.Database(), database);
  EXPECT_THAT(TryOpen(Options()), HasCode(Code::kCorrupt));
  Overwrite(layout_.Database(), "");
  EXPECT_THAT(TryOpen(Options()), HasCode(Code::kCorrupt));
  std::filesystem::remove(layout_.Database());
  EXPECT_THAT(TryOpen(Options()), HasCode(Code::kCorrupt));
  Overwrite(layout_.Database(), whole);
  EXPECT_THAT(TryOpen(Options()), IsOk());
  Overwrite(layout_.KeyWrap(), "short");
  EXPECT_THAT(TryOpen(Options()), HasCode(Code::kCorrupt));
  Overwrite(layout_.KeyWrap(), std::string(1000, 'x'));
  EXPECT_THAT(TryOpen(Options()), HasCode(Code::kCorrupt));
}

TEST_F(StoreFiles, DamagedPageIsCorruptWhenItIsRead) {
  {
    const auto store = Open();
    ASSERT_THAT(Put(*store, "a", std::string(60'000, 'x')), IsOk());
    ASSERT_THAT(store->Close(now_), IsOk());
  }
  std::string database = Contents(layout_.Database());
  database[database.size() - 100] = static_cast<char>(database[database.size() - 100] ^ 1);
  Overwrite(layout_.Database(), database);
  PAWL_ASSERT_OK_AND_ASSIGN(const auto store, TryOpen(Options()));
  PAWL_ASSERT_OK_AND_ASSIGN(Transaction tx, store->Begin());
  EXPECT_THAT(tx.values().Get("a"), HasCode(Code::kCorrupt));
  EXPECT_THAT(tx.Commit(now_), HasCode(Code::kCorrupt));
}

TEST_F(StoreFiles, PlainDatabaseInItsPlaceIsRefused) {
  Open().reset();
  std::filesystem::remove(layout_.Database() + "-wal");
  std::filesystem::remove(layout_.Database());
  db::OpenOptions plain;
  plain.path = layout_.Database();
  plain.access = db::Access::kCreate;
  {
    PAWL_ASSERT_OK_AND_ASSIGN(const auto connection, db::Connection::OpenUnencrypted(plain));
    ASSERT_THAT(db::Migrate(*connection, Migrations()), IsOk());
  }
  EXPECT_THAT(TryOpen(Options()), HasCode(Code::kNotEncrypted));
  std::filesystem::remove(layout_.KeyWrap());
  EXPECT_THAT(TryOpen(Options()), HasCode(Code::kNotEncrypted));
}

TEST_F(StoreFiles, StoreOfALaterReleaseIsRefusedAndLeftAlone) {
  Open().reset();
  PAWL_ASSERT_OK_AND_ASSIGN(const auto file,
                            absl::StatusOr<std::string>(Contents(layout_.KeyWrap())));
  PAWL_ASSERT_OK_AND_ASSIGN(const DatabaseKeys keys, UnwrapKeys(AsBytes(file), HostKeyOf(7)));
  db::OpenOptions options;
  options.path = layout_.Database();
  {
    PAWL_ASSERT_OK_AND_ASSIGN(const auto connection, db::Connection::Open(options, keys.current));
    ASSERT_THAT(connection->SetUserVersion(1000), IsOk());
  }
  EXPECT_THAT(TryOpen(Options()), HasCode(Code::kStoreTooNew));
}

TEST_F(StoreFiles, AnchorInsideTheStoreIsRefused) {
  for (const char* inside : {"store", "store/anchors", "store/../store/x"}) {
    OpenOptions options = Options();
    options.anchor = AnchorFile{temp_.File(inside)};
    EXPECT_THAT(TryOpen(std::move(options)), HasCode(Code::kInvalidArgument)) << inside;
  }
  OpenOptions options = Options();
  options.anchor = AnchorFile{temp_.File("store-anchors")};
  EXPECT_THAT(TryOpen(std::move(options)), IsOk());
}

// A text that was in the database stands in none of the store's files, before and after deletion.
TEST_F(StoreFiles, HoldNothingInClear) {
  constexpr std::string_view kText = "a secret text of some length";
  const auto store = Open();
  ASSERT_THAT(Put(*store, "canary name", kText), IsOk());
  ASSERT_THAT(store->EraseTraces(), IsOk());
  for (const auto& entry : std::filesystem::directory_iterator(StoreDir())) {
    EXPECT_THAT(Contents(entry.path().string()), Not(HasSubstr(kText))) << entry.path();
    EXPECT_THAT(Contents(entry.path().string()), Not(HasSubstr("canary"))) << entry.path();
  }
  EXPECT_EQ(std::filesystem::file_size(layout_.Database() + "-wal"), 0u);
}

TEST_F(StoreFiles, ArePrivate) {
  const auto store = Open();
  ASSERT_THAT(Put(*store, "a", "b"), IsOk());
  using std::filesystem::perms;
  for (const auto& entry : std::filesystem::directory_iterator(StoreDir())) {
    EXPECT_EQ(entry.status().permissions(), perms::owner_read | perms::owner_write) << entry.path();
  }
  EXPECT_EQ(std::filesystem::status(StoreDir()).permissions(), perms::owner_all);
}

TEST_F(StoreFiles, ARefusedSecondOpenerLeavesTheWritersLocksAlone) {
  const auto store = Open();
  const auto before = test::HeldLocks(StoreDir());
  EXPECT_THAT(TryOpen(Options()), HasCode(Code::kStoreLocked));
  EXPECT_EQ(test::HeldLocks(StoreDir()), before)
      << "a descriptor that is closed takes the process's POSIX locks on its file along";
}

}  // namespace
}  // namespace pawl::store
