/* A program of the first release: compiled with its frozen headers (tests/abi/v0.1), never touched
 * again, run with the library of today. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pawl/pawl.h"

#define CHECK(condition)                                                      \
  do {                                                                        \
    if (!(condition)) {                                                       \
      fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
      exit(1);                                                                \
    }                                                                         \
  } while (0)

#define OK(call) CHECK((call) == PAWL_OK)

static const uint8_t kKey[PAWL_KEY_SIZE] = {7, 7, 7};

static void the_library_is_of_this_release_or_later(void) {
  CHECK(pawl_version() >= PAWL_VERSION_NUMBER);
  CHECK(pawl_version() / 1000 == PAWL_VERSION_NUMBER / 1000 || PAWL_VERSION_MAJOR > 0);
  CHECK(strcmp(pawl_status_name(PAWL_E_AUTH_FAILED), "AUTH_FAILED") == 0);
}

/* Results are filled in up to the size that this program knows, and not beyond it. */
static void a_failure_is_told_in_the_struct_of_then(void) {
  struct {
    pawl_error_info info;
    unsigned char after[64];
  } told;
  size_t i;
  memset(&told, 0x5a, sizeof(told));
  told.info.struct_size = sizeof(told.info);
  CHECK(pawl_identity_create("no address", NULL) != PAWL_OK);
  OK(pawl_last_error(&told.info));
  CHECK(told.info.status < 0 && told.info.message != NULL && told.info.message[0] != 0);
  for (i = 0; i < sizeof(told.after); i++) CHECK(told.after[i] == 0x5a);
}

static pawl_buffer* bundle_of(pawl_identity* identity) {
  pawl_buffer* bundle = NULL;
  OK(pawl_identity_bundle(identity, &bundle));
  CHECK(pawl_buffer_size(bundle) > 0);
  return bundle;
}

static void two_devices_talk_in_a_session(void) {
  static const char kText[] = "as it was said then";
  pawl_identity *alice = NULL, *bob = NULL, *again = NULL;
  pawl_session *to_bob = NULL, *to_alice = NULL;
  pawl_buffer *from_alice, *from_bob, *sealed = NULL;
  pawl_session_info info = PAWL_SESSION_INFO_INIT;
  uint8_t envelope[16384], out[16384];
  char address[PAWL_ADDRESS_SIZE];
  size_t size = 0, length = 0, out_length = 0;

  OK(pawl_identity_create("alice@example.org", &alice));
  OK(pawl_identity_create("bob@example.org", &bob));
  from_alice = bundle_of(alice);
  from_bob = bundle_of(bob);
  OK(pawl_session_initiate(alice, pawl_buffer_data(from_bob), pawl_buffer_size(from_bob), NULL,
                           &to_bob));
  OK(pawl_session_encrypted_size(to_bob, sizeof(kText), &size));
  CHECK(pawl_session_encrypt(to_bob, (const uint8_t*)kText, sizeof(kText), envelope, 1, &length) ==
        PAWL_E_BUFFER_TOO_SMALL);
  CHECK(length == size && size <= sizeof(envelope));
  OK(pawl_session_encrypt(to_bob, (const uint8_t*)kText, sizeof(kText), envelope, sizeof(envelope),
                          &length));
  OK(pawl_session_accept(bob, pawl_buffer_data(from_alice), pawl_buffer_size(from_alice), NULL,
                         envelope, length, out, sizeof(out), &out_length, &to_alice));
  CHECK(out_length == sizeof(kText) && memcmp(out, kText, sizeof(kText)) == 0);
  OK(pawl_session_get_info(to_alice, &info));
  CHECK(info.is_initiator == 0 && info.suite != 0);
  OK(pawl_session_peer_address(to_alice, address, sizeof(address), &length));
  CHECK(strcmp(address, "alice@example.org") == 0);

  OK(pawl_identity_save(alice, kKey, sizeof(kKey), &sealed));
  OK(pawl_identity_restore(pawl_buffer_data(sealed), pawl_buffer_size(sealed), kKey, sizeof(kKey),
                           &again));
  pawl_buffer_release(sealed);
  pawl_buffer_release(from_alice);
  pawl_buffer_release(from_bob);
  pawl_session_close(to_bob);
  pawl_session_release(to_bob);
  pawl_session_release(to_alice);
  pawl_identity_release(again);
  pawl_identity_release(alice);
  pawl_identity_release(bob);
}

static void a_client_opens_with_the_options_of_then(void) {
  char folder[] = "/tmp/pawl_first_header_XXXXXX", store[64], anchors[64], command[128];
  pawl_client_options options = PAWL_CLIENT_OPTIONS_INIT;
  pawl_account_info info = PAWL_ACCOUNT_INFO_INIT;
  pawl_client* client = NULL;
  pawl_events* events = NULL;
  pawl_conversations* conversations = NULL;
  int32_t fd = -1, round;

  CHECK(mkdtemp(folder) != NULL);
  snprintf(store, sizeof(store), "%s/store", folder);
  snprintf(anchors, sizeof(anchors), "%s/anchors", folder);
  options.store_dir = store;
  options.anchor_dir = anchors;
  options.host_key = kKey;
  options.host_key_len = sizeof(kKey);
  options.relay_url = "ws://127.0.0.1:9";
  for (round = 0; round < 2; round++) { /* made, then opened again */
    options.flags = PAWL_CLIENT_OFFLINE | (round == 0 ? PAWL_CLIENT_CREATE : 0);
    OK(pawl_client_open(&options, &client));
    OK(pawl_account_get_info(client, &info));
    CHECK(info.state == PAWL_ACCOUNT_NONE);
    OK(pawl_client_event_fd(client, &fd));
    CHECK(fd >= 0);
    while (pawl_client_wait_events(client, 16, 0, &events) == PAWL_OK) {
      size_t i;
      for (i = 0; i < pawl_events_count(events); i++) {
        CHECK(pawl_events_at(events, i)->struct_size >= sizeof(pawl_event));
      }
      pawl_events_release(events);
    }
    OK(pawl_client_conversations(client, &conversations));
    CHECK(pawl_conversations_count(conversations) == 0);
    pawl_conversations_release(conversations);
    pawl_client_close(client);
    pawl_client_release(client);
  }
  snprintf(command, sizeof(command), "rm -r %s", folder);
  CHECK(system(command) == 0);
}

int main(void) {
  the_library_is_of_this_release_or_later();
  a_failure_is_told_in_the_struct_of_then();
  two_devices_talk_in_a_session();
  a_client_opens_with_the_options_of_then();
  return 0;
}
