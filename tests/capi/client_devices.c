/* Bob has two devices: linking, messages to both, copies of one's own, a device taken away; an
 * account that moves by its recovery backup; a name that is taken; strangers who are declined or
 * blocked. */

#include "world.h"

static pawl_client* link_device(const world* w, pawl_client* first, const char* address,
                                const char* store) {
  pawl_client* second = world_open(w, store);
  uint64_t request = 0;
  found ask, answer;
  OK(pawl_account_begin_link(second, address, &request));
  ask = wait_done(second, request, "link request");
  EXPECT(PAWL_OK, ask.status);
  CHECK(ask.data_len > 0);
  OK(pawl_account_approve_link(first, ask.data, ask.data_len, &request));
  answer = wait_done(first, request, "link response");
  EXPECT(PAWL_OK, answer.status);
  OK(pawl_account_complete_link(second, answer.data, answer.data_len, &request));
  EXPECT(PAWL_OK, wait_done(second, request, "the end of linking").status);
  return second;
}

static size_t device_count(pawl_client* client) {
  pawl_devices* devices = NULL;
  size_t count;
  OK(pawl_account_devices(client, &devices));
  count = pawl_devices_count(devices);
  pawl_devices_release(devices);
  return count;
}

static void two_devices(const world* w) {
  pawl_client *alice = world_open(w, "alice"), *bob = world_open(w, "bob"), *phone;
  pawl_conversation *to_bob, *from_phone;
  pawl_account_info info = PAWL_ACCOUNT_INFO_INIT;
  uint64_t request = 0;
  register_as(alice, "alice@example.org");
  register_as(bob, "bob@example.org");
  phone = link_device(w, bob, "bob@example.org", "bob-phone");
  CHECK(device_count(bob) == 2 && device_count(phone) == 2);
  OK(pawl_account_get_info(phone, &info));
  CHECK(info.state == PAWL_ACCOUNT_REGISTERED && info.has_account_key == 0 && info.device_id == 2);

  befriend(alice, bob, "bob@example.org");
  to_bob = talk_to(alice, "bob@example.org");
  send_text(to_bob, "to both of you");
  wait_text(bob, "to both of you");
  wait_text(phone, "to both of you");

  from_phone = talk_to(phone, "alice@example.org");
  send_text(from_phone, "from the phone");
  wait_text(alice, "from the phone");
  wait_text(bob, "from the phone"); /* the copy */

  OK(pawl_account_remove_device(phone, 1, &request));
  EXPECT(PAWL_E_UNSUPPORTED, wait_done(phone, request, "no account key here").status);
  OK(pawl_account_remove_device(bob, 2, &request));
  EXPECT(PAWL_OK, wait_done(bob, request, "removal").status);
  CHECK(device_count(bob) == 1);
  send_text(to_bob, "one of you is gone");
  wait_text(bob, "one of you is gone");

  pawl_conversation_release(from_phone);
  pawl_conversation_release(to_bob);
  pawl_client_release(phone);
  pawl_client_release(bob);
  pawl_client_release(alice);
}

static void moved_account(const world* w) {
  pawl_client *carol = world_open(w, "carol"), *again;
  uint64_t request = 0;
  found backup;
  register_as(carol, "carol@example.org");
  OK(pawl_account_export(carol, "correct horse", &request));
  backup = wait_done(carol, request, "backup");
  EXPECT(PAWL_OK, backup.status);
  CHECK(backup.data_len > 0);
  pawl_client_release(carol);

  again = world_open(w, "carol-again");
  EXPECT(PAWL_E_WRONG_KEY,
         pawl_account_import(again, backup.data, backup.data_len, "wrong horse", &request));
  OK(pawl_account_import(again, backup.data, backup.data_len, "correct horse", &request));
  EXPECT(PAWL_OK, wait_done(again, request, "import").status);
  pawl_client_release(again);
}

static void taken_name(const world* w) {
  pawl_client* thief = world_open(w, "thief");
  uint64_t request = 0;
  OK(pawl_account_register(thief, "alice@example.org", NULL, &request));
  EXPECT(PAWL_E_NAME_TAKEN, wait_done(thief, request, "a taken name").status);
  register_as(thief, "mallory@example.org");
  pawl_client_release(thief);
}

static void strangers(const world* w) {
  pawl_client *dave = world_open(w, "dave"), *pest = world_open(w, "pest");
  pawl_contacts* contacts = NULL;
  uint64_t request = 0;
  register_as(dave, "dave@example.org");
  register_as(pest, "pest@example.org");
  OK(pawl_contact_request(pest, "dave@example.org", "a pest", &request));
  EXPECT(PAWL_OK, wait_done(pest, request, "request").status);
  CHECK(strcmp(wait_event(dave, PAWL_EVENT_CONTACT_REQUEST, "the pest").text, "a pest") == 0);
  OK(pawl_contact_block(dave, "pest@example.org", 1, &request));
  EXPECT(PAWL_OK, wait_done(dave, request, "block").status);
  OK(pawl_client_contacts(dave, &contacts));
  CHECK(pawl_contacts_count(contacts) == 1);
  CHECK(strcmp(pawl_contacts_at(contacts, 0)->address, "pest@example.org") == 0);
  CHECK(pawl_contacts_at(contacts, 0)->state == PAWL_CONTACT_BLOCKED);
  pawl_contacts_release(contacts);
  OK(pawl_contact_set_verified(dave, "pest@example.org", 1, &request));
  EXPECT(PAWL_OK, wait_done(dave, request, "verified").status);
  pawl_client_release(pest);
  pawl_client_release(dave);
}

int main(void) {
  world w;
  world_begin(&w, "--dev-cert");
  two_devices(&w);
  moved_account(&w);
  taken_name(&w);
  strangers(&w);
  world_end(&w);
  puts("devices and strangers are told apart");
  return 0;
}
