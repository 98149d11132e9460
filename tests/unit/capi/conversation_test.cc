#include "pawl/conversation.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "offline_client.h"

namespace pawl::capi {
namespace {

class ConversationTest : public ::testing::Test {
 protected:
  pawl_conversation* Open(const char* address) {
    pawl_conversation* conversation = nullptr;
    EXPECT_EQ(pawl_conversation_open(client_.get(), address, &conversation), PAWL_OK);
    return conversation;
  }
  OfflineClient client_;
};

TEST_F(ConversationTest, CanBeOpenedBeforeThereIsAnAccountButSaysNothingYet) {
  pawl_conversation* conversation = Open("bob@example.org");
  pawl_id id{};
  uint64_t request = 0;
  pawl_messages* page = nullptr;
  EXPECT_EQ(pawl_conversation_id(conversation, &id), PAWL_E_WRONG_STATE);
  EXPECT_EQ(pawl_conversation_send_text(conversation, "hello", &id, &request), PAWL_E_WRONG_STATE);
  ASSERT_EQ(pawl_conversation_history(conversation, 0, 10, &page), PAWL_OK);
  EXPECT_EQ(pawl_messages_count(page), 0u);
  pawl_messages_release(page);
  pawl_conversation_release(conversation);
}

TEST_F(ConversationTest, WhatIsSaidOfflineIsInTheHistoryAtOnce) {
  client_.BeSomebody("alice@example.org");
  pawl_conversation* conversation = Open("bob@example.org");
  pawl_id id{};
  uint64_t request = 0;
  ASSERT_EQ(pawl_conversation_send_text(conversation, "for later", &id, &request), PAWL_OK);
  EXPECT_EQ(client_.Wait(request), PAWL_OK);
  pawl_messages* page = nullptr;
  ASSERT_EQ(pawl_conversation_history(conversation, 0, 10, &page), PAWL_OK);
  ASSERT_EQ(pawl_messages_count(page), 1u);
  const pawl_message* message = pawl_messages_at(page, 0);
  EXPECT_STREQ(message->content->text, "for later");
  EXPECT_EQ(message->state, PAWL_MESSAGE_QUEUED);
  EXPECT_STREQ(message->sender, "alice@example.org");
  EXPECT_EQ(std::memcmp(&message->id, &id, sizeof id), 0);
  EXPECT_GT(message->position, 0);
  pawl_messages_release(page);
  pawl_conversations* list = nullptr;
  ASSERT_EQ(pawl_client_conversations(client_.get(), &list), PAWL_OK);
  ASSERT_EQ(pawl_conversations_count(list), 1u);
  EXPECT_STREQ(pawl_conversations_at(list, 0)->address, "bob@example.org");
  EXPECT_EQ(pawl_conversations_at(list, 1), nullptr);
  pawl_conversations_release(list);
  pawl_conversation_release(conversation);
}

TEST_F(ConversationTest, RefusesWhatIsNoArgument) {
  client_.BeSomebody("alice@example.org");
  pawl_conversation* conversation = Open("bob@example.org");
  pawl_id id{};
  uint64_t request = 0;
  pawl_messages* page = nullptr;
  EXPECT_EQ(pawl_conversation_send_text(conversation, "", &id, &request), PAWL_E_INVALID_ARGUMENT);
  EXPECT_EQ(pawl_conversation_send_text(conversation, "\xff", &id, &request),
            PAWL_E_INVALID_ARGUMENT);
  EXPECT_EQ(
      pawl_conversation_send_text(conversation, std::string(100'000, 'x').c_str(), &id, &request),
      PAWL_E_TOO_LARGE);
  EXPECT_EQ(pawl_conversation_send_text(conversation, "x", nullptr, &request),
            PAWL_E_INVALID_ARGUMENT);
  EXPECT_EQ(pawl_conversation_send(conversation, nullptr, &id, &request), PAWL_E_INVALID_ARGUMENT);
  EXPECT_EQ(pawl_conversation_history(conversation, -1, 10, &page), PAWL_E_INVALID_ARGUMENT);
  EXPECT_EQ(pawl_conversation_history(conversation, 0, 0, &page), PAWL_E_INVALID_ARGUMENT);
  EXPECT_EQ(pawl_conversation_history(conversation, 0, 1001, &page), PAWL_E_INVALID_ARGUMENT);
  EXPECT_EQ(pawl_conversation_mark_read(conversation, nullptr, &request), PAWL_E_INVALID_ARGUMENT);
  pawl_conversation_close(conversation);
  EXPECT_EQ(pawl_conversation_send_text(conversation, "x", &id, &request), PAWL_E_CLOSED);
  pawl_conversation_release(conversation);
}

}  // namespace
}  // namespace pawl::capi
