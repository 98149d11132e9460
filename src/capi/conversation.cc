#include "capi/conversation.h"

#include <deque>
#include <string>
#include <vector>

#include "capi/arguments.h"
#include "capi/content.h"
#include "capi/environment.h"
#include "capi/event.h"
#include "client/engine/compose.h"
#include "client/engine/conversation.h"
#include "pawl/conversation.h"

namespace pawl::capi {

// pawl_messages: immutable.
struct Messages {
  struct Held {
    pawl_message message{};
    runner::HistoryMessage source;
    ContentHolder content;
  };
  std::deque<Held> held;
};

// pawl_conversations: immutable; `views` point into `listed`.
struct Conversations {
  std::vector<runner::ListedConversation> listed;
  std::vector<pawl_conversation_info> views;
};

absl::StatusOr<ConversationId> Conversation::Id() const {
  PAWL_ASSIGN(const identity::Address own, OwnAddress(*client));
  return client::ConversationOf(own, peer);
}

absl::StatusOr<std::shared_ptr<Conversation>> OpenConversation(pawl_conversation* conversation) {
  PAWL_ASSIGN(std::shared_ptr<Conversation> object, Get(conversation));
  if (object->closed) return Fail(Code::kClosed, "the conversation is closed");
  return object;
}

namespace {

constexpr uint32_t kMaxPage = 1000;

absl::Status Open(pawl_client* client, const char* address, pawl_conversation** out) {
  PAWL_TRY(ClearOut(out));
  PAWL_ASSIGN(ClientPtr running, RunningClient(client));
  PAWL_ASSIGN(identity::Address peer, AddressIn(address));
  return Put(std::make_shared<Conversation>(std::move(running), std::move(peer)), out);
}

absl::Status Send(pawl_conversation* conversation, client::ContentView content, pawl_id* out_id,
                  uint64_t* out_request) {
  PAWL_ASSIGN(const std::shared_ptr<Conversation> object, OpenConversation(conversation));
  PAWL_ASSIGN(Environment * env, GetEnvironment());
  content.id = RandomMessageId();
  PAWL_ASSIGN(content.conversation, object->Id());
  content.sent_at = env->clock.Now();
  PAWL_ASSIGN(auto bytes, client::Compose(content));
  const size_t size = bytes.view().size();
  PAWL_TRY(Submit(*object->client, client::SendMessage{content.id, object->peer, std::move(bytes)},
                  size, out_request));
  *out_id = IdOut(*content.id);
  return OkStatus();
}

absl::Status MarkRead(pawl_conversation* conversation, const pawl_id* id, uint64_t* out) {
  PAWL_TRY(ClearOut(out));
  PAWL_ASSIGN(const std::shared_ptr<Conversation> object, OpenConversation(conversation));
  PAWL_ASSIGN(const MessageId message, MessageIdIn(id));
  return Submit(*object->client, client::MarkRead{object->peer, message}, 0, out);
}

void MessageOut(Messages::Held& held) {
  const runner::HistoryMessage& source = held.source;
  pawl_message& message = held.message;
  message.struct_size = sizeof(pawl_message);
  message.direction = source.outgoing ? PAWL_OUTGOING : PAWL_INCOMING;
  message.id = IdOut(*source.id);
  message.conversation = IdOut(*source.conversation);
  message.sender = source.sender.c_str();
  message.sender_device_id = *source.sender_device;
  message.state = MessageStateOut(source.state);
  message.failure = -static_cast<pawl_status>(source.failure);
  message.position = source.position;
  message.sent_ms = source.sent_at.ms;
  message.received_ms = source.outgoing ? 0 : source.received_at.ms;
  if (!source.content.empty() && ContentOut(source.content.Expose(), held.content).ok()) {
    message.content = &held.content.content;
  }
}

absl::Status History(pawl_conversation* conversation, int64_t before, uint32_t limit,
                     pawl_messages** out) {
  PAWL_TRY(ClearOut(out));
  PAWL_ASSIGN(const std::shared_ptr<Conversation> object, OpenConversation(conversation));
  if (before < 0 || limit == 0 || limit > kMaxPage) {
    return Fail(Code::kInvalidArgument, "there is no such page");
  }
  auto messages = std::make_shared<Messages>();
  const absl::StatusOr<ConversationId> id = object->Id();
  // Before there is an account there is no history either.
  if (!id.ok()) return Put(std::move(messages), out);
  PAWL_ASSIGN(auto history, object->client->History(*id, before, limit));
  for (runner::HistoryMessage& message : history) {
    Messages::Held& held = messages->held.emplace_back();
    held.source = std::move(message);
    MessageOut(held);
  }
  return Put(std::move(messages), out);
}

absl::Status List(pawl_client* client, pawl_conversations** out) {
  PAWL_TRY(ClearOut(out));
  PAWL_ASSIGN(const ClientPtr running, RunningClient(client));
  auto conversations = std::make_shared<Conversations>();
  PAWL_ASSIGN(conversations->listed, running->Conversations());
  for (const runner::ListedConversation& listed : conversations->listed) {
    pawl_conversation_info& view = conversations->views.emplace_back();
    view.struct_size = sizeof(pawl_conversation_info);
    view.unread = listed.unread;
    view.id = IdOut(*listed.id);
    view.address = listed.peer.c_str();
    view.last_activity_ms = listed.last_activity_at.ms;
  }
  return Put(std::move(conversations), out);
}

absl::Status ClearSendOuts(pawl_id* out_id, uint64_t* out_request) {
  PAWL_TRY(ClearOut(out_id));
  return ClearOut(out_request);
}

}  // namespace
}  // namespace pawl::capi

