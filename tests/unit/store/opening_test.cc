#include "store/opening.h"

#include "store/file.h"
#include "store/schema.h"
#include "unit/store/test_store.h"

namespace pawl::store {
namespace {

class OpeningTest : public StoreTest {
 protected:
  void SetUp() override {
    ASSERT_THAT(MakeDirs(StoreDir()), IsOk());
    ASSERT_THAT(layout_.BeginCreation(), IsOk());
  }
  // Makes the database under key `n`.
  void MakeDatabase(uint8_t n) {
    PAWL_ASSERT_OK_AND_ASSIGN(const OpenDatabase made,
                              OpenWithEither(layout_, "", {KeyOf(n), std::nullopt}));
    ASSERT_THAT(db::Migrate(*made.connection, Migrations()), IsOk());
  }
  static DatabaseKey KeyOf(uint8_t n) { return DatabaseKey::From(HashOf(n)); }
  const Layout layout_{StoreDir()};
};

TEST_F(OpeningTest, EitherKeyOfAReencryptionOpensAndIsNamed) {
  MakeDatabase(2);
  PAWL_ASSERT_OK_AND_ASSIGN(const OpenDatabase first,
                            OpenWithEither(layout_, "", {KeyOf(2), KeyOf(3)}));
  EXPECT_TRUE(first.key.Equals(KeyOf(2)));
  PAWL_ASSERT_OK_AND_ASSIGN(const OpenDatabase second,
                            OpenWithEither(layout_, "", {KeyOf(1), KeyOf(2)}));
  EXPECT_TRUE(second.key.Equals(KeyOf(2)));
}

TEST_F(OpeningTest, DatabaseThatNoKeyOfTheKeyFileOpensIsCorrupt) {
  MakeDatabase(2);
  EXPECT_THAT(OpenWithEither(layout_, "", {KeyOf(1), std::nullopt}).status(),
              HasCode(Code::kCorrupt));
  EXPECT_THAT(OpenWithEither(layout_, "", {KeyOf(1), KeyOf(3)}).status(), HasCode(Code::kCorrupt));
}

TEST_F(OpeningTest, KeysAreLoadedAsTheyWereCreated) {
  OpenOptions options = Options();
  PAWL_ASSERT_OK_AND_ASSIGN(const DatabaseKeys made, CreateKeys(layout_, options, rng_));
  PAWL_ASSERT_OK_AND_ASSIGN(const DatabaseKeys loaded, LoadKeys(layout_, options.key));
  EXPECT_TRUE(loaded.current.Equals(made.current));
  EXPECT_FALSE(loaded.next.has_value());
  EXPECT_THAT(LoadKeys(layout_, HostKeyOf(1)).status(), HasCode(Code::kWrongKey));
}

TEST_F(OpeningTest, MissingKeyFileIsCorrupt) {
  EXPECT_THAT(LoadKeys(layout_, HostKeyOf(7)).status(), HasCode(Code::kCorrupt));
}

TEST_F(OpeningTest, HostAnchorHasNoFolder) {
  EXPECT_THAT(ChooseAnchorDir(layout_, HostAnchor{}), IsOkAndHolds(std::nullopt));
  EXPECT_THAT(ChooseAnchorDir(layout_, AnchorFile{StoreDir() + "/x"}),
              HasCode(Code::kInvalidArgument));
}

}  // namespace
}  // namespace pawl::store
