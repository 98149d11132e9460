#include "pawl/contact.h"

#include <gtest/gtest.h>

#include <string>

#include "offline_client.h"

namespace pawl::capi {
namespace {

TEST(Contact, NobodyIsThereAtFirst) {
  OfflineClient client;
  pawl_contacts* contacts = nullptr;
  ASSERT_EQ(pawl_client_contacts(client.get(), &contacts), PAWL_OK);
  EXPECT_EQ(pawl_contacts_count(contacts), 0u);
  EXPECT_EQ(pawl_contacts_at(contacts, 0), nullptr);
  pawl_contacts_release(contacts);
}

TEST(Contact, SafetyNumbersNeedBothKeys) {
  OfflineClient client;
  char out[PAWL_SAFETY_NUMBER_SIZE];
  size_t length = 0;
  EXPECT_EQ(pawl_contact_safety_number(client.get(), "bob@example.org", out, sizeof out, &length),
            PAWL_E_WRONG_STATE);
  client.BeSomebody("alice@example.org");
  EXPECT_EQ(pawl_contact_safety_number(client.get(), "bob@example.org", out, sizeof out, &length),
            PAWL_E_NOT_FOUND);
}

TEST(Contact, RefusesWhatIsNoArgument) {
  OfflineClient client;
  uint64_t request = 0;
  const uint8_t key[31] = {};
  EXPECT_LT(pawl_contact_request(client.get(), "nobody", nullptr, &request), 0);
  EXPECT_EQ(pawl_contact_request(client.get(), "b@c.d", std::string(300, 'x').c_str(), &request),
            PAWL_E_TOO_LARGE);
  EXPECT_EQ(pawl_contact_accept_identity(client.get(), "b@c.d", key, sizeof key, &request),
            PAWL_E_INVALID_ARGUMENT);
  EXPECT_EQ(pawl_contact_reject_identity(client.get(), "b@c.d", key, sizeof key, &request),
            PAWL_E_INVALID_ARGUMENT);
  EXPECT_EQ(pawl_contact_answer(client.get(), "b@c.d", 1, nullptr), PAWL_E_INVALID_ARGUMENT);
}

TEST(Contact, AnswersToNobodyEndAsRefused) {
  OfflineClient client;
  client.BeSomebody("alice@example.org");
  uint64_t request = 0;
  ASSERT_EQ(pawl_contact_answer(client.get(), "bob@example.org", 1, &request), PAWL_OK);
  EXPECT_LT(client.Wait(request), 0);
  const uint8_t key[PAWL_KEY_SIZE] = {1};
  ASSERT_EQ(
      pawl_contact_reject_identity(client.get(), "bob@example.org", key, sizeof key, &request),
      PAWL_OK);
  EXPECT_EQ(client.Wait(request), PAWL_E_NOT_FOUND) << "no other identity was seen";
}

}  // namespace
}  // namespace pawl::capi
