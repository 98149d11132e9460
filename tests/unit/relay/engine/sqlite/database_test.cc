#include "relay/engine/sqlite/database.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "test_store.h"

namespace pawl::relay::engine::sqlite {
namespace {

using Databases = TestStore;

constexpr char kMarker[] = "a name that must not be in the file";

bool Holds(const std::string& folder, std::string_view text) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string contents{std::istreambuf_iterator<char>(file), {}};
    if (contents.find(text) != contents.npos) return true;
  }
  return false;
}

class EncryptedDatabases : public TestStore {
 protected:
  void Open() override {
    location_.key = db::Key::From(ByteArray<32>{1, 2, 3});
    TestStore::Open();
  }
};

TEST_F(EncryptedDatabases, HoldNothingInTheClear) {
  MakeAccount(kMarker);
  EXPECT_FALSE(Holds(location_.directory, kMarker));
}

TEST_F(EncryptedDatabases, OpenWithTheirKeyAlone) {
  writes_.reset();
  db_.reset();
  Location wrong;
  wrong.directory = location_.directory;
  EXPECT_THAT(OpenToWrite(wrong), test::HasCode(Code::kWrongKey));
  wrong.key = db::Key::From(ByteArray<32>{9});
  EXPECT_THAT(OpenToWrite(wrong), test::HasCode(Code::kWrongKey));
  EXPECT_THAT(OpenToWrite(location_), test::IsOk());
}

TEST_F(Databases, WithoutAKeyTheSearchFindsWhatIsThere) {
  MakeAccount(kMarker);
  EXPECT_TRUE(Holds(location_.directory, kMarker)) << "so the search above can find";
}

TEST_F(Databases, AreForTheOwnerAlone) {
  const std::string fresh = folder_.File("fresh");
  Location location;
  location.directory = fresh;
  EXPECT_THAT(OpenToWrite(location), test::IsOk());
  EXPECT_EQ(std::filesystem::status(fresh).permissions(), std::filesystem::perms::owner_all);
}

TEST_F(Databases, AFolderThatCannotBeMadeIsSaidSo) {
  Location location;
  location.directory = folder_.File("no/such/parent");
  EXPECT_THAT(OpenToWrite(location), test::HasCode(Code::kIo));
}

TEST_F(Databases, OpeningSweepsTheBlobFolder) {
  EXPECT_THAT(files_->Append(BlobId({9}), 0, Bytes(10, 1)), test::IsOk());
  PAWL_ASSERT_OK_AND_ASSIGN(const BlobFiles swept, OpenBlobs(location_, *db_));
  EXPECT_EQ(swept.SizeOf(BlobId({9})), 0u);
}

}  // namespace
}  // namespace pawl::relay::engine::sqlite
