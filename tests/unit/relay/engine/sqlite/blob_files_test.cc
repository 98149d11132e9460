#include "relay/engine/sqlite/blob_files.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "support/matchers.h"
#include "support/temp_dir.h"

namespace pawl::relay::engine::sqlite {
namespace {

using ::pawl::test::HasCode;
using ::pawl::test::IsOk;

class Blobs : public ::testing::Test {
 protected:
  void SetUp() override {
    auto files = BlobFiles::Open(folder_.File("blobs"));
    ASSERT_THAT(files, IsOk());
    files_ = std::make_unique<BlobFiles>(*std::move(files));
  }

  test::TempDir folder_;
  std::unique_ptr<BlobFiles> files_;
  const BlobId id_ = BlobId({0xAB, 0xCD});
};

TEST_F(Blobs, GrowInOrder) {
  EXPECT_EQ(files_->SizeOf(id_), 0u);
  EXPECT_THAT(files_->Append(id_, 0, Bytes(10, 1)), IsOk());
  EXPECT_THAT(files_->Append(id_, 10, Bytes(10, 2)), IsOk());
  EXPECT_EQ(files_->SizeOf(id_), 20u);
  EXPECT_THAT(files_->Append(id_, 30, Bytes(10, 3)), HasCode(Code::kWrongState)) << "a gap";
  EXPECT_THAT(files_->Append(id_, 10, Bytes(10, 3)), HasCode(Code::kWrongState)) << "an overwrite";
  EXPECT_THAT(files_->Read(id_, 15, 100), test::IsOkAndHolds(Bytes(5, 2)));
  EXPECT_THAT(files_->Sync(id_), IsOk());
}

TEST_F(Blobs, AreNamedByTheirId) {
  files_->Append(id_, 0, Bytes(10, 1)).IgnoreError();
  const std::string name = "abcd" + std::string(60, '0');
  EXPECT_TRUE(std::filesystem::exists(folder_.File("blobs/ab/" + name)));
  files_->Remove(id_);
  EXPECT_FALSE(std::filesystem::exists(folder_.File("blobs/ab/" + name)));
  files_->Remove(id_);
}

TEST_F(Blobs, AreForTheOwnerAlone) {
  files_->Append(id_, 0, Bytes(10, 1)).IgnoreError();
  namespace fs = std::filesystem;
  for (const auto& entry : fs::recursive_directory_iterator(folder_.path())) {
    EXPECT_EQ(entry.status().permissions() & (fs::perms::group_all | fs::perms::others_all),
              fs::perms::none)
        << entry.path();
  }
}

TEST_F(Blobs, MissingOnesAreNotFound) {
  EXPECT_THAT(files_->Read(id_, 0, 10), HasCode(Code::kNotFound));
  EXPECT_THAT(files_->Sync(id_), HasCode(Code::kNotFound));
}

TEST_F(Blobs, AFullDiskLeavesTheFileAsItWasAndItGoesOnWhenThereIsRoom) {
  EXPECT_THAT(files_->Append(id_, 0, Bytes(900, 1)), IsOk());
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit small = before;
  small.rlim_cur = 1000;
  setrlimit(RLIMIT_FSIZE, &small);
  const absl::Status status = files_->Append(id_, 900, Bytes(500, 2));
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, old_handler);
  EXPECT_THAT(status, HasCode(Code::kDiskFull));
  EXPECT_EQ(files_->SizeOf(id_), 900u) << "also the part that fitted is gone";
  EXPECT_THAT(files_->Append(id_, 900, Bytes(500, 2)), IsOk());
}

TEST_F(Blobs, SweepRemovesWhatNobodyKnows) {
  const BlobId known({1});
  files_->Append(known, 0, Bytes(10, 1)).IgnoreError();
  files_->Append(id_, 0, Bytes(10, 1)).IgnoreError();
  std::ofstream(folder_.File("blobs/a stranger's file")) << "x";
  EXPECT_THAT(files_->Sweep([&](const BlobId& id) { return id == known; }), IsOk());
  EXPECT_EQ(files_->SizeOf(known), 10u);
  EXPECT_EQ(files_->SizeOf(id_), 0u);
  EXPECT_TRUE(std::filesystem::exists(folder_.File("blobs/a stranger's file")));
}

}  // namespace
}  // namespace pawl::relay::engine::sqlite
