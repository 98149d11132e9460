#include "client/attachment/file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "support/matchers.h"
#include "support/temp_dir.h"

namespace pawl::attachment {
namespace {

using test::HasCode;
using test::IsOk;

TEST(File, ReadsBackWhatItWroteAtAnyOffset) {
  test::TempDir dir;
  PAWL_ASSERT_OK_AND_ASSIGN(File file, File::Open(dir.File("f"), File::How::kReadWrite));
  ASSERT_THAT(file.WriteAt(5, AsBytes("hello")), IsOk());
  Bytes back(5);
  ASSERT_THAT(file.ReadAt(5, back), IsOk());
  EXPECT_EQ(AsText(back), "hello");
  EXPECT_EQ(*file.Size(), 10u);
}

TEST(File, AReadBeyondTheEndIsAnError) {
  test::TempDir dir;
  PAWL_ASSERT_OK_AND_ASSIGN(File file, File::Open(dir.File("f"), File::How::kReadWrite));
  ASSERT_THAT(file.WriteAt(0, AsBytes("abc")), IsOk());
  Bytes back(4);
  EXPECT_THAT(file.ReadAt(0, back), HasCode(Code::kIo));
}

TEST(File, WhatIsNoRegularFileIsRefusedAndAPipeDoesNotHang) {
  test::TempDir dir;
  EXPECT_THAT(File::Open(dir.path().string(), File::How::kRead), HasCode(Code::kInvalidArgument));
  ASSERT_EQ(mkfifo(dir.File("pipe").c_str(), 0600), 0);
  EXPECT_THAT(File::Open(dir.File("pipe"), File::How::kRead), HasCode(Code::kInvalidArgument));
  EXPECT_THAT(File::Open(dir.File("none"), File::How::kRead), HasCode(Code::kNotFound));
  EXPECT_THAT(File::Duplicate(-1), HasCode(Code::kInvalidArgument));
}

TEST(File, IsNeverWrittenThroughASymbolicLink) {
  test::TempDir dir;
  std::filesystem::create_symlink(dir.File("target"), dir.File("link"));
  EXPECT_THAT(File::Open(dir.File("link"), File::How::kReadWrite), HasCode(Code::kIo));
  EXPECT_FALSE(std::filesystem::exists(dir.File("target")));
}

TEST(File, ADuplicateOutlivesTheOriginal) {
  test::TempDir dir;
  PAWL_ASSERT_OK_AND_ASSIGN(File original, File::Open(dir.File("f"), File::How::kReadWrite));
  ASSERT_THAT(original.WriteAt(0, AsBytes("abc")), IsOk());
  PAWL_ASSERT_OK_AND_ASSIGN(File copy, File::Duplicate(original.fd()));
  { File gone = std::move(original); }
  Bytes back(3);
  EXPECT_THAT(copy.ReadAt(0, back), IsOk());
  EXPECT_EQ(AsText(back), "abc");
}

TEST(File, IsMadeForItsOwnerAlone) {
  test::TempDir dir;
  PAWL_ASSERT_OK_AND_ASSIGN(const File file, File::Open(dir.File("f"), File::How::kReadWrite));
  struct stat info {};
  ASSERT_EQ(stat(dir.File("f").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST(RenameDurably, ReplacesWhatStoodThere) {
  test::TempDir dir;
  {
    PAWL_ASSERT_OK_AND_ASSIGN(File a, File::Open(dir.File("a"), File::How::kReadWrite));
    ASSERT_THAT(a.WriteAt(0, AsBytes("new")), IsOk());
    PAWL_ASSERT_OK_AND_ASSIGN(File b, File::Open(dir.File("b"), File::How::kReadWrite));
  }
  ASSERT_THAT(RenameDurably(dir.File("a"), dir.File("b")), IsOk());
  EXPECT_EQ(std::filesystem::file_size(dir.File("b")), 3u);
  EXPECT_THAT(RenameDurably(dir.File("a"), dir.File("b")), HasCode(Code::kNotFound));
}

TEST(MakeFolder, IsFineWhenThere) {
  test::TempDir dir;
  EXPECT_THAT(MakeFolder(dir.File("d")), IsOk());
  EXPECT_THAT(MakeFolder(dir.File("d")), IsOk());
  EXPECT_THAT(MakeFolder(dir.File("no/d")), HasCode(Code::kNotFound));
}

}  // namespace
}  // namespace pawl::attachment
