#include "pawl/client.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>

#include "capi/client.h"
#include "offline_client.h"
#include "support/matchers.h"
#include "support/temp_dir.h"

namespace pawl::capi {
namespace {

TEST(Client, GivesNoEventsWhereThereAreNone) {
  OfflineClient client;
  pawl_events* events = nullptr;
  while (pawl_client_wait_events(client.get(), 16, 100, &events) == PAWL_OK) {
    pawl_events_release(events);
  }
  EXPECT_EQ(pawl_client_wait_events(client.get(), 16, 0, &events), PAWL_E_TIMEOUT);
  EXPECT_EQ(events, nullptr);
  EXPECT_EQ(pawl_client_wait_events(client.get(), 16, 0, nullptr), PAWL_E_INVALID_ARGUMENT);
}

TEST(Client, IdsAreCopiedNotKept) {
  pawl_id id{};
  id.bytes[15] = 4;
  const auto message = MessageIdIn(&id);
  ASSERT_THAT(message, test::IsOk());
  EXPECT_EQ((**message)[15], 4);
  EXPECT_THAT(MessageIdIn(nullptr), test::HasCode(Code::kInvalidArgument));
  EXPECT_NE(RandomMessageId(), RandomMessageId());
}

TEST(Client, AnAddressIsCheckedBeforeAnythingElse) {
  EXPECT_THAT(AddressIn("alice@example.org"), test::IsOk());
  EXPECT_FALSE(AddressIn(nullptr).ok());
  EXPECT_FALSE(AddressIn("alice").ok());
  EXPECT_FALSE(AddressIn(std::string(400, 'a').c_str()).ok());
}

TEST(Client, WithoutAnAccountThereIsNoAddress) {
  OfflineClient client;
  const auto running = RunningClient(client.get());
  ASSERT_THAT(running, test::IsOk());
  EXPECT_THAT(OwnAddress(**running), test::HasCode(Code::kWrongState));
}

TEST(Client, TheStoresKeyIsChangedAndTheStoreEncryptedAnewByHostKey) {
  OfflineClient client;
  const std::array<uint8_t, PAWL_KEY_SIZE> next = {7};
  EXPECT_EQ(pawl_client_change_key(client.get(), nullptr, nullptr, 0), PAWL_E_INVALID_ARGUMENT);
  EXPECT_EQ(pawl_client_change_key(client.get(), "p", next.data(), next.size()),
            PAWL_E_INVALID_ARGUMENT);
  EXPECT_EQ(pawl_client_change_key(client.get(), nullptr, next.data(), 31),
            PAWL_E_INVALID_ARGUMENT);
  EXPECT_EQ(pawl_client_change_key(client.get(), nullptr, next.data(), next.size()), PAWL_OK);
  const std::array<uint8_t, PAWL_KEY_SIZE> before{};
  EXPECT_EQ(pawl_client_reencrypt(client.get(), nullptr, before.data(), before.size()),
            PAWL_E_WRONG_KEY);
  EXPECT_EQ(pawl_client_reencrypt(client.get(), nullptr, next.data(), next.size()), PAWL_OK);
  pawl_client_close(client.get());
  EXPECT_EQ(pawl_client_reencrypt(client.get(), nullptr, next.data(), next.size()), PAWL_E_CLOSED);
}

TEST(Client, AnExceptionOfTheHostsLoggerEndsThere) {
  test::TempDir dir;
  const std::string store = dir.File("store"), anchor = dir.File("anchor");
  std::atomic<int> lines = 0;
  pawl_client_options options = PAWL_CLIENT_OPTIONS_INIT;
  options.flags = PAWL_CLIENT_CREATE;
  options.store_dir = store.c_str();
  options.anchor_dir = anchor.c_str();
  options.passphrase = "logged";
  options.relay_url = "ws://127.0.0.1:1";
  options.log_level = PAWL_LOG_DEBUG;
  options.log_user = &lines;
  options.log = [](void* user, int32_t, const char*) {
    ++*static_cast<std::atomic<int>*>(user);
    throw std::runtime_error("the host's");
  };
  pawl_client* client = nullptr;
  ASSERT_EQ(pawl_client_open(&options, &client), PAWL_OK);
  uint64_t request = 0;
  EXPECT_EQ(pawl_account_register(client, "alice@example.org", nullptr, &request), PAWL_OK);
  for (int i = 0; i < 600 && lines == 0; ++i) {
    pawl_events* events = nullptr;
    pawl_client_wait_events(client, 16, 100, &events);
    pawl_events_release(events);
  }
  pawl_client_release(client);
  EXPECT_GT(lines, 0);
}

}  // namespace
}  // namespace pawl::capi
