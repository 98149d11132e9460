#include "support/vectors.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>

#include "support/temp_dir.h"

namespace pawl::test {
namespace {

// Points PAWL_VECTORS at a folder of its own and puts it back at the end.
class VectorsTest : public ::testing::Test {
 protected:
  VectorsTest() {
    if (const char* folder = std::getenv("PAWL_VECTORS")) before_ = folder;
    setenv("PAWL_VECTORS", dir_.path().c_str(), 1);
  }
  ~VectorsTest() override {
    if (before_) {
      setenv("PAWL_VECTORS", before_->c_str(), 1);
    } else {
      unsetenv("PAWL_VECTORS");
    }
  }

  TempDir dir_;
  std::optional<std::string> before_;
};

TEST_F(VectorsTest, ReadsAFileAndUnpacksGz) {
  std::ofstream(dir_.File("a.json")) << "[1]";
  std::ofstream(dir_.File("b.json")) << "[2]";
  ASSERT_EQ(std::system(("gzip '" + dir_.File("b.json") + "'").c_str()), 0);
  EXPECT_EQ(ReadVectors("a.json"), "[1]");
  EXPECT_EQ(ReadVectors("b.json.gz"), "[2]");
}

TEST_F(VectorsTest, AnAbsentFileIsNothing) {
  EXPECT_EQ(ReadVectors("absent.json"), std::nullopt);
  EXPECT_EQ(VectorsFolder(), dir_.path().string());
}

TEST_F(VectorsTest, WithoutTheVariableTheFolderStandsBesideTheSource) {
  unsetenv("PAWL_VECTORS");
  EXPECT_THAT(VectorsFolder(), ::testing::EndsWith("/shared/vectors"));
}

}  // namespace
}  // namespace pawl::test
