#include "pawl/account.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "offline_client.h"

namespace pawl::capi {
namespace {

TEST(Account, IsNobodyUntilItAskedToBeSomebody) {
  OfflineClient client;
  pawl_account_info info = PAWL_ACCOUNT_INFO_INIT;
  ASSERT_EQ(pawl_account_get_info(client.get(), &info), PAWL_OK);
  EXPECT_EQ(info.state, PAWL_ACCOUNT_NONE);
  pawl_devices* devices = nullptr;
  ASSERT_EQ(pawl_account_devices(client.get(), &devices), PAWL_OK);
  EXPECT_EQ(pawl_devices_count(devices), 0u);
  pawl_devices_release(devices);

  client.BeSomebody("alice@example.org");
  ASSERT_EQ(pawl_account_get_info(client.get(), &info), PAWL_OK);
  EXPECT_EQ(info.state, PAWL_ACCOUNT_REGISTERING) << "nobody has confirmed it";
  EXPECT_EQ(info.device_id, 1u);
  EXPECT_EQ(info.has_account_key, 1);
  ASSERT_EQ(pawl_account_devices(client.get(), &devices), PAWL_OK);
  ASSERT_EQ(pawl_devices_count(devices), 1u);
  EXPECT_EQ(pawl_devices_at(devices, 0)->is_this_device, 1);
  EXPECT_EQ(pawl_devices_at(devices, 1), nullptr);
  pawl_devices_release(devices);
}

TEST(Account, RefusesWhatIsNoArgument) {
  OfflineClient client;
  uint64_t request = 7;
  EXPECT_LT(pawl_account_register(client.get(), "Not An Address", nullptr, &request), 0);
  EXPECT_EQ(request, 0u);
  EXPECT_EQ(pawl_account_register(client.get(), "a@b.c", nullptr, nullptr),
            PAWL_E_INVALID_ARGUMENT);
  EXPECT_EQ(pawl_account_register(client.get(), "a@b.c", std::string(100, 'x').c_str(), &request),
            PAWL_E_TOO_LARGE);
  EXPECT_EQ(pawl_account_export(client.get(), "", &request), PAWL_E_INVALID_ARGUMENT);
  const std::vector<uint8_t> large(17 * 1024 * 1024);
  EXPECT_EQ(pawl_account_approve_link(client.get(), large.data(), large.size(), &request),
            PAWL_E_TOO_LARGE);
  EXPECT_EQ(pawl_account_import(client.get(), large.data(), 10, "p", &request), PAWL_E_MALFORMED);
}

TEST(Account, WhatOnlyAnAccountCanDoEndsAsRefused) {
  OfflineClient client;
  uint64_t request = 0;
  const uint8_t nonsense[] = {1, 2, 3};
  ASSERT_EQ(pawl_account_approve_link(client.get(), nonsense, sizeof nonsense, &request), PAWL_OK);
  EXPECT_LT(client.Wait(request), 0);
  ASSERT_EQ(pawl_account_complete_link(client.get(), nonsense, sizeof nonsense, &request), PAWL_OK);
  EXPECT_LT(client.Wait(request), 0);
  ASSERT_EQ(pawl_account_remove_device(client.get(), 1, &request), PAWL_OK);
  EXPECT_LT(client.Wait(request), 0);
}

}  // namespace
}  // namespace pawl::capi
