#include "throughput.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <vector>

#include "pawl/pawl.h"

namespace pawl_bench {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr uint8_t kHostKey[PAWL_KEY_SIZE] = {0x77};
constexpr int kPatience = 60'000;  // ms
constexpr int kPingPongs = 300;

double Seconds(SteadyClock::time_point since) {
  return std::chrono::duration<double>(SteadyClock::now() - since).count();
}

// A client with its conversation; what the bench needs of the C ABI and no more.
class Peer {
 public:
  Peer() = default;
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  ~Peer() {
    pawl_conversation_release(conversation_);
    pawl_client_release(client_);
  }

  bool Open(const pawl_demo::RelayPlace& relay, const std::string& home, const std::string& name,
            const std::string& peer);
  bool Send(const std::string& text);
  // Takes events until `messages` incoming ones have come in all. False after a while without any.
  bool AwaitMessages(int messages);
  bool AwaitAccepted();
  // Takes what is there without waiting.
  void Drain() { Take(0); }
  int messages() const { return messages_; }

 private:
  bool Take(int timeout_ms);
  bool AwaitRegistered();

  pawl_client* client_ = nullptr;
  pawl_conversation* conversation_ = nullptr;
  int messages_ = 0;
  bool registered_ = false;
  bool accepted_ = false;
};

bool Peer::Open(const pawl_demo::RelayPlace& relay, const std::string& home,
                const std::string& name, const std::string& peer) {
  const std::string store = home + "/bench-" + name;
  const std::string anchors = store + "-anchors";
  std::filesystem::create_directories(anchors);
  std::vector<uint8_t> pin;
  for (size_t i = 0; i + 1 < relay.pin_hex.size(); i += 2) {
    pin.push_back(static_cast<uint8_t>(std::stoul(relay.pin_hex.substr(i, 2), nullptr, 16)));
  }
  pawl_client_options open = PAWL_CLIENT_OPTIONS_INIT;
  open.flags = PAWL_CLIENT_CREATE;
  open.store_dir = store.c_str();
  open.anchor_dir = anchors.c_str();
  open.host_key = kHostKey;
  open.host_key_len = sizeof kHostKey;
  open.relay_url = relay.url.c_str();
  open.pinned_spki = pin.data();
  open.pinned_spki_len = pin.size();
  uint64_t request = 0;
  const std::string address = "bench-" + name + "@localhost";
  const std::string other = "bench-" + peer + "@localhost";
  return pawl_client_open(&open, &client_) == PAWL_OK &&
         pawl_account_register(client_, address.c_str(), nullptr, &request) == PAWL_OK &&
         pawl_conversation_open(client_, other.c_str(), &conversation_) == PAWL_OK &&
         AwaitRegistered();
}

bool Peer::Take(int timeout_ms) {
  pawl_events* batch = nullptr;
  if (pawl_client_wait_events(client_, 512, timeout_ms, &batch) != PAWL_OK) return false;
  uint64_t last = 0;
  for (size_t i = 0; i < pawl_events_count(batch); ++i) {
    const pawl_event* event = pawl_events_at(batch, i);
    last = std::max(last, event->seq);
    registered_ = registered_ || event->type == PAWL_EVENT_REGISTERED;
    if (event->type == PAWL_EVENT_CONTACT_ANSWER) accepted_ = true;
    if (event->type == PAWL_EVENT_CONTACT_REQUEST) {
      uint64_t request = 0;
      pawl_contact_answer(client_, event->address, 1, &request);
      accepted_ = true;
    }
    if (event->type == PAWL_EVENT_MESSAGE && event->message->direction == PAWL_INCOMING)
      ++messages_;
  }
  pawl_events_release(batch);
  if (last > 0) pawl_client_ack(client_, last);
  return true;
}

bool Peer::AwaitRegistered() {
  while (!registered_ && Take(kPatience)) {
  }
  return registered_;
}

bool Peer::AwaitAccepted() {
  while (!accepted_ && Take(kPatience)) {
  }
  return accepted_;
}

bool Peer::AwaitMessages(int messages) {
  while (messages_ < messages && Take(kPatience)) {
  }
  return messages_ >= messages;
}

bool Peer::Send(const std::string& text) {
  pawl_id id{};
  uint64_t request = 0;
  pawl_status status = PAWL_E_WOULD_BLOCK;
  while ((status = pawl_conversation_send_text(conversation_, text.c_str(), &id, &request)) ==
         PAWL_E_WOULD_BLOCK) {
    Take(1);
  }
  return status == PAWL_OK;
}

bool MeasurePingPong(Peer& alice, Peer& bob, const std::string& text) {
  std::vector<double> times;
  for (int i = 0; i < kPingPongs; ++i) {
    const auto began = SteadyClock::now();
    if (!alice.Send(text) || !bob.AwaitMessages(bob.messages() + 1)) return false;
    if (!bob.Send(text) || !alice.AwaitMessages(alice.messages() + 1)) return false;
    times.push_back(Seconds(began) * 1000);
  }
  std::sort(times.begin(), times.end());
  std::printf("there and back, one at a time: median %.2f ms, 99 %% within %.2f ms\n",
              times[times.size() / 2], times[times.size() * 99 / 100]);
  return true;
}

}  // namespace

bool MeasureThroughput(const pawl_demo::RelayPlace& relay, const std::string& home, int messages,
                       size_t size) {
  Peer alice;
  Peer bob;
  if (!alice.Open(relay, home, "alice", "bob") || !bob.Open(relay, home, "bob", "alice"))
    return false;
  const std::string text(size, 'x');
  if (!alice.Send("hello") || !bob.AwaitAccepted() || !alice.AwaitAccepted() ||
      !bob.AwaitMessages(1))
    return false;
  if (!bob.Send("hello") || !alice.AwaitMessages(1)) return false;

  const auto began = SteadyClock::now();
  const int target = bob.messages() + messages;
  for (int i = 0; i < messages; ++i) {
    if (!alice.Send(text)) return false;
    if (i % 64 == 0) bob.Drain();
    if (i % 64 == 0) alice.Drain();
  }
  if (!bob.AwaitMessages(target)) return false;
  const double seconds = Seconds(began);
  std::printf("%d messages of %zu bytes, client to relay to client, durable: %.0f per second\n",
              messages, size, messages / seconds);
  std::fflush(stdout);
  alice.Drain();
  return MeasurePingPong(alice, bob, text);
}

}  // namespace pawl_bench
