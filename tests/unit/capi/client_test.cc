#include "pawl/client.h"

#include <gtest/gtest.h>

#include "capi/client.h"
#include "offline_client.h"
#include "support/matchers.h"

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

}  // namespace
}  // namespace pawl::capi
