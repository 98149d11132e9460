// What a person can ask for.

#include <algorithm>
#include <charconv>
#include <ctime>

#include "chat.h"

namespace pawl_chat {
namespace {

std::string Grouped(const std::string& digits) {
  std::string out;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && i % 5 == 0) out += ' ';
    out += digits[i];
  }
  return out;
}

int NumberIn(const std::string& text, int otherwise) {
  int number = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string TimeOf(int64_t ms) {
  const auto seconds = static_cast<std::time_t>(ms / 1000);
  std::tm local{};
  localtime_r(&seconds, &local);
  char text[32];
  std::strftime(text, sizeof text, "%d %b %H:%M", &local);
  return text;
}

const char* NameOf(int32_t contact_state) {
  switch (contact_state) {
    case PAWL_CONTACT_REQUESTED:
      return "asked, no answer yet";
    case PAWL_CONTACT_ASKING:
      return "wants to talk: /accept or /decline";
    case PAWL_CONTACT_ACCEPTED:
      return "contact";
    case PAWL_CONTACT_BLOCKED:
      return "blocked";
    default:
      return "known";
  }
}

const char* MarkOf(int32_t message_state) {
  switch (message_state) {
    case PAWL_MESSAGE_QUEUED:
      return "…";
    case PAWL_MESSAGE_AT_RELAY:
    case PAWL_MESSAGE_CONFIRMED:
      return "✓";
    case PAWL_MESSAGE_DELIVERED:
      return "✓✓";
    case PAWL_MESSAGE_READ:
      return "✓✓ read";
    case PAWL_MESSAGE_FAILED:
      return "✗ failed";
    default:
      return "";
  }
}

}  // namespace

const Chat::Command Chat::kCommands[] = {
    {"help", "", "this list", &Chat::Help},
    {"add", "WHO [YOUR NAME]", "ask somebody to be a contact", &Chat::Add},
    {"accept", "WHO", "say yes to somebody who asked", &Chat::Accept},
    {"decline", "WHO", "say no", &Chat::Decline},
    {"block", "WHO", "hear nothing of somebody any more", &Chat::Block},
    {"unblock", "WHO", "let somebody ask again", &Chat::Unblock},
    {"contacts", "", "who there is", &Chat::ListContacts},
    {"to", "WHO", "talk to somebody: what you type goes there", &Chat::To},
    {"safety", "[WHO]", "the safety number to compare by telephone", &Chat::Safety},
    {"verify", "[WHO]", "note that you compared it", &Chat::Verify},
    {"trust", "WHO", "take somebody's new key", &Chat::Trust},
    {"file", "PATH [WORDS]", "send a file", &Chat::SendFile},
    {"get", "NUMBER PATH", "fetch a file that was sent to you", &Chat::Get},
    {"cancel", "NUMBER", "stop sending or fetching it", &Chat::Cancel},
    {"history", "[COUNT]", "what was said before", &Chat::History},
    {"quit", "", "leave; ctrl-D does the same", &Chat::Quit},
    {"", "", "", nullptr}};

template <typename T>
bool Chat::Started(const pawl::Result<T>& result, const std::string& what) {
  if (!result.ok()) {
    Print(what + ": " + std::string(result.error().name()) + " (" + result.error().message() + ")");
    return false;
  }
  if constexpr (std::is_same_v<T, pawl::RequestId>) asked_[*result] = what;
  return true;
}
template bool Chat::Started(const pawl::Result<pawl::RequestId>&, const std::string&);

bool Chat::Help(const std::string&, const std::string&) {
  for (const Command* command = kCommands; !command->name.empty(); ++command) {
    std::string line = "/" + std::string(command->name) + " " + std::string(command->arguments);
    line.resize(std::max<size_t>(line.size(), 24), ' ');
    Print(line + std::string(command->help));
  }
  Print("Anything else you type goes to whom you chose with /to.");
  return true;
}

bool Chat::Add(const std::string& who, const std::string& name) {
  const std::string own = name.empty() ? ShortName(address_) : name;
  return Started(client_.contact_request(FullAddress(who), own), "asking " + who);
}

bool Chat::Accept(const std::string& who, const std::string&) {
  return Started(client_.contact_answer(FullAddress(who), true), "accepting " + who);
}

bool Chat::Decline(const std::string& who, const std::string&) {
  return Started(client_.contact_answer(FullAddress(who), false), "declining " + who);
}

bool Chat::Block(const std::string& who, const std::string&) {
  return Started(client_.contact_block(FullAddress(who), true), "blocking " + who);
}

bool Chat::Unblock(const std::string& who, const std::string&) {
  return Started(client_.contact_block(FullAddress(who), false), "unblocking " + who);
}

