// What a person sees of what happens.

#include <algorithm>

#include "chat.h"

namespace pawl_chat {
namespace {

std::string SizeOf(uint64_t bytes) {
  if (bytes < 10'000) return std::to_string(bytes) + " B";
  if (bytes < 10'000'000) return std::to_string(bytes / 1000) + " kB";
  return std::to_string(bytes / 1'000'000) + " MB";
}

std::string Bar(uint64_t done, uint64_t total) {
  constexpr uint64_t kWidth = 24;
  const uint64_t filled = total == 0 ? kWidth : done * kWidth / total;
  return "[" + std::string(filled, '#') + std::string(kWidth - filled, '-') + "] " +
         std::to_string(total == 0 ? 100 : done * 100 / total) + " %";
}

std::string Why(pawl_status status) { return pawl_status_name(status); }

std::string TextOf(const char* text) { return text == nullptr ? "" : text; }

}  // namespace

void Chat::OnEvent(const pawl_event& event) {
  switch (event.type) {
    case PAWL_EVENT_MESSAGE:
      return OnMessage(event);
    case PAWL_EVENT_MESSAGE_STATE:
      return OnMessageState(event);
    case PAWL_EVENT_RECEIPT:
      return OnReceipt(event);
    case PAWL_EVENT_CONNECTION:
      return OnConnection(event);
    case PAWL_EVENT_CONTACT_REQUEST:
    case PAWL_EVENT_CONTACT_ANSWER:
    case PAWL_EVENT_IDENTITY_CHANGED:
      return OnContact(event);
    case PAWL_EVENT_DEVICE_LIST_WARNING:
    case PAWL_EVENT_DEVICE_ADDED:
    case PAWL_EVENT_DEVICE_REMOVED:
    case PAWL_EVENT_SESSION_RESET:
      return OnDevice(event);
    case PAWL_EVENT_ATTACHMENT:
      return OnAttachment(event);
    case PAWL_EVENT_PROGRESS:
      return OnProgress(event);
    case PAWL_EVENT_COMPLETED:
      return OnCompleted(event);
    case PAWL_EVENT_REGISTERED:
      registered_ = true;
      return Print("You are registered as " + TextOf(event.address) + ".");
    case PAWL_EVENT_STORE:
      return Print(event.status == PAWL_OK ? "The disk is fine again."
                                           : "The disk cannot be written: " + Why(event.status));
    default:
      return;  // of a later release, or of no interest to a person
  }
}

std::string Chat::Describe(const pawl_message& message) {
  const pawl_content* content = message.content;
  if (content == nullptr) return "(deleted)";
  switch (content->kind) {
    case PAWL_CONTENT_TEXT:
    case PAWL_CONTENT_REPLY:
      return TextOf(content->text);
    case PAWL_CONTENT_EDIT:
      return "(corrected) " + TextOf(content->text);
    case PAWL_CONTENT_REACTION:
      return TextOf(content->text);
    case PAWL_CONTENT_ATTACHMENT: {
      const std::string name = TextOf(content->name);
      const std::string number = std::to_string(NumberFile(message.id, name));
      const std::string caption = TextOf(content->text);
      return "file " + number + ": " + name + ", " + SizeOf(content->size) +
             (caption.empty() ? "" : " “" + caption + "”") + " (/get " + number + " PATH)";
    }
    default:
      return "(something this program does not show)";
  }
}

void Chat::OnMessage(const pawl_event& event) {
  const std::string address = TextOf(event.address);
  const bool ours = event.message->direction == PAWL_OUTGOING;
  const std::string who = ours ? "you to " + ShortName(address) : ShortName(address);
  Print(who + ": " + Describe(*event.message));
  if (ours) return;
  if (address == peer_) return MarkRead(address, event.message->id);
  unread_[address] = pawl::Id(event.message->id);
}

void Chat::OnMessageState(const pawl_event& event) {
  const std::string what = Snippet(*event.message_id);
  if (event.state == PAWL_MESSAGE_FAILED) {
    Print("✗ " + what + " did not arrive: " + Why(event.status));
  } else if (event.status != PAWL_OK) {
    Note(what + " waits: " + Why(event.status));
  } else if (event.state == PAWL_MESSAGE_AT_RELAY) {
    Note("✓ " + what + " is at the relay");
  }
}

void Chat::OnReceipt(const pawl_event& event) {
  const char* verb = event.state == PAWL_MESSAGE_READ ? " read " : " received ";
  Note("✓✓ " + ShortName(TextOf(event.address)) + verb + Snippet(*event.message_id));
}

void Chat::OnConnection(const pawl_event& event) {
  const bool online =
      event.state == PAWL_CONNECTION_ONLINE || event.state == PAWL_CONNECTION_CATCHING_UP;
  if (online != online_) Note(online ? "online" : "offline: " + Why(event.status));
  if (event.state == PAWL_CONNECTION_STOPPED) Print("Connection given up: " + Why(event.status));
  online_ = online;
}

void Chat::OnContact(const pawl_event& event) {
  const std::string who = ShortName(TextOf(event.address));
  if (event.type == PAWL_EVENT_CONTACT_REQUEST) {
    Print(who + " (“" + TextOf(event.text) + "”) wants to talk: /accept " + who + " or /decline " +
          who);
  } else if (event.type == PAWL_EVENT_CONTACT_ANSWER) {
    Print(who + (event.state == PAWL_CONTACT_ACCEPTED ? " said yes." : " said no."));
  } else {
    new_keys_[TextOf(event.address)] =
        std::vector<uint8_t>(event.data, event.data + event.data_len);
    Print("WARNING: " + who + " has a new key. Compare the /safety number, then /trust " + who);
  }
}

void Chat::OnDevice(const pawl_event& event) {
  const std::string who = ShortName(TextOf(event.address));
  const std::string device = " device " + std::to_string(event.device_id);
  if (event.type == PAWL_EVENT_DEVICE_ADDED) return Note(who + ": new" + device);
  if (event.type == PAWL_EVENT_DEVICE_REMOVED) return Note(who + ":" + device + " is gone");
  if (event.type == PAWL_EVENT_SESSION_RESET) {
    return Note(who + ":" + device + " began anew (re-installed?)");
  }
  Print("WARNING: the relay shows an implausible device list of " + who + ": " + Why(event.status));
}

void Chat::OnAttachment(const pawl_event& event) {
  screen_->SetStatus("");
  const int number = NumberFile(*event.message_id, "file");
  const std::string name = files_[static_cast<size_t>(number) - 1].name;
  if (event.status != PAWL_OK) {
    Print("✗ " + name + ": " + Why(event.status));
  } else if (event.text != nullptr && event.text[0] != '\0') {
    Print("✓ " + name + " is in " + TextOf(event.text));
  } else {
    Note("✓ " + name + " is uploaded");
  }
}

void Chat::OnProgress(const pawl_event& event) {
  const int number = NumberFile(*event.message_id, "file");
  const std::string name = files_[static_cast<size_t>(number) - 1].name;
  std::string line = Bar(event.bytes_done, event.bytes_total) + " " + SizeOf(event.bytes_done) +
                     " of " + SizeOf(event.bytes_total) + " " + name;
  if (event.status != PAWL_OK) line += " (waits: " + Why(event.status) + ")";
  screen_->SetStatus(std::move(line));
}

void Chat::OnCompleted(const pawl_event& event) {
  const auto asked = asked_.extract(event.request_id);
  if (event.status == PAWL_OK) return;
  Print((asked.empty() ? "That" : asked.mapped()) + " failed: " + Why(event.status));
}

}  // namespace pawl_chat
