#include "capi/event.h"

#include <utility>

#include "pawl/event.h"

namespace pawl::capi {

// The engine's numbers are the store's; the header's rise with what became of a message.
int32_t MessageStateOut(client::MessageState state) {
  using client::MessageState;
  switch (state) {
    case MessageState::kQueued:
      return PAWL_MESSAGE_QUEUED;
    case MessageState::kAtRelay:
      return PAWL_MESSAGE_AT_RELAY;
    case MessageState::kConfirmed:
      return PAWL_MESSAGE_CONFIRMED;
    case MessageState::kDelivered:
      return PAWL_MESSAGE_DELIVERED;
    case MessageState::kRead:
      return PAWL_MESSAGE_READ;
    case MessageState::kFailed:
      return PAWL_MESSAGE_FAILED;
    case MessageState::kReceived:
      return PAWL_MESSAGE_RECEIVED;
    case MessageState::kDeleted:
      return PAWL_MESSAGE_DELETED;
  }
  return 0;
}

namespace {

using client::Event;
using client::EventKind;

int32_t ReceiptOut(client::ReceiptKind receipt) {
  return receipt == client::ReceiptKind::kRead ? PAWL_MESSAGE_READ : PAWL_MESSAGE_DELIVERED;
}

int32_t StateOut(const Event& event) {
  const EventKind kind = event.kind;
  if (kind == EventKind::kMessage) {
    return event.outgoing ? PAWL_MESSAGE_AT_RELAY : PAWL_MESSAGE_RECEIVED;
  }
  if (kind == EventKind::kMessageState) return MessageStateOut(event.state);
  if (kind == EventKind::kReceipt) return ReceiptOut(event.receipt);
  if (kind == EventKind::kContactAnswer || kind == EventKind::kContactChanged) {
    return static_cast<int32_t>(event.contact);
  }
  if (kind == EventKind::kDeviceListWarning) return static_cast<int32_t>(event.warning);
  if (kind == EventKind::kConnection) return static_cast<int32_t>(event.connection);
  return kind == EventKind::kTyping && event.active ? 1 : 0;
}

bool HasMessageId(EventKind kind) {
  return kind == EventKind::kMessage || kind == EventKind::kMessageState ||
         kind == EventKind::kReceipt || kind == EventKind::kAttachment ||
         kind == EventKind::kReadElsewhere || kind == EventKind::kProgress;
}

void MessageOut(const std::string& own, Events::Held& held) {
  const Event& source = held.source;
  held.sender = source.outgoing ? own : held.address;
  pawl_message& message = held.message;
  message.struct_size = sizeof(pawl_message);
  message.direction = source.outgoing ? PAWL_OUTGOING : PAWL_INCOMING;
  message.id = held.message_id;
  message.conversation = held.conversation;
  message.sender = held.sender.c_str();
  message.sender_device_id = *source.device;
  message.state = StateOut(source);
  message.sent_ms = source.sent_at.ms;
  message.received_ms = source.at.ms;
  if (ContentOut(source.content.Expose(), held.content).ok()) {
    message.content = &held.content.content;
  }
  held.event.message = &message;
}

void DataOut(Events::Held& held) {
  const Event& source = held.source;
  ByteView data = source.data;
  if (source.kind == EventKind::kIdentityChanged || source.kind == EventKind::kIdentityKept) {
    data = source.key;
  }
  if (data.empty()) return;
  held.event.data = data.data();
  held.event.data_len = data.size();
}

}  // namespace

void EventOut(const std::string& own, Events::Held& held) {
  const Event& source = held.source;
  pawl_event& event = held.event;
  event.struct_size = sizeof(pawl_event);
  event.type = static_cast<int32_t>(source.kind);
  event.seq = *source.seq;
  event.time_ms = source.at.ms;
  event.request_id = *source.request;
  event.status = -static_cast<pawl_status>(source.code);
  event.state = StateOut(source);
  event.device_id = *source.device;
  event.count = source.count;
  event.generation = *source.generation;
  event.bytes_done = source.done;
  event.bytes_total = source.total;
  event.retry_at_ms = source.retry_at == kNever ? 0 : source.retry_at.ms;
  if (source.peer) {
    held.address = source.peer->ToString();
    event.address = held.address.c_str();
  }
  if (HasMessageId(source.kind)) {
    held.message_id = IdOut(*source.message);
    event.message_id = &held.message_id;
  }
  if (HasMessageId(source.kind) && source.kind != EventKind::kProgress) {
    held.conversation = IdOut(*source.conversation);
    event.conversation = &held.conversation;
  }
  if (source.kind == EventKind::kContactRequest || source.kind == EventKind::kAttachment) {
    event.text = source.text.c_str();
  }
  DataOut(held);
  if (source.kind == EventKind::kMessage) MessageOut(own, held);
}

absl::Status Events::Fill(runner::Client& client, size_t max, int64_t timeout_ms) {
  PAWL_ASSIGN(std::vector<Event> events, client.TakeEvents(max, timeout_ms));
  std::string own;
  if (const auto address = client.account().address) own = address->ToString();
  for (Event& event : events) {
    Held& one = held.emplace_back();
    one.source = std::move(event);
    EventOut(own, one);
  }
  return OkStatus();
}

}  // namespace pawl::capi

using namespace pawl::capi;

extern "C" {

size_t pawl_events_count(const pawl_events* events) noexcept {
  return GuardValue<size_t>(0, [&]() -> size_t {
    auto object = Get(events);
    return object.ok() ? (*object)->held.size() : 0;
  });
}

const pawl_event* pawl_events_at(const pawl_events* events, size_t index) noexcept {
  return GuardValue<const pawl_event*>(nullptr, [&]() -> const pawl_event* {
    auto object = Get(events);
    if (!object.ok() || index >= (*object)->held.size()) return nullptr;
    return &(*object)->held[index].event;
  });
}

void pawl_events_release(pawl_events* events) noexcept { Drop(events); }

}  // extern "C"