bool Chat::ListContacts(const std::string&, const std::string&) {
  const auto contacts = client_.contacts();
  if (!Started(contacts, "contacts")) return false;
  if (contacts->empty()) Print("Nobody yet. /add somebody.");
  for (const pawl_contact& one : *contacts) {
    std::string line = ShortName(one.address) + ": " + NameOf(one.state);
    if (one.name[0] != '\0') line += ", calls themselves “" + std::string(one.name) + "”";
    if (one.is_verified != 0) line += ", verified";
    if (one.identity_changed != 0) line += ", HAS A NEW KEY (/safety, then /trust)";
    Print(line);
  }
  return true;
}

bool Chat::To(const std::string& who, const std::string&) {
  if (who.empty()) {
    Print(peer_.empty() ? "You talk to nobody." : "You talk to " + ShortName(peer_) + ".");
    return true;
  }
  const std::string address = FullAddress(who);
  if (!Started(pawl::Conversation::open(client_, address), "talking to " + who)) return false;
  peer_ = address;
  screen_->SetPrompt(ShortName(peer_) + "> ");
  if (const auto unread = unread_.find(peer_); unread != unread_.end()) {
    MarkRead(peer_, pawl::Id(unread->second));
  }
  return true;
}

bool Chat::Safety(const std::string& who, const std::string&) {
  const std::string address = who.empty() ? peer_ : FullAddress(who);
  const auto number = client_.contact_safety_number(address);
  if (!Started(number, "safety number")) return false;
  Print("Safety number with " + ShortName(address) + ": " + Grouped(*number));
  return true;
}

bool Chat::Verify(const std::string& who, const std::string&) {
  const std::string address = who.empty() ? peer_ : FullAddress(who);
  return Started(client_.contact_set_verified(address, true), "verifying " + ShortName(address));
}

bool Chat::Trust(const std::string& who, const std::string&) {
  const std::string address = FullAddress(who);
  const auto key = new_keys_.find(address);
  if (key == new_keys_.end()) {
    Print(ShortName(address) + " has no new key that was shown here.");
    return false;
  }
  const bool started =
      Started(client_.contact_accept_identity(address, key->second), "trusting " + who);
  if (started) new_keys_.erase(key);
  return started;
}

bool Chat::Say(const std::string& text) {
  if (peer_.empty()) {
    Print("To whom? Choose with /to.");
    return false;
  }
  const auto conversation = pawl::Conversation::open(client_, peer_);
  if (!Started(conversation, "talking to " + ShortName(peer_))) return false;
  const auto sent = conversation->send_text(text);
  if (!Started(sent, "sending")) return false;
  Remember(sent->message_id, text);
  if (screen_->is_terminal()) Print("you: " + text);
  return true;
}

bool Chat::SendFile(const std::string& path, const std::string& caption) {
  const auto conversation = pawl::Conversation::open(client_, peer_);
  if (!Started(conversation, "sending a file")) return false;
  const auto sent = conversation->attachment_send_file(path, {.caption = caption});
  if (!Started(sent, "sending " + path)) return false;
  const std::string name = path.substr(path.rfind('/') + 1);
  Remember(sent->message_id, name);
  Note("file " + std::to_string(NumberFile(sent->message_id, name)) + ": sending " + name);
  return true;
}

bool Chat::Get(const std::string& number, const std::string& path) {
  const int index = NumberIn(number, 0);
  if (index < 1 || index > static_cast<int>(files_.size()) || path.empty()) {
    Print("/get NUMBER PATH, the number as it was shown");
    return false;
  }
  const File& file = files_[static_cast<size_t>(index) - 1];
  return Started(client_.attachment_download(file.message, path), "fetching " + file.name);
}

bool Chat::Cancel(const std::string& number, const std::string&) {
  const int index = NumberIn(number, 0);
  if (index < 1 || index > static_cast<int>(files_.size())) return false;
  const File& file = files_[static_cast<size_t>(index) - 1];
  return Started(client_.attachment_cancel(file.message), "stopping " + file.name);
}

bool Chat::History(const std::string& count, const std::string&) {
  const auto conversation = pawl::Conversation::open(client_, peer_);
  if (!Started(conversation, "history")) return false;
  const auto messages =
      conversation->history(0, static_cast<uint32_t>(std::clamp(NumberIn(count, 20), 1, 1000)));
  if (!Started(messages, "history")) return false;
  for (const pawl_message& message : *messages) {
    const bool ours = message.direction == PAWL_OUTGOING;
    Print(TimeOf(message.sent_ms) + "  " + (ours ? "you" : ShortName(message.sender)) + ": " +
          Describe(message) + (ours ? std::string("  ") + MarkOf(message.state) : ""));
  }
  return true;
}

bool Chat::Quit(const std::string&, const std::string&) {
  over_ = true;
  return true;
}

}  // namespace pawl_chat
