/* greet STORE RELAY ME [PEER] says hello to PEER, or answers one; PAWL_PASSPHRASE opens STORE. */
#include <pawl/pawl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check(pawl_status status) {
  if (status == PAWL_OK) return;
  fprintf(stderr, "%s\n", pawl_status_name(status));
  exit(1);
}

static void say(pawl_client* client, const char* to, const char* text, pawl_id* message) {
  pawl_conversation* conversation;
  uint64_t request;
  check(pawl_conversation_open(client, to, &conversation));
  check(pawl_conversation_send_text(conversation, text, message, &request));
  pawl_conversation_release(conversation);
}

int main(int argc, char** argv) {
  pawl_client_options options = PAWL_CLIENT_OPTIONS_INIT;
  pawl_account_info info = PAWL_ACCOUNT_INFO_INIT;
  pawl_client* client;
  uint64_t asked;
  const char* peer = argc > 4 ? argv[4] : NULL;
  pawl_id said = {{0}};
  int is_heard = 0, is_sent = 0;
  if (argc < 4) return 2;
  options.flags = PAWL_CLIENT_CREATE;
  options.store_dir = argv[1];
  options.relay_url = argv[2];
  options.passphrase = getenv("PAWL_PASSPHRASE");
  check(pawl_client_open(&options, &client));
  check(pawl_account_get_info(client, &info));
  if (info.state == PAWL_ACCOUNT_NONE) check(pawl_account_register(client, argv[3], NULL, &asked));
  if (info.state == PAWL_ACCOUNT_REGISTERED && peer) say(client, peer, "Hello from C!", &said);
  while (!is_heard || !is_sent) {
    pawl_events* events;
    check(pawl_client_wait_events(client, 1, -1, &events));
    const pawl_event* event = pawl_events_at(events, 0);
    if (event->type == PAWL_EVENT_REGISTERED) {
      fprintf(stderr, "%s is registered\n", event->address);
      if (peer) say(client, peer, "Hello from C!", &said);
    } else if (event->type == PAWL_EVENT_CONTACT_REQUEST) {
      check(pawl_contact_answer(client, event->address, 1, &asked));
    } else if (event->type == PAWL_EVENT_MESSAGE) { /* every message here is a text */
      printf("%s: %s\n", event->address, event->message->content->text);
      is_heard = 1;
      if (!peer) say(client, event->address, "C says hello, too.", &said);
    } else if (event->type == PAWL_EVENT_MESSAGE_STATE && !memcmp(event->message_id, &said, 16)) {
      if (event->state == PAWL_MESSAGE_FAILED) check(event->status);
      is_sent = event->state >= PAWL_MESSAGE_AT_RELAY;
    }
    if (event->type == PAWL_EVENT_COMPLETED && event->status != PAWL_E_WRONG_STATE)
      check(event->status); /* a request that was answered before a crash is in the wrong state */
    if (event->type == PAWL_EVENT_CONNECTION && event->status != PAWL_OK)
      fprintf(stderr, "no connection: %s\n", pawl_status_name(event->status));
    if (event->seq) check(pawl_client_ack(client, event->seq));
    pawl_events_release(events);
  }
  pawl_client_release(client);
}
