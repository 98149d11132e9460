/* What a few calls cost in plain C: what the bindings are compared with. One line per figure,
 * "<what> <nanoseconds>". The programs beside this one do the same, in the same order. */

#define _POSIX_C_SOURCE 200809L /* clock_gettime, nanosleep */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "pawl/pawl.h"

enum { kCalls = 1000000, kMessages = 500, kRounds = 40, kEvents = 10000, kBatch = 256 };

static void check(pawl_status status, const char* what) {
  pawl_error_info info = PAWL_ERROR_INFO_INIT;
  if (status == PAWL_OK) return;
  pawl_last_error(&info);
  fprintf(stderr, "%s: %s (%s)\n", what, pawl_status_name(status), info.message);
  exit(1);
}

static double now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* Two people who have talked once, so that neither carries the handshake any more. */
struct pair {
  pawl_identity *alice, *bob;
  pawl_session *to_bob, *to_alice;
};

static uint8_t g_plaintext[1024], g_envelope[16384], g_opened[16384];

static size_t encrypt(pawl_session* session) {
  size_t size = 0, written = 0;
  check(pawl_session_encrypted_size(session, sizeof(g_plaintext), &size), "encrypted_size");
  check(pawl_session_encrypt(session, g_plaintext, sizeof(g_plaintext), g_envelope, size, &written),
        "encrypt");
  return written;
}

static void decrypt(pawl_session* session, size_t envelope_len) {
  size_t written = 0;
  check(
      pawl_session_decrypt(session, g_envelope, envelope_len, g_opened, sizeof(g_opened), &written),
      "decrypt");
}

static struct pair make_pair(void) {
  struct pair made = {0};
  pawl_buffer *of_alice = NULL, *of_bob = NULL;
  size_t written = 0;
  check(pawl_identity_create("alice@example.org", &made.alice), "create");
  check(pawl_identity_create("bob@example.org", &made.bob), "create");
  check(pawl_identity_bundle(made.alice, &of_alice), "bundle");
  check(pawl_identity_bundle(made.bob, &of_bob), "bundle");
  check(pawl_session_initiate(made.alice, pawl_buffer_data(of_bob), pawl_buffer_size(of_bob), NULL,
                              &made.to_bob),
        "initiate");
  const size_t first = encrypt(made.to_bob);
  check(
      pawl_session_accept(made.bob, pawl_buffer_data(of_alice), pawl_buffer_size(of_alice), NULL,
                          g_envelope, first, g_opened, sizeof(g_opened), &written, &made.to_alice),
      "accept");
  decrypt(made.to_bob, encrypt(made.to_alice));
  pawl_buffer_release(of_alice);
  pawl_buffer_release(of_bob);
  return made;
}

static void release_pair(struct pair* them) {
  pawl_session_release(them->to_bob);
  pawl_session_release(them->to_alice);
  pawl_identity_release(them->alice);
  pawl_identity_release(them->bob);
}

static void measure_trivial(pawl_session* session) {
  size_t size = 0;
  const double began = now_ns();
  for (int call = 0; call < kCalls; ++call) {
    check(pawl_session_encrypted_size(session, sizeof(g_plaintext), &size), "encrypted_size");
  }
  printf("trivial %.1f\n", (now_ns() - began) / kCalls);
}

static void measure_encrypt(struct pair* them) {
  static uint8_t envelopes[kMessages][4096];
  static size_t sizes[kMessages];
  double least = 0; /* of the rounds: some have a step of the ratchet's or something else to do */
  for (int round = 0; round < kRounds; ++round) {
    const double began = now_ns();
    for (int message = 0; message < kMessages; ++message) {
      size_t size = 0;
      check(pawl_session_encrypted_size(them->to_bob, sizeof(g_plaintext), &size), "size");
      check(pawl_session_encrypt(them->to_bob, g_plaintext, sizeof(g_plaintext), envelopes[message],
                                 size, &sizes[message]),
            "encrypt");
    }
    const double spent = now_ns() - began;
    if (round == 0 || spent < least) least = spent;
    for (int message = 0; message < kMessages; ++message) {
      memcpy(g_envelope, envelopes[message], sizes[message]);
      decrypt(them->to_alice, sizes[message]);
    }
    decrypt(them->to_bob, encrypt(them->to_alice)); /* or a fresh session would be asked for */
  }
  printf("encrypt_1k %.1f\n", least / kMessages);
}

static pawl_client* open_offline(const char* folder) {
  static const uint8_t host_key[PAWL_KEY_SIZE] = {1};
  pawl_client_options options = PAWL_CLIENT_OPTIONS_INIT;
  pawl_client* client = NULL;
  char store[4096];
  snprintf(store, sizeof(store), "%s/store", folder);
  options.flags = PAWL_CLIENT_CREATE | PAWL_CLIENT_OFFLINE;
  options.store_dir = store;
  options.anchor_dir = folder;
  options.host_key = host_key;
  options.host_key_len = sizeof(host_key);
  options.relay_url = "wss://127.0.0.1:1";
  options.queue_capacity = 2 * kEvents;
  check(pawl_client_open(&options, &client), "open");
  return client;
}

/* Requests that fail at once: each leaves a completion in the queue. */
static void ask(pawl_client* client) {
  pawl_id nothing = {{0}};
  uint64_t request = 0;
  for (int event = 0; event < kEvents; ++event) {
    check(pawl_attachment_cancel(client, &nothing, &request), "cancel");
  }
}

static void take_all(pawl_client* client) {
  uint64_t sum = 0;
  int seen = 0;
  while (seen < kEvents) {
    pawl_events* events = NULL;
    check(pawl_client_wait_events(client, kBatch, 60000, &events), "wait_events");
    const size_t count = pawl_events_count(events);
    for (size_t index = 0; index < count; ++index) {
      const pawl_event* event = pawl_events_at(events, index);
      if (event->type != PAWL_EVENT_COMPLETED) continue;
      sum += event->request_id;
      ++seen;
    }
    pawl_events_release(events);
  }
  if (sum == 0) exit(1);
}

static void measure_events(const char* folder) {
  const struct timespec a_while = {1, 0};
  pawl_client* client = open_offline(folder);
  double began = now_ns();
  ask(client);
  take_all(client);
  printf("request %.1f\n", (now_ns() - began) / kEvents);
  ask(client);
  nanosleep(&a_while, NULL);
  began = now_ns();
  take_all(client);
  printf("event %.1f\n", (now_ns() - began) / kEvents);
  pawl_client_release(client);
}

int main(int argc, char** argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: bindings_measure FOLDER\n");
    return 2;
  }
  struct pair them = make_pair();
  measure_trivial(them.to_bob);
  measure_encrypt(&them);
  release_pair(&them);
  measure_events(argv[1]);
  return 0;
}
