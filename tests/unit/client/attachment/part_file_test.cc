#include "client/attachment/part_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "support/matchers.h"
#include "support/temp_dir.h"

namespace pawl::attachment {
namespace {

using test::HasCode;
using test::IsOk;

TEST(PartFile, GetsItsNameOnlyWhenItIsWhole) {
  test::TempDir dir;
  const std::string path = dir.File("photo.jpg");
  PAWL_ASSERT_OK_AND_ASSIGN(PartFile part, PartFile::Open(path));
  ASSERT_THAT(part.WriteAt(0, AsBytes("all of it and more")), IsOk());
  EXPECT_FALSE(std::filesystem::exists(path));
  ASSERT_THAT(part.Finish(9), IsOk());
  EXPECT_EQ(std::filesystem::file_size(path), 9u);
  EXPECT_FALSE(std::filesystem::exists(path + ".part"));
}

TEST(PartFile, IsFoundAgain) {
  test::TempDir dir;
  { std::ofstream(dir.File("f.part")) << "half"; }
  PAWL_ASSERT_OK_AND_ASSIGN(PartFile part, PartFile::Open(dir.File("f")));
  EXPECT_EQ(*part.Size(), 4u);
}

TEST(PartFile, NeedsItsFolder) {
  test::TempDir dir;
  EXPECT_THAT(PartFile::Open(dir.File("none/f")), HasCode(Code::kNotFound));
}

}  // namespace
}  // namespace pawl::attachment
