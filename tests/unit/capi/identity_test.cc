#include "pawl/identity.h"

#include <gtest/gtest.h>

#include <vector>

#include "pawl/buffer.h"

namespace pawl::capi {
namespace {

constexpr uint8_t kKey[PAWL_KEY_SIZE] = {1};
constexpr uint8_t kOther[PAWL_KEY_SIZE] = {2};

TEST(Identity, ComesBackAsItWasSaved) {
  pawl_identity *made = nullptr, *again = nullptr;
  pawl_buffer* sealed = nullptr;
  ASSERT_EQ(pawl_identity_create("alice@example.org", &made), PAWL_OK);
  ASSERT_EQ(pawl_identity_save(made, kKey, sizeof kKey, &sealed), PAWL_OK);
  const uint8_t* bytes = pawl_buffer_data(sealed);
  const size_t size = pawl_buffer_size(sealed);
  EXPECT_EQ(pawl_identity_restore(bytes, size, kOther, sizeof kOther, &again), PAWL_E_AUTH_FAILED);
  ASSERT_EQ(pawl_identity_restore(bytes, size, kKey, sizeof kKey, &again), PAWL_OK);
  char address[PAWL_ADDRESS_SIZE];
  size_t length = 0;
  ASSERT_EQ(pawl_identity_address(again, address, sizeof address, &length), PAWL_OK);
  EXPECT_STREQ(address, "alice@example.org");
  pawl_buffer_release(sealed);
  pawl_identity_release(again);
  pawl_identity_release(made);
}

TEST(Identity, SavesTwiceDifferently) {
  pawl_identity* made = nullptr;
  pawl_buffer *one = nullptr, *two = nullptr;
  ASSERT_EQ(pawl_identity_create("alice@example.org", &made), PAWL_OK);
  ASSERT_EQ(pawl_identity_save(made, kKey, sizeof kKey, &one), PAWL_OK);
  ASSERT_EQ(pawl_identity_save(made, kKey, sizeof kKey, &two), PAWL_OK);
  const std::vector<uint8_t> a(pawl_buffer_data(one),
                               pawl_buffer_data(one) + pawl_buffer_size(one));
  const std::vector<uint8_t> b(pawl_buffer_data(two),
                               pawl_buffer_data(two) + pawl_buffer_size(two));
  EXPECT_NE(a, b) << "a fresh nonce each time";
  pawl_buffer_release(one);
  pawl_buffer_release(two);
  pawl_identity_release(made);
}

TEST(Identity, BundlesThatAreDamagedAreRefused) {
  pawl_identity *alice = nullptr, *bob = nullptr;
  pawl_buffer* bundle = nullptr;
  ASSERT_EQ(pawl_identity_create("alice@example.org", &alice), PAWL_OK);
  ASSERT_EQ(pawl_identity_create("bob@example.org", &bob), PAWL_OK);
  ASSERT_EQ(pawl_identity_bundle(bob, &bundle), PAWL_OK);
  std::vector<uint8_t> bytes(pawl_buffer_data(bundle),
                             pawl_buffer_data(bundle) + pawl_buffer_size(bundle));
  char number[PAWL_SAFETY_NUMBER_SIZE];
  size_t length = 0;
  for (size_t i = 0; i < bytes.size(); i += 17) {
    bytes[i] ^= 1;
    EXPECT_LT(pawl_identity_safety_number(alice, bytes.data(), bytes.size(), number, sizeof number,
                                          &length),
              0);
    bytes[i] ^= 1;
    EXPECT_LT(pawl_identity_safety_number(alice, bytes.data(), i, number, sizeof number, &length),
              0);
  }
  EXPECT_EQ(pawl_identity_safety_number(alice, bytes.data(), bytes.size(), number, sizeof number,
                                        &length),
            PAWL_OK);
  pawl_buffer_release(bundle);
  pawl_identity_release(alice);
  pawl_identity_release(bob);
}

}  // namespace
}  // namespace pawl::capi
