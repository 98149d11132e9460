// A person's app for the kill tests: writes numbered messages and files to a peer without end, and
// journals what it gets. It may be killed at any instant and started again; what it must go on with
// is in its store, its journal and its files, nowhere else.
//
//   kill_actor STORE ANCHORS URL PIN JOURNAL ADDRESS PEER INTERVAL_MS
// Prints "ready", and "registered" once it is. Standard input: "go" begins the writing, "stop" ends
// it; then "idle TEXTS FILES" is printed once every message is confirmed.

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "files.h"
#include "journal.h"
#include "pawl/pawl.h"

namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr uint8_t kHostKey[PAWL_KEY_SIZE] = {0x4b};
constexpr uint32_t kPage = 500;
constexpr uint64_t kMostUnconfirmed =
    400;  // at the writer's side: a peer that is down must not fill the disk
constexpr uint64_t kTextsPerFile = 12;

struct Options {
  std::string store, anchors, url, pin, journal, address, peer;
  int interval_ms = 10;
};

[[noreturn]] void Die(const char* what, pawl_status status) {
  std::printf("failed\t%s\t%d\n", what, status);
  std::fflush(stdout);
  std::exit(1);
}

void Must(const char* what, pawl_status status) {
  if (status != PAWL_OK) Die(what, status);
}

std::string Hex(const pawl_id& id) {
  std::string out;
  char digits[3];
  for (const uint8_t byte : id.bytes) {
    std::snprintf(digits, sizeof digits, "%02x", byte);
    out += digits;
  }
  return out;
}

class Actor {
 public:
  explicit Actor(Options options)
      : options_(std::move(options)), journal_(options_.journal), files_(options_.journal) {}
  int Run();

 private:
  void Open();
  void Write();
  void WriteText();
  void WriteFile();
  void Fetch(const pawl_message& message);
  void Drain();
  void OnEvent(const pawl_event& event);
  void OnCompleted(const pawl_event& event);
  void SayRegistered();
  void OnMessage(const pawl_event& event);
  // Counts outgoing messages by state over the whole history; what was not fetched yet is.
  struct Tally {
    uint64_t texts = 0;
    uint64_t files = 0;
    uint64_t queued = 0;       // not at the relay yet
    uint64_t open = 0;         // not confirmed yet
    uint64_t latest_text = 0;  // greatest number written
    uint64_t latest_file = 0;
  };
  Tally Count();
  void CountOne(const pawl_message& message, Tally& tally);

  Options options_;
  pawl_demo::Journal journal_;
  pawl_kill::Files files_;
  pawl_client* client_ = nullptr;
  pawl_conversation* conversation_ = nullptr;
  uint64_t next_text_ = 1;
  uint64_t next_file_ = 1;
  uint64_t unconfirmed_ = 0;
  std::set<uint64_t> fetches_;  // requests
  bool registered_ = false;
  bool writing_ = false;
  bool stopping_ = false;
};

void Actor::Open() {
  std::vector<uint8_t> pin;
  for (size_t i = 0; i + 1 < options_.pin.size(); i += 2) {
    pin.push_back(static_cast<uint8_t>(std::stoul(options_.pin.substr(i, 2), nullptr, 16)));
  }
  pawl_client_options open = PAWL_CLIENT_OPTIONS_INIT;
  open.flags = PAWL_CLIENT_CREATE;
  open.store_dir = options_.store.c_str();
  open.anchor_dir = options_.anchors.c_str();
  open.host_key = kHostKey;
  open.host_key_len = sizeof kHostKey;
  open.relay_url = options_.url.c_str();
  open.pinned_spki = pin.data();
  open.pinned_spki_len = pin.size();
  open.log = [](void*, int32_t, const char* line) { std::fprintf(stderr, "%s\n", line); };
  Must("open", pawl_client_open(&open, &client_));
  Must("conversation", pawl_conversation_open(client_, options_.peer.c_str(), &conversation_));
  pawl_account_info info = PAWL_ACCOUNT_INFO_INIT;
  Must("account", pawl_account_get_info(client_, &info));
  registered_ = info.state == PAWL_ACCOUNT_REGISTERED;
  uint64_t request = 0;
  if (!registered_)
    Must("register", pawl_account_register(client_, options_.address.c_str(), nullptr, &request));
  const Tally tally = Count();
  next_text_ = tally.latest_text + 1;
  next_file_ = tally.latest_file + 1;
  unconfirmed_ = tally.open;
}

