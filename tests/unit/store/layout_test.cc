#include "store/layout.h"

#include <filesystem>
#include <fstream>

#include "unit/store/test_store.h"

namespace pawl::store {
namespace {

class LayoutTest : public StoreTest {
 protected:
  void SetUp() override { std::filesystem::create_directories(StoreDir()); }
  void Put(const std::string& path, std::string_view bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
  }
  const Layout layout_{StoreDir()};
};

TEST_F(LayoutTest, EmptyFolderHasNoStore) {
  EXPECT_THAT(layout_.Look(), IsOkAndHolds(Presence::kNothing));
  EXPECT_THAT(Layout(temp_.File("none")).Look(), IsOkAndHolds(Presence::kNothing));
}

TEST_F(LayoutTest, KeyFileAndDatabaseAreAStore) {
  Put(layout_.KeyWrap(), "key");
  Put(layout_.Database(), "encrypted");
  EXPECT_THAT(layout_.Look(), IsOkAndHolds(Presence::kStore));
}

// A part that is gone is a loss to report, never a reason to start a new store in its place.
TEST_F(LayoutTest, StoreWithAPartMissingIsCorrupt) {
  Put(layout_.KeyWrap(), "key");
  EXPECT_THAT(layout_.Look(), HasCode(Code::kCorrupt));
  Put(layout_.Database(), "");
  EXPECT_THAT(layout_.Look(), HasCode(Code::kCorrupt));
  std::filesystem::remove(layout_.KeyWrap());
  Put(layout_.Database(), "encrypted");
  EXPECT_THAT(layout_.Look(), HasCode(Code::kCorrupt));
}

TEST_F(LayoutTest, PlainSqliteFileIsNotEncrypted) {
  Put(layout_.Database(), std::string("SQLite format 3\0 and so on", 26));
  EXPECT_THAT(layout_.Look(), HasCode(Code::kNotEncrypted));
}

TEST_F(LayoutTest, CreationIsHalfMadeUntilItEnds) {
  ASSERT_THAT(layout_.BeginCreation(), IsOk());
  EXPECT_THAT(layout_.Look(), IsOkAndHolds(Presence::kHalfMade));
  Put(layout_.KeyWrap(), "key");
  Put(layout_.Database(), "encrypted");
  EXPECT_THAT(layout_.Look(), IsOkAndHolds(Presence::kHalfMade));
  ASSERT_THAT(layout_.EndCreation(), IsOk());
  EXPECT_THAT(layout_.Look(), IsOkAndHolds(Presence::kStore));
}

TEST_F(LayoutTest, CreationStartsOverWithoutWhatAnEarlierOneLeft) {
  ASSERT_THAT(layout_.BeginCreation(), IsOk());
  Put(layout_.KeyWrap(), "key");
  Put(layout_.Database() + "-wal", "log");
  ASSERT_THAT(layout_.BeginCreation(), IsOk());
  EXPECT_FALSE(std::filesystem::exists(layout_.KeyWrap()));
  EXPECT_FALSE(std::filesystem::exists(layout_.Database() + "-wal"));
}

TEST_F(LayoutTest, WhoOnlyAsksWhetherThereIsSomethingOpensNoFile) {
  EXPECT_FALSE(layout_.HoldsSomething());
  Put(layout_.KeyWrap(), "key");
  EXPECT_TRUE(layout_.HoldsSomething()) << "a part that is gone is for Look to report";
  Put(layout_.Creating(), "");
  EXPECT_FALSE(layout_.HoldsSomething());
}

}  // namespace
}  // namespace pawl::store
