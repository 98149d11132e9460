#include "store/file.h"

#include <errno.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "unit/store/test_store.h"

namespace pawl::store {
namespace {

using File = StoreTest;

TEST_F(File, IsReadAsItWasWrittenAndIsPrivate) {
  const std::string path = temp_.File("a");
  ASSERT_THAT(WriteFileAtomically(path, AsBytes("first")), IsOk());
  ASSERT_THAT(WriteFileAtomically(path, AsBytes("second")), IsOk());
  PAWL_ASSERT_OK_AND_ASSIGN(const auto read, ReadSmallFile(path, 6));
  EXPECT_EQ(AsText(*read), "second");
  EXPECT_FALSE(FileExists(path + ".new"));
  struct stat found {};
  ASSERT_EQ(::stat(path.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
}

TEST_F(File, ReadingIsBounded) {
  const std::string path = temp_.File("a");
  ASSERT_THAT(WriteFileAtomically(path, AsBytes("1234567")), IsOk());
  EXPECT_THAT(ReadSmallFile(path, 6), HasCode(Code::kTooLarge));
  PAWL_ASSERT_OK_AND_ASSIGN(const Bytes start, ReadFileStart(path, 3));
  EXPECT_EQ(AsText(start), "123");
}

TEST_F(File, MissingIsNotAnError) {
  EXPECT_THAT(ReadSmallFile(temp_.File("none"), 6), IsOkAndHolds(std::nullopt));
  EXPECT_THAT(RemoveFile(temp_.File("none")), IsOk());
  EXPECT_THAT(ReadFileStart(temp_.File("none"), 3), HasCode(Code::kIo));
}

TEST_F(File, FailedWriteLeavesTheOldBytesAndNoLitter) {
  const std::string path = temp_.File("a");
  ASSERT_THAT(WriteFileAtomically(path, AsBytes("old")), IsOk());
  struct rlimit before {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  struct rlimit none = before;
  none.rlim_cur = 1;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &none), 0);
  const absl::Status written = WriteFileAtomically(path, AsBytes("new bytes"));
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_THAT(written, HasCode(Code::kIo));
  PAWL_ASSERT_OK_AND_ASSIGN(const auto read, ReadSmallFile(path, 6));
  EXPECT_EQ(AsText(*read), "old");
  EXPECT_FALSE(FileExists(path + ".new"));
}

TEST_F(File, FullDiskIsNamed) {
  EXPECT_THAT(FileError(ENOSPC, "x"), HasCode(Code::kDiskFull));
  EXPECT_THAT(FileError(EDQUOT, "x"), HasCode(Code::kDiskFull));
  EXPECT_THAT(FileError(EACCES, "x"), HasCode(Code::kIo));
}

TEST_F(File, FoldersAreMadeWithTheirParentsAndPrivate) {
  const std::string deep = temp_.File("a/b/c");
  ASSERT_THAT(MakeDirs(deep), IsOk());
  ASSERT_THAT(MakeDirs(deep), IsOk());
  struct stat found {};
  ASSERT_EQ(::stat(temp_.File("a/b").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0700u);
  std::ofstream(temp_.File("file")) << "x";
  EXPECT_THAT(MakeDirs(temp_.File("file")), HasCode(Code::kIo));
  EXPECT_THAT(MakeDirs(temp_.File("file/below")), HasCode(Code::kIo));
}

TEST_F(File, ResolvedPathFollowsLinksAndDots) {
  ASSERT_THAT(MakeDirs(temp_.File("real")), IsOk());
  std::filesystem::create_directory_symlink(temp_.File("real"), temp_.File("link"));
  EXPECT_THAT(ResolvedPath(temp_.File("link/x/../y")),
              IsOkAndHolds(std::filesystem::canonical(temp_.File("real")).string() + "/y"));
}

}  // namespace
}  // namespace pawl::store
