#include "actor.h"

#include <poll.h>
#include <unistd.h>

#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <optional>

#include "journal.h"
#include "pawl/pawl.h"

namespace pawl_demo {
namespace {

// A key that the platform's key store would keep; the demo has nothing to hide from itself.
constexpr uint8_t kHostKey[PAWL_KEY_SIZE] = {0x5a, 0x11};

__attribute__((format(printf, 1, 2))) void Say(const char* format, ...) {
  va_list args;
  va_start(args, format);
  std::vprintf(format, args);
  va_end(args);
  std::putchar('\n');
  std::fflush(stdout);
}

std::string Hex(const uint8_t* bytes, size_t size) {
  std::string out;
  char digits[3];
  for (size_t i = 0; i < size; ++i) {
    std::snprintf(digits, sizeof digits, "%02x", bytes[i]);
    out += digits;
  }
  return out;
}

std::vector<uint8_t> Unhex(const std::string& hex) {
  std::vector<uint8_t> out;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    out.push_back(static_cast<uint8_t>(std::stoul(hex.substr(i, 2), nullptr, 16)));
  }
  return out;
}

pawl_id IdFrom(const std::string& hex) {
  pawl_id id{};
  const std::vector<uint8_t> bytes = Unhex(hex);
  if (bytes.size() == sizeof id.bytes) std::memcpy(id.bytes, bytes.data(), bytes.size());
  return id;
}

std::string IdText(const pawl_id* id) {
  return id == nullptr ? "-" : Hex(id->bytes, sizeof id->bytes);
}

class Actor {
 public:
  explicit Actor(const ActorOptions& options) : options_(options), journal_(options.journal) {}
  ~Actor() { pawl_client_release(client_); }

  bool Open();
  void Loop();

 private:
  void Command(const std::vector<std::string>& words);
  void Send(const std::vector<std::string>& words);
  void Contact(const std::vector<std::string>& words);
  void MarkRead(const std::vector<std::string>& words);
  void Account(const std::vector<std::string>& words);
  void Freeze(const std::vector<std::string>& words);
  // `request` is read after the call that writes it, in the same expression.
  void Check(const std::string& verb, pawl_status status, const uint64_t& request,
             const pawl_id* message = nullptr);
  void DrainEvents();
  void OnEvent(const pawl_event& event);
  void OnMessage(const pawl_event& event);
  pawl_conversation* Conversation(const std::string& address);