using namespace pawl::capi;

extern "C" {

pawl_status pawl_conversation_open(pawl_client* client, const char* address,
                                   pawl_conversation** out_conversation) noexcept {
  return Guard([&] { return Open(client, address, out_conversation); });
}

pawl_status pawl_conversation_id(pawl_conversation* conversation, pawl_id* out_id) noexcept {
  return Guard([&]() -> absl::Status {
    PAWL_TRY(ClearOut(out_id));
    PAWL_ASSIGN(const auto object, OpenConversation(conversation));
    PAWL_ASSIGN(const pawl::ConversationId id, object->Id());
    *out_id = IdOut(*id);
    return pawl::OkStatus();
  });
}

pawl_status pawl_conversation_send(pawl_conversation* conversation, const pawl_content* content,
                                   pawl_id* out_message_id, uint64_t* out_request_id) noexcept {
  return Guard([&]() -> absl::Status {
    PAWL_TRY(ClearSendOuts(out_message_id, out_request_id));
    PAWL_ASSIGN(pawl::client::ContentView view, ContentIn(content));
    return Send(conversation, std::move(view), out_message_id, out_request_id);
  });
}

pawl_status pawl_conversation_send_text(pawl_conversation* conversation, const char* text,
                                        pawl_id* out_message_id,
                                        uint64_t* out_request_id) noexcept {
  return Guard([&]() -> absl::Status {
    PAWL_TRY(ClearSendOuts(out_message_id, out_request_id));
    PAWL_ASSIGN(const std::string_view words, TextIn(text, pawl::client::kMaxInlineBytes));
    pawl::client::ContentView view;
    view.body = pawl::client::TextView{words};
    return Send(conversation, std::move(view), out_message_id, out_request_id);
  });
}

pawl_status pawl_conversation_mark_read(pawl_conversation* conversation, const pawl_id* message_id,
                                        uint64_t* out_request_id) noexcept {
  return Guard([&] { return MarkRead(conversation, message_id, out_request_id); });
}

pawl_status pawl_conversation_set_typing(pawl_conversation* conversation,
                                         int32_t is_typing) noexcept {
  return Guard([&]() -> absl::Status {
    PAWL_ASSIGN(const auto object, OpenConversation(conversation));
    return object->client->Tell(pawl::client::SendTyping{object->peer, is_typing != 0});
  });
}

pawl_status pawl_conversation_history(pawl_conversation* conversation, int64_t before,
                                      uint32_t limit, pawl_messages** out_messages) noexcept {
  return Guard([&] { return History(conversation, before, limit, out_messages); });
}

void pawl_conversation_close(pawl_conversation* conversation) noexcept {
  Guard([&]() -> absl::Status {
    PAWL_ASSIGN(const std::shared_ptr<Conversation> object, Get(conversation));
    object->closed = true;
    return pawl::OkStatus();
  });
}

void pawl_conversation_release(pawl_conversation* conversation) noexcept { Drop(conversation); }

size_t pawl_messages_count(const pawl_messages* messages) noexcept {
  return GuardValue<size_t>(0, [&]() -> size_t {
    auto object = Get(messages);
    return object.ok() ? (*object)->held.size() : 0;
  });
}

const pawl_message* pawl_messages_at(const pawl_messages* messages, size_t index) noexcept {
  return GuardValue<const pawl_message*>(nullptr, [&]() -> const pawl_message* {
    auto object = Get(messages);
    return object.ok() && index < (*object)->held.size() ? &(*object)->held[index].message
                                                         : nullptr;
  });
}

void pawl_messages_release(pawl_messages* messages) noexcept { Drop(messages); }

pawl_status pawl_client_conversations(pawl_client* client,
                                      pawl_conversations** out_conversations) noexcept {
  return Guard([&] { return List(client, out_conversations); });
}

size_t pawl_conversations_count(const pawl_conversations* conversations) noexcept {
  return GuardValue<size_t>(0, [&]() -> size_t {
    auto object = Get(conversations);
    return object.ok() ? (*object)->views.size() : 0;
  });
}

const pawl_conversation_info* pawl_conversations_at(const pawl_conversations* conversations,
                                                    size_t index) noexcept {
  return GuardValue<const pawl_conversation_info*>(nullptr, [&]() -> const pawl_conversation_info* {
    auto object = Get(conversations);
    return object.ok() && index < (*object)->views.size() ? &(*object)->views[index] : nullptr;
  });
}

void pawl_conversations_release(pawl_conversations* conversations) noexcept { Drop(conversations); }

}  // extern "C"
