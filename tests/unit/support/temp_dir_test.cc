#include "support/temp_dir.h"

#include <gtest/gtest.h>

#include <fstream>

namespace pawl::test {
namespace {

TEST(TempDir, IsThereAndThenGoneWithItsFiles) {
  std::filesystem::path path;
  {
    TempDir dir;
    path = dir.path();
    EXPECT_TRUE(std::filesystem::is_directory(path));
    std::ofstream(dir.File("x")) << "y";
    EXPECT_TRUE(std::filesystem::exists(path / "x"));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace pawl::test
