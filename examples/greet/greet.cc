// greet STORE RELAY ME [PEER]: says hello to PEER, or waits for somebody's hello and answers it.
// The passphrase of the store is in PAWL_PASSPHRASE.
#include <pawl/pawl.hpp>

#include <cstdlib>
#include <iostream>

void Check(pawl_status status) {
  if (status == PAWL_OK) return;
  std::cerr << pawl::status_name(status) << '\n';
  std::exit(1);
}

template <typename T>
T Get(pawl::Result<T> result) {
  Check(result.status());
  return *std::move(result);
}

pawl::Id Say(const pawl::Client& client, std::string_view to, std::string_view text) {
  return Get(Get(pawl::Conversation::open(client, to)).send_text(text)).message_id;
}

int main(int argc, char** argv) {
  const char* passphrase = std::getenv("PAWL_PASSPHRASE");
  if (argc < 4 || passphrase == nullptr) return 2;
  const std::string_view peer = argc > 4 ? argv[4] : "";
  const pawl::Client client = Get(pawl::Client::open({.flags = PAWL_CLIENT_CREATE,
                                                      .store_dir = argv[1],
                                                      .passphrase = passphrase,
                                                      .relay_url = argv[2]}));
  pawl::Id said;
  if (Get(client.account_get_info()).state == PAWL_ACCOUNT_NONE) {
    Get(client.account_register(argv[3]));
  } else if (!peer.empty()) {
    said = Say(client, peer, "Hello from C++!");
  }
  bool is_heard = false, is_sent = false;
  while (!is_heard || !is_sent) {
    for (const pawl_event& event : Get(client.wait_events(64, -1))) {
      if (event.type == PAWL_EVENT_REGISTERED) {
        std::cerr << event.address << " is registered\n";
        if (!peer.empty()) said = Say(client, peer, "Hello from C++!");
      } else if (event.type == PAWL_EVENT_CONTACT_REQUEST) {
        Get(client.contact_answer(event.address, true));
      } else if (event.type == PAWL_EVENT_MESSAGE) {  // every message here is a text
        std::cout << event.address << ": " << event.message->content->text << '\n';
        is_heard = true;
        if (peer.empty()) said = Say(client, event.address, "C++ says hello, too.");
      } else if (event.type == PAWL_EVENT_MESSAGE_STATE && said == *event.message_id) {
        if (event.state == PAWL_MESSAGE_FAILED) Check(event.status);
        is_sent = event.state >= PAWL_MESSAGE_AT_RELAY;
      }
      if (event.type == PAWL_EVENT_COMPLETED && event.status != PAWL_E_WRONG_STATE)
        Check(event.status);  // a request that was answered before a crash is in the wrong state
      if (event.type == PAWL_EVENT_CONNECTION && event.status != PAWL_OK)
        std::cerr << "no connection: " << pawl::status_name(event.status) << '\n';
      if (event.seq != 0) Get(client.ack(event.seq));
    }
  }
}