  const ActorOptions& options_;
  Journal journal_;
  pawl_client* client_ = nullptr;
  bool quit_ = false;
  unsigned long freeze_after_ = 0;  // so many messages; 0: never
};

bool Actor::Open() {
  const std::vector<uint8_t> pin = Unhex(options_.pin_hex);
  pawl_client_options open = PAWL_CLIENT_OPTIONS_INIT;
  open.flags = PAWL_CLIENT_CREATE;
  open.store_dir = options_.store.c_str();
  open.anchor_dir = options_.anchors.c_str();
  open.host_key = kHostKey;
  open.host_key_len = sizeof kHostKey;
  open.relay_url = options_.relay_url.c_str();
  open.pinned_spki = pin.data();
  open.pinned_spki_len = pin.size();
  const pawl_status status = pawl_client_open(&open, &client_);
  if (status != PAWL_OK) Say("error\tthe store cannot be opened: %d", status);
  if (status == PAWL_OK) Say("ready");
  return status == PAWL_OK;
}

void Actor::Loop() {
  int event_fd = -1;
  pawl_client_event_fd(client_, &event_fd);
  std::string buffer;
  while (!quit_) {
    pollfd ready[2] = {{STDIN_FILENO, POLLIN, 0}, {event_fd, POLLIN, 0}};
    if (poll(ready, 2, -1) < 0) return;
    if (ready[1].revents != 0) DrainEvents();
    if (ready[0].revents == 0) continue;
    char chunk[65536];
    const ssize_t n = read(STDIN_FILENO, chunk, sizeof chunk);
    if (n <= 0) return;
    buffer.append(chunk, static_cast<size_t>(n));
    for (size_t end; (end = buffer.find('\n')) != std::string::npos; buffer.erase(0, end + 1)) {
      Command(SplitTabs(buffer.substr(0, end)));
    }
  }
}

void Actor::Command(const std::vector<std::string>& words) {
  const std::string& verb = words[0];
  if (verb == "quit") quit_ = true;
  if (words.size() < 2) return;
  if (verb == "freeze") Freeze(words);
  if (verb == "text" || verb == "file") Send(words);
  if (verb == "accept" || verb == "safety") Contact(words);
  if (verb == "read") MarkRead(words);
  if (verb == "register" || verb == "download") Account(words);
}

pawl_conversation* Actor::Conversation(const std::string& address) {
  pawl_conversation* conversation = nullptr;
  const pawl_status status = pawl_conversation_open(client_, address.c_str(), &conversation);
  if (status != PAWL_OK) Say("error\tno conversation with %s: %d", address.c_str(), status);
  return conversation;
}

void Actor::Send(const std::vector<std::string>& words) {
  pawl_conversation* conversation = Conversation(words[1]);
  if (conversation == nullptr || words.size() < 3) return;
  pawl_id id{};
  uint64_t request = 0;
  pawl_status status = PAWL_E_WOULD_BLOCK;
  while (status == PAWL_E_WOULD_BLOCK) {
    status =
        words[0] == "text"
            ? pawl_conversation_send_text(conversation, words[2].c_str(), &id, &request)
            : pawl_attachment_send_file(conversation, words[2].c_str(), nullptr, &id, &request);
    if (status == PAWL_E_WOULD_BLOCK) usleep(1000);
  }
  Check(words[0], status, request, &id);
  pawl_conversation_release(conversation);
}

void Actor::Contact(const std::vector<std::string>& words) {
  uint64_t request = 0;
  if (words[0] == "accept")
    return Check(words[0], pawl_contact_answer(client_, words[1].c_str(), 1, &request), request);
  char digits[PAWL_SAFETY_NUMBER_SIZE];
  size_t size = 0;
  const pawl_status status =
      pawl_contact_safety_number(client_, words[1].c_str(), digits, sizeof digits, &size);
  if (status == PAWL_OK) Say("safety\t%s", digits);
  if (status != PAWL_OK) Say("error\tno safety number: %d", status);
}

void Actor::MarkRead(const std::vector<std::string>& words) {
  pawl_conversation* conversation = Conversation(words[1]);
  if (conversation == nullptr || words.size() < 3) return;
  const pawl_id id = IdFrom(words[2]);
  uint64_t request = 0;
  Check(words[0], pawl_conversation_mark_read(conversation, &id, &request), request);
  pawl_conversation_release(conversation);
}

void Actor::Account(const std::vector<std::string>& words) {
  uint64_t request = 0;
  if (words[0] == "register") {
    return Check(words[0], pawl_account_register(client_, words[1].c_str(), nullptr, &request),
                 request);
  }
  if (words.size() < 3) return;
  const pawl_id id = IdFrom(words[1]);
  Check(words[0], pawl_attachment_download(client_, &id, words[2].c_str(), &request), request);
}

void Actor::Freeze(const std::vector<std::string>& words) {
  freeze_after_ = std::stoul(words[1]);
  Say("freezing\t%lu", freeze_after_);
}

void Actor::Check(const std::string& verb, pawl_status status, const uint64_t& request,
                  const pawl_id* message) {
  if (status != PAWL_OK) Say("error\t%s failed: %d", verb.c_str(), status);
  if (status == PAWL_OK)
    Say("started\t%s\t%llu\t%s", verb.c_str(), static_cast<unsigned long long>(request),
        IdText(message).c_str());
}

void Actor::DrainEvents() {
  pawl_events* batch = nullptr;
  if (pawl_client_wait_events(client_, 256, 0, &batch) != PAWL_OK) return;
  uint64_t last = 0;
  for (size_t i = 0; i < pawl_events_count(batch); ++i) {
    const pawl_event* event = pawl_events_at(batch, i);
    OnEvent(*event);
    if (event->seq > last) last = event->seq;
  }
  if (last > 0) pawl_client_ack(client_, last);
  pawl_events_release(batch);
}

void Actor::OnEvent(const pawl_event& event) {
  const char* who = event.address == nullptr ? "-" : event.address;
  const std::string id = IdText(event.message_id);
  switch (event.type) {
    case PAWL_EVENT_MESSAGE:
      return OnMessage(event);
    case PAWL_EVENT_CONTACT_REQUEST:
      return Say("request\t%s", who);
    case PAWL_EVENT_CONTACT_ANSWER:
      return Say("answer\t%s\t%d", who, event.state);
    case PAWL_EVENT_MESSAGE_STATE:
      return Say("state\t%s\t%d\t%d", id.c_str(), event.state, event.status);
    case PAWL_EVENT_RECEIPT:
      return Say("receipt\t%s\t%s\t%d", who, id.c_str(), event.state);
    case PAWL_EVENT_REGISTERED:
      return Say("registered\t%s", who);
    case PAWL_EVENT_CONNECTION:
      return Say("connection\t%d\t%d", event.state, event.status);
    case PAWL_EVENT_COMPLETED:
      return Say("done\t%llu\t%d", static_cast<unsigned long long>(event.request_id), event.status);
    case PAWL_EVENT_PROGRESS:
      return Say("progress\t%s\t%llu\t%llu", id.c_str(),
                 static_cast<unsigned long long>(event.bytes_done),
                 static_cast<unsigned long long>(event.bytes_total));
    default:
      return;
  }
}

void Actor::OnMessage(const pawl_event& event) {
  if (event.message == nullptr || event.message->content == nullptr) return;
  if (event.message->direction != PAWL_INCOMING || journal_.Knows(event.seq)) return;
  const pawl_content& content = *event.message->content;
  const bool file = content.kind == PAWL_CONTENT_ATTACHMENT;
  const char* body = file ? content.name : content.text;
  const std::string id = IdText(&event.message->id);
  if (!journal_.Append(event.seq, id + "\t" + event.address + "\t" + (body == nullptr ? "" : body)))
    _exit(1);
  Say("message\t%llu\t%s\t%s\t%s\t%s\t%llu", static_cast<unsigned long long>(event.seq),
      event.address, id.c_str(), file ? "file" : "text", body == nullptr ? "" : body,
      static_cast<unsigned long long>(content.size));
  if (freeze_after_ > 0 && --freeze_after_ == 0) std::raise(SIGSTOP);
}

}  // namespace

std::vector<std::string> SplitTabs(std::string_view line) {
  std::vector<std::string> words;
  while (true) {
    const size_t tab = line.find('\t');
    words.emplace_back(line.substr(0, tab));
    if (tab == std::string_view::npos) return words;
    line.remove_prefix(tab + 1);
  }
}

int RunActor(const ActorOptions& options) {
  Actor actor(options);
  if (!actor.Open()) return 1;
  actor.Loop();
  return 0;
}

}  // namespace pawl_demo
