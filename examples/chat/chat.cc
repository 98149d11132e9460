#include "chat.h"

#include <algorithm>
#include <utility>

namespace pawl_chat {
namespace {

constexpr size_t kRemembered = 500;
constexpr size_t kSnippet = 32;

}  // namespace

Chat::Chat(pawl::Client client, const Options& options, Screen* screen)
    : client_(std::move(client)),
      address_(client_.account_address().ok() ? *client_.account_address() : options.address),
      invitation_(options.invitation),
      screen_(screen) {}

void Chat::Start() {
  const auto info = client_.account_get_info();
  registered_ = info.ok() && info->state == PAWL_ACCOUNT_REGISTERED;
  Print("You are " + address_ + ". /help lists what you can do.");
  if (!registered_) {
    Started(client_.account_register(address_, invitation_), "registering " + address_);
    return;
  }
  const auto conversations = client_.conversations();
  if (!conversations.ok()) return;
  for (const pawl_conversation_info& one : *conversations) {
    if (one.unread > 0) {
      Print(ShortName(one.address) + ": " + std::to_string(one.unread) + " unread, /to " +
            ShortName(one.address));
    }
  }
}

bool Chat::Enter(const std::string& line) {
  if (line.empty()) return true;
  if (line[0] != '/') return Say(line);
  const size_t end = line.find(' ');
  const std::string name = line.substr(1, end == std::string::npos ? end : end - 1);
  std::string rest = end == std::string::npos ? "" : line.substr(end + 1);
  const size_t space = rest.find(' ');
  const std::string first = rest.substr(0, space);
  rest = space == std::string::npos ? "" : rest.substr(space + 1);
  for (const Command* command = kCommands; !command->name.empty(); ++command) {
    if (command->name == name) return (this->*command->run)(first, rest);
  }
  Print("There is no /" + name + ". /help lists what there is.");
  return false;
}

void Chat::DrainEvents() {
  while (!over_) {
    const auto events = client_.wait_events(64, 0);
    if (!events.ok()) {
      over_ = events.status() == PAWL_E_CLOSED;
      return;
    }
    uint64_t last = 0;
    for (const pawl_event& event : *events) {
      OnEvent(event);
      last = std::max(last, event.seq);
    }
    // The messages are in the store's history; having shown them is all that we do.
    if (last != 0 && !client_.ack(last).ok()) return;
  }
}

void Chat::Keep(const std::string& line) {
  printed_.push_back(line);
  if (printed_.size() > kRemembered) printed_.pop_front();
}

void Chat::Print(const std::string& line) {
  Keep(line);
  screen_->Print(line);
}

void Chat::Note(const std::string& line) {
  Keep(line);
  screen_->Note(line);
}

bool Chat::TakePrinted(std::string_view words) {
  const auto line = std::find_if(printed_.begin(), printed_.end(), [&](const std::string& one) {
    return one.find(words) != std::string::npos;
  });
  if (line == printed_.end()) return false;
  printed_.erase(line);
  return true;
}

std::string Chat::FullAddress(const std::string& name) const {
  if (name.find('@') != std::string::npos) return name;
  return name + address_.substr(address_.find('@'));
}

// Who lives at our own relay is called by the name alone.
std::string Chat::ShortName(std::string_view address) const {
  const size_t at = address.find('@');
  const bool neighbour = at != std::string_view::npos &&
                         address.substr(at) == std::string_view(address_).substr(
                                                   std::min(address_.find('@'), address_.size()));
  return std::string(neighbour ? address.substr(0, at) : address);
}

void Chat::Remember(const pawl::Id& id, const std::string& text) {
  sent_[id] = text;
  sent_order_.push_back(id);
  if (sent_order_.size() > kRemembered) {
    sent_.erase(sent_order_.front());
    sent_order_.pop_front();
  }
}

std::string Chat::Snippet(const pawl::Id& id) const {
  const auto at = sent_.find(id);
  if (at == sent_.end()) return "an earlier message";
  std::string text = at->second;
  if (text.size() > kSnippet) {
    // Not in the middle of a code point.
    size_t end = kSnippet;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    text = text.substr(0, end) + "…";
  }
  return "“" + text + "”";
}

int Chat::NumberFile(const pawl::Id& id, const std::string& name) {
  for (size_t i = 0; i < files_.size(); ++i) {
    if (files_[i].message == id) return static_cast<int>(i) + 1;
  }
  files_.push_back({id, name});
  return static_cast<int>(files_.size());
}

void Chat::MarkRead(const std::string& address, const pawl::Id& id) {
  const auto conversation = pawl::Conversation::open(client_, address);
  if (!conversation.ok()) return;
  const auto request = conversation->mark_read(id);
  if (request.ok()) unread_.erase(address);
}

}  // namespace pawl_chat