Actor::Tally Actor::Count() {
  Tally tally;
  bool more = true;
  for (int64_t before = 0; more;) {
    pawl_messages* page = nullptr;
    Must("history", pawl_conversation_history(conversation_, before, kPage, &page));
    const size_t count = pawl_messages_count(page);
    for (size_t i = 0; i < count; ++i) CountOne(*pawl_messages_at(page, i), tally);
    if (count > 0) before = pawl_messages_at(page, 0)->position;
    more = count == kPage;
    pawl_messages_release(page);
  }
  return tally;
}

void Actor::CountOne(const pawl_message& message, Tally& tally) {
  const bool file = message.content->kind == PAWL_CONTENT_ATTACHMENT;
  if (!file && message.content->kind != PAWL_CONTENT_TEXT) return;
  if (message.direction == PAWL_INCOMING) {
    if (file) Fetch(message);
    return;
  }
  tally.open += message.state < PAWL_MESSAGE_CONFIRMED ? 1 : 0;
  tally.queued += message.state == PAWL_MESSAGE_QUEUED ? 1 : 0;
  if (message.state == PAWL_MESSAGE_FAILED) Die(file ? "a file" : "a text", message.failure);
  if (file) {
    ++tally.files;
    tally.latest_file = std::max(tally.latest_file, pawl_kill::NumberOf(message.content->text));
  } else {
    ++tally.texts;
    tally.latest_text =
        std::max<uint64_t>(tally.latest_text, std::strtoull(message.content->text, nullptr, 10));
  }
}

void Actor::Write() {
  if (!writing_ || !registered_ || unconfirmed_ >= kMostUnconfirmed) return;
  if (next_text_ > next_file_ * kTextsPerFile) {
    WriteFile();
  } else {
    WriteText();
  }
}

void Actor::WriteText() {
  pawl_id id{};
  uint64_t request = 0;
  const std::string text = std::to_string(next_text_) + " from " + options_.address;
  const pawl_status status =
      pawl_conversation_send_text(conversation_, text.c_str(), &id, &request);
  if (status == PAWL_E_WOULD_BLOCK) return;
  Must("send", status);
  ++next_text_;
  ++unconfirmed_;
}

void Actor::WriteFile() {
  const std::string caption = "file " + std::to_string(next_file_);
  pawl_attachment_options options = PAWL_ATTACHMENT_OPTIONS_INIT;
  options.caption = caption.c_str();
  pawl_id id{};
  uint64_t request = 0;
  const pawl_status status = pawl_attachment_send_file(
      conversation_, files_.Make(next_file_).c_str(), &options, &id, &request);
  if (status == PAWL_E_WOULD_BLOCK) return;
  Must("send a file", status);
  ++next_file_;
  ++unconfirmed_;
}

// Asks for a file that is not there; a fetch that began before a kill goes on by itself, and then
// this one is refused.
void Actor::Fetch(const pawl_message& message) {
  const uint64_t number = pawl_kill::NumberOf(message.content->text);
  if (files_.HasIncoming(number)) return;
  uint64_t request = 0;
  const pawl_status status =
      pawl_attachment_download(client_, &message.id, files_.Incoming(number).c_str(), &request);
  if (status == PAWL_E_WOULD_BLOCK) return;  // Count() asks again
  Must("download", status);
  fetches_.insert(request);
}

void Actor::OnEvent(const pawl_event& event) {
  if (event.type == PAWL_EVENT_REGISTERED) SayRegistered();
  if (event.type == PAWL_EVENT_COMPLETED) OnCompleted(event);
  if (event.type == PAWL_EVENT_CONNECTION || event.type == PAWL_EVENT_STORE) {
    std::fprintf(stderr, "event %d: state %d, status %d\n", event.type, event.state, event.status);
  }
  if (event.type == PAWL_EVENT_MESSAGE_STATE && event.status != PAWL_OK) {
    std::fprintf(stderr, "held up: state %d, status %d\n", event.state, event.status);
  }
  if (event.type == PAWL_EVENT_CONTACT_REQUEST) {
    uint64_t request = 0;
    Must("accept", pawl_contact_answer(client_, event.address, 1, &request));
  }
  if (event.type == PAWL_EVENT_MESSAGE_STATE && event.state == PAWL_MESSAGE_CONFIRMED &&
      unconfirmed_ > 0) {
    --unconfirmed_;
  }
  if (event.type == PAWL_EVENT_ATTACHMENT && event.status != PAWL_OK) Die("a file", event.status);
  if (event.type == PAWL_EVENT_MESSAGE && event.message->direction == PAWL_INCOMING) {
    OnMessage(event);
  }
}

