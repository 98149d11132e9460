/* A client is closed while threads wait for its events and work on it: a thousand clients, three
 * threads each. Who waits is woken, who comes later is told that it is closed, and nobody touches
 * what is gone. */

#include <pthread.h>

#include "world.h"

#define ROUNDS 1000

static pawl_client* offline(const char* dir) {
  char anchor[512];
  pawl_client* client = NULL;
  pawl_client_options options = PAWL_CLIENT_OPTIONS_INIT;
  join(anchor, dir, "-", "anchor");
  options.flags = PAWL_CLIENT_CREATE | PAWL_CLIENT_OFFLINE;
  options.store_dir = dir;
  options.anchor_dir = anchor;
  options.host_key = kKey;
  options.host_key_len = sizeof(kKey);
  options.relay_url = "wss://127.0.0.1:1";
  OK(pawl_client_open(&options, &client));
  return client;
}

static void* work(void* client) {
  pawl_status status = PAWL_OK;
  while (status == PAWL_OK) {
    pawl_contacts* contacts = NULL;
    status = pawl_client_contacts(client, &contacts);
    pawl_contacts_release(contacts);
    if (status == PAWL_OK) status = pawl_client_set_online(client, 0);
  }
  CHECK(status == PAWL_E_CLOSED || status == PAWL_E_BAD_HANDLE);
  return NULL;
}

/* In every second round the waiters are certainly inside; in the others they may just be on their
 * way. */
static void close_one(const char* dir, int round) {
  const struct timespec moment = {0, 2000000};
  pawl_client* client = offline(dir);
  pthread_t threads[3];
  int i;
  for (i = 0; i < 2; ++i) CHECK(pthread_create(&threads[i], NULL, wait_forever, client) == 0);
  CHECK(pthread_create(&threads[2], NULL, work, client) == 0);
  if (round % 2) nanosleep(&moment, NULL);
  pawl_client_close(client);
  if (round % 3 == 0) pawl_client_release(client); /* while calls may be under way */
  for (i = 0; i < 3; ++i) CHECK(pthread_join(threads[i], NULL) == 0);
  pawl_client_release(client);
}

int main(void) {
  char dir[512], command[1100], store[512];
  int round;
  snprintf(dir, sizeof(dir), "%s/pawl-closing-XXXXXX",
           access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
  CHECK(mkdtemp(dir) != NULL);
  join(store, dir, "/", "store");
  for (round = 0; round < ROUNDS; ++round) close_one(store, round);
  CHECK(snprintf(command, sizeof(command), "rm -rf '%s'", dir) < (int)sizeof(command));
  CHECK(system(command) == 0);
  puts("a thousand clients were closed under three threads each");
  return 0;
}
