/* Two clients and a relay over TLS: registration, contacts, text to somebody who is offline,
 * receipts, history, safety numbers, a restart of the relay and of a client. */

#include "world.h"

static void talk(world* w) {
  pawl_client* alice = world_open(w, "alice");
  pawl_client* bob = world_open(w, "bob");
  pawl_conversation *to_bob, *to_alice;
  pawl_messages* page = NULL;
  char a[PAWL_SAFETY_NUMBER_SIZE], b[PAWL_SAFETY_NUMBER_SIZE];
  size_t length = 0;
  uint64_t request = 0;
  pawl_id first;
  found got;

  register_as(alice, "alice@example.org");
  register_as(bob, "bob@example.org");
  befriend(alice, bob, "bob@example.org");
  to_bob = talk_to(alice, "bob@example.org");
  to_alice = talk_to(bob, "alice@example.org");

  OK(pawl_contact_safety_number(alice, "bob@example.org", a, sizeof(a), &length));
  CHECK(length == PAWL_SAFETY_NUMBER_SIZE);
  OK(pawl_contact_safety_number(bob, "alice@example.org", b, sizeof(b), &length));
  CHECK(strcmp(a, b) == 0);

  first = send_text(to_bob, "hello bob");
  got = wait_text(bob, "hello bob");
  CHECK(memcmp(&got.message_id, &first, sizeof(first)) == 0);
  wait_state(alice, PAWL_EVENT_RECEIPT, PAWL_MESSAGE_DELIVERED, "delivered receipt");
  OK(pawl_conversation_mark_read(to_alice, &first, &request));
  EXPECT(PAWL_OK, wait_done(bob, request, "mark read").status);
  wait_state(alice, PAWL_EVENT_RECEIPT, PAWL_MESSAGE_READ, "read receipt");

  /* Bob goes; what Alice says waits for him. */
  pawl_conversation_release(to_alice);
  pawl_client_close(bob);
  pawl_client_release(bob);
  send_text(to_bob, "are you there?");
  send_text(to_bob, "it can wait");
  world_stop_relay(w, SIGTERM);
  send_text(to_bob, "said while the relay was away");
  world_start_relay(w, "--dev-cert");
  bob = world_open(w, "bob");
  to_alice = talk_to(bob, "alice@example.org");
  wait_text(bob, "are you there?");
  wait_text(bob, "it can wait");
  wait_text(bob, "said while the relay was away");
  send_text(to_alice, "all read");
  wait_text(alice, "all read");

  OK(pawl_conversation_history(to_alice, 0, 100, &page));
  CHECK(pawl_messages_count(page) == 5);
  CHECK(strcmp(pawl_messages_at(page, 0)->content->text, "hello bob") == 0);
  CHECK(pawl_messages_at(page, 0)->direction == PAWL_INCOMING);
  CHECK(strcmp(pawl_messages_at(page, 0)->sender, "alice@example.org") == 0);
  CHECK(strcmp(pawl_messages_at(page, 4)->content->text, "all read") == 0);
  CHECK(pawl_messages_at(page, 4)->direction == PAWL_OUTGOING);
  CHECK(pawl_messages_at(page, 5) == NULL);
  pawl_messages_release(page);

  pawl_conversation_release(to_alice);
  pawl_conversation_release(to_bob);
  pawl_client_release(alice);
  pawl_client_release(bob);
}

int main(void) {
  world w;
  world_begin(&w, "--dev-cert");
  talk(&w);
  world_end(&w);
  puts("two clients talked");
  return 0;
}
