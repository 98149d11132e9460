#include "client/attachment/source.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "support/matchers.h"
#include "support/temp_dir.h"

namespace pawl::attachment {
namespace {

using test::HasCode;
using test::IsOk;

class FileSourceTest : public ::testing::Test {
 protected:
  void SetUp() override { Write("the quick brown fox"); }
  void Write(const std::string& text) { std::ofstream(path_) << text; }
  // File times stand still for some milliseconds; a change of the same size shows only after that.
  void WaitForTheNextTick() {
    const auto ticks = [this] {
      std::ofstream(dir_.File("clock")) << "x";
      return std::filesystem::last_write_time(dir_.File("clock"));
    };
    const auto now = ticks();
    while (ticks() == now) continue;
  }

  test::TempDir dir_;
  std::string path_ = dir_.File("source");
};

TEST_F(FileSourceTest, ReadsWhatStandsThere) {
  PAWL_ASSERT_OK_AND_ASSIGN(auto source, FileSource::Open(path_, {}));
  EXPECT_EQ(source->size(), 19u);
  Bytes out(5);
  ASSERT_THAT(source->ReadAt(4, out), IsOk());
  EXPECT_EQ(AsText(out), "quick");
}

TEST_F(FileSourceTest, AStampLetsTheSameFileInAgain) {
  PAWL_ASSERT_OK_AND_ASSIGN(auto source, FileSource::Open(path_, {}));
  EXPECT_THAT(FileSource::Open(path_, source->Stamp()), IsOk());
}

TEST_F(FileSourceTest, AFileThatChangedBetweenTwoProcessesIsNoticed) {
  PAWL_ASSERT_OK_AND_ASSIGN(auto source, FileSource::Open(path_, {}));
  const Bytes stamp = source->Stamp();
  WaitForTheNextTick();
  Write("the quick brown cat");
  EXPECT_THAT(FileSource::Open(path_, stamp), HasCode(Code::kSourceChanged));
}

TEST_F(FileSourceTest, AnotherFileUnderTheSameNameIsNoticedEvenWithTheOldTimes) {
  PAWL_ASSERT_OK_AND_ASSIGN(auto source, FileSource::Open(path_, {}));
  struct stat info {};
  ASSERT_EQ(stat(path_.c_str(), &info), 0);
  std::ofstream(dir_.File("other")) << "the quick brown cat";
  const timespec times[] = {info.st_atim, info.st_mtim};
  ASSERT_EQ(utimensat(AT_FDCWD, dir_.File("other").c_str(), times, 0), 0);
  std::filesystem::rename(dir_.File("other"), path_);
  EXPECT_THAT(FileSource::Open(path_, source->Stamp()), HasCode(Code::kSourceChanged));
}

TEST_F(FileSourceTest, AFileThatChangesWhileItIsReadIsNoticed) {
  PAWL_ASSERT_OK_AND_ASSIGN(auto source, FileSource::Open(path_, {}));
  Bytes out(5);
  ASSERT_THAT(source->ReadAt(0, out), IsOk());
  std::ofstream(path_, std::ios::app) << "!";
  EXPECT_THAT(source->ReadAt(0, out), HasCode(Code::kSourceChanged));
}

TEST_F(FileSourceTest, AFileThatShrinksIsAChangeNotAReadError) {
  PAWL_ASSERT_OK_AND_ASSIGN(auto source, FileSource::Open(path_, {}));
  std::filesystem::resize_file(path_, 3);
  Bytes out(5);
  EXPECT_THAT(source->ReadAt(4, out), HasCode(Code::kSourceChanged));
}

TEST_F(FileSourceTest, ADescriptorIsReadAfterItsOwnerClosedIt) {
  const int fd = open(path_.c_str(), O_RDONLY);
  PAWL_ASSERT_OK_AND_ASSIGN(auto source, FileSource::FromDescriptor(fd));
  close(fd);
  Bytes out(19);
  EXPECT_THAT(source->ReadAt(0, out), IsOk());
  EXPECT_THAT(FileSource::FromDescriptor(-1), HasCode(Code::kInvalidArgument));
}

}  // namespace
}  // namespace pawl::attachment
