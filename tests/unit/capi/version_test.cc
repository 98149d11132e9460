#include "pawl/version.h"

#include <gtest/gtest.h>

#include <string>

namespace pawl::capi {
namespace {

TEST(Version, TheTextIsTheNumber) {
  EXPECT_EQ(pawl_version(), static_cast<uint32_t>(PAWL_VERSION_NUMBER));
  EXPECT_EQ(pawl_version_string(), std::to_string(PAWL_VERSION_MAJOR) + "." +
                                       std::to_string(PAWL_VERSION_MINOR) + "." +
                                       std::to_string(PAWL_VERSION_PATCH));
}

}  // namespace
}  // namespace pawl::capi