void Actor::SayRegistered() {
  registered_ = true;
  std::puts("registered");
  std::fflush(stdout);
}

void Actor::OnCompleted(const pawl_event& event) {
  const bool fetch = fetches_.erase(event.request_id) > 0;
  if (event.status == PAWL_OK || (fetch && event.status == PAWL_E_WRONG_STATE)) return;
  Die("request", event.status);
}

void Actor::OnMessage(const pawl_event& event) {
  const pawl_content& content = *event.message->content;
  if (content.kind == PAWL_CONTENT_ATTACHMENT) Fetch(*event.message);
  if (journal_.Knows(event.seq)) return;
  if (!journal_.Append(event.seq, Hex(event.message->id) + "\t" + content.text)) {
    Die("journal", PAWL_E_IO);
  }
}

void Actor::Drain() {
  pawl_events* batch = nullptr;
  const pawl_status status = pawl_client_wait_events(client_, 256, 0, &batch);
  if (status == PAWL_E_TIMEOUT) return;
  Must("events", status);
  uint64_t last = 0;
  for (size_t i = 0; i < pawl_events_count(batch); ++i) {
    OnEvent(*pawl_events_at(batch, i));
    if (pawl_events_at(batch, i)->seq > last) last = pawl_events_at(batch, i)->seq;
  }
  pawl_events_release(batch);
  if (last > 0) Must("ack", pawl_client_ack(client_, last));
}

int Actor::Run() {
  Open();
  std::puts("ready");
  if (registered_) SayRegistered();
  std::fflush(stdout);
  int event_fd = -1;
  Must("event fd", pawl_client_event_fd(client_, &event_fd));
  auto next_write = SteadyClock::now();
  auto next_count = SteadyClock::now();
  while (true) {
    pollfd ready[2] = {{STDIN_FILENO, POLLIN, 0}, {event_fd, POLLIN, 0}};
    poll(ready, 2, options_.interval_ms);
    if (ready[1].revents != 0) Drain();
    if (ready[0].revents != 0) {
      char line[64];
      const ssize_t got = read(STDIN_FILENO, line, sizeof line);
      if (got <= 0) break;
      stopping_ = std::string_view(line, static_cast<size_t>(got)).ends_with("stop\n");
      writing_ = !stopping_;
    }
    const auto now = SteadyClock::now();
    if (writing_ && now >= next_write) {
      Write();
      next_write = now + std::chrono::milliseconds(options_.interval_ms);
    }
    if (stopping_ && now >= next_count) {
      const Tally tally = Count();
      // What was accepted a moment ago may still be on its way into the store.
      const bool all_there =
          tally.latest_text + 1 == next_text_ && tally.latest_file + 1 == next_file_;
      if (tally.open == 0 && all_there) break;
      std::fprintf(stderr, "%llu are not confirmed yet, %llu of them not at the relay\n",
                   static_cast<unsigned long long>(tally.open),
                   static_cast<unsigned long long>(tally.queued));
      next_count = now + std::chrono::milliseconds(200);
    }
  }
  const Tally tally = Count();
  std::printf("idle\t%llu\t%llu\n", static_cast<unsigned long long>(tally.texts),
              static_cast<unsigned long long>(tally.files));
  std::fflush(stdout);
  // Stays until it is told to go: the other side wants to be confirmed, and files are on their way.
  for (char line[64];;) {
    pollfd ready[2] = {{STDIN_FILENO, POLLIN, 0}, {event_fd, POLLIN, 0}};
    if (poll(ready, 2, 1000) == 0) Count();
    if (ready[1].revents != 0) Drain();
    if (ready[0].revents != 0 && read(STDIN_FILENO, line, sizeof line) <= 0) break;
  }
  pawl_conversation_release(conversation_);
  pawl_client_release(client_);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 9) {
    std::fputs("usage: kill_actor STORE ANCHORS URL PIN JOURNAL ADDRESS PEER INTERVAL_MS\n",
               stderr);
    return 2;
  }
  return Actor({argv[1], argv[2], argv[3], argv[4], argv[5], argv[6], argv[7], std::atoi(argv[8])})
      .Run();
}
