#include "relay/engine/sqlite/file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>

#include "support/matchers.h"
#include "support/temp_dir.h"

namespace pawl::relay::engine::sqlite {
namespace {

using ::pawl::test::HasCode;
using ::pawl::test::IsOk;

class Files : public ::testing::Test {
 protected:
  test::TempDir folder_;
};

TEST_F(Files, WhatIsWrittenIsRead) {
  PAWL_ASSERT_OK_AND_ASSIGN(const File out, File::OpenToAppend(folder_.File("a")));
  EXPECT_THAT(out.WriteAt(0, Bytes(100, 1)), IsOk());
  EXPECT_THAT(out.WriteAt(100, Bytes(50, 2)), IsOk());
  EXPECT_THAT(out.SyncData(), IsOk());
  PAWL_ASSERT_OK_AND_ASSIGN(const File in, File::OpenToRead(folder_.File("a")));
  EXPECT_THAT(in.Size(), test::IsOkAndHolds(150u));
  PAWL_ASSERT_OK_AND_ASSIGN(const Bytes middle, in.ReadAt(90, 20));
  Bytes expected(10, 1);
  expected.resize(20, 2);
  EXPECT_EQ(middle, expected);
  PAWL_ASSERT_OK_AND_ASSIGN(const Bytes end, in.ReadAt(140, 1000));
  EXPECT_EQ(end.size(), 10u);
  EXPECT_THAT(out.Truncate(10), IsOk());
  EXPECT_THAT(in.Size(), test::IsOkAndHolds(10u));
}

TEST_F(Files, AMissingFileIsNotFound) {
  EXPECT_THAT(File::OpenToRead(folder_.File("none")), HasCode(Code::kNotFound));
  EXPECT_THAT(File::OpenToAppend(folder_.File("none/none")), HasCode(Code::kNotFound));
}

TEST_F(Files, NoRoomIsAFullDisk) {
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit small = before;
  small.rlim_cur = 1000;
  setrlimit(RLIMIT_FSIZE, &small);
  PAWL_ASSERT_OK_AND_ASSIGN(const File file, File::OpenToAppend(folder_.File("a")));
  const absl::Status status = file.WriteAt(0, Bytes(2000, 1));
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, old_handler);
  EXPECT_THAT(status, HasCode(Code::kDiskFull));
}

}  // namespace
}  // namespace pawl::relay::engine::sqlite
