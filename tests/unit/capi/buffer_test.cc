#include "capi/buffer.h"

#include <gtest/gtest.h>

#include "pawl/buffer.h"
#include "support/matchers.h"

namespace pawl::capi {
namespace {

TEST(Buffer, GivesItsBytesUntilItIsReleased) {
  pawl_buffer* buffer = nullptr;
  ASSERT_THAT(BufferOut(crypto::SecretBytes::From(AsBytes("abc")), &buffer), test::IsOk());
  ASSERT_EQ(pawl_buffer_size(buffer), 3u);
  EXPECT_EQ(AsText({pawl_buffer_data(buffer), 3}), "abc");
  pawl_buffer_release(buffer);
  EXPECT_EQ(pawl_buffer_size(buffer), 0u);
  EXPECT_EQ(pawl_buffer_data(buffer), nullptr);
  pawl_buffer_release(buffer);
  pawl_buffer_release(nullptr);
}

}  // namespace
}  // namespace pawl::capi
