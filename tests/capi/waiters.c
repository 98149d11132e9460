/* Threads: closing a client wakes who waits for its events, whoever calls what meanwhile; the event
 * descriptor; many senders on one client; a full queue says so and says when it is not. */

#include <poll.h>
#include <pthread.h>

#include "world.h"

static void* poke(void* client) {
  int i;
  for (i = 0; i < 300; ++i) {
    pawl_contacts* contacts = NULL;
    pawl_account_info info = PAWL_ACCOUNT_INFO_INIT;
    pawl_status status = pawl_client_contacts(client, &contacts);
    CHECK(status == PAWL_OK || status == PAWL_E_CLOSED || status == PAWL_E_BAD_HANDLE);
    pawl_contacts_release(contacts);
    status = pawl_account_get_info(client, &info);
    CHECK(status == PAWL_OK || status == PAWL_E_BAD_HANDLE);
    status = pawl_client_set_online(client, i % 2);
    CHECK(status == PAWL_OK || status == PAWL_E_CLOSED || status == PAWL_E_BAD_HANDLE);
  }
  return NULL;
}

static void* close_it(void* client) {
  pawl_client_close(client);
  return NULL;
}

static void closing(const world* w) {
  int round;
  for (round = 0; round < 20; ++round) {
    pawl_client* client = world_open(w, "closing");
    pthread_t threads[6];
    int i;
    for (i = 0; i < 2; ++i) pthread_create(&threads[i], NULL, wait_forever, client);
    for (i = 2; i < 4; ++i) pthread_create(&threads[i], NULL, poke, client);
    if (round % 2) {
      const struct timespec moment = {0, 5000000};
      nanosleep(&moment, NULL);
    }
    for (i = 4; i < 6; ++i) pthread_create(&threads[i], NULL, close_it, client);
    pawl_client_close(client);
    if (round % 3 == 0) pawl_client_release(client); /* while calls are under way */
    for (i = 0; i < 6; ++i) pthread_join(threads[i], NULL);
    pawl_client_release(client);
  }
}

static int is_readable(int fd, int timeout) {
  struct pollfd entry;
  entry.fd = fd;
  entry.events = POLLIN;
  entry.revents = 0;
  return poll(&entry, 1, timeout) == 1;
}

static void descriptor(const world* w) {
  /* Nothing happens by itself. */
  pawl_client* client = world_open_with(w, "descriptor", PAWL_CLIENT_OFFLINE);
  pawl_events* events = NULL;
  uint64_t request = 0;
  int32_t fd = -1;
  OK(pawl_client_event_fd(client, &fd));
  OK(pawl_account_remove_device(client, 1, &request));
  wait_done(client, request, "a first request");
  CHECK(!is_readable(fd, 0));
  OK(pawl_account_remove_device(client, 1, &request)); /* refused: there is no account */
  CHECK(is_readable(fd, 60000) && is_readable(fd, 0));
  OK(pawl_client_wait_events(client, 100, 0, &events));
  CHECK(pawl_events_count(events) == 1);
  CHECK(pawl_events_at(events, 0)->request_id == request);
  CHECK(pawl_events_at(events, 0)->status < 0);
  pawl_events_release(events);
  CHECK(!is_readable(fd, 0));
  EXPECT(PAWL_E_INVALID_ARGUMENT, pawl_client_ack(client, 1));
  EXPECT(PAWL_E_INVALID_ARGUMENT, pawl_client_wait_events(client, 0, 0, &events));
  pawl_client_close(client);
  CHECK(is_readable(fd, 0));
  EXPECT(PAWL_E_CLOSED, pawl_client_wait_events(client, 1, 0, &events));
  EXPECT(PAWL_E_CLOSED, pawl_account_remove_device(client, 1, &request));
  pawl_client_release(client);
}

#define SENDERS 4
#define EACH 50

static void* send_many(void* conversation) {
  int i;
  for (i = 0; i < EACH; ++i) send_text(conversation, "one of many");
  return NULL;
}

static void many_senders(const world* w) {
  pawl_client *alice = world_open(w, "many-a"), *bob = world_open(w, "many-b");
  pawl_conversation* to_bob;
  pthread_t threads[SENDERS];
  int i;
  register_as(alice, "many.a@example.org");
  register_as(bob, "many.b@example.org");
  befriend(alice, bob, "many.b@example.org");
  to_bob = talk_to(alice, "many.b@example.org");
  for (i = 0; i < SENDERS; ++i) pthread_create(&threads[i], NULL, send_many, to_bob);
  for (i = 0; i < SENDERS; ++i) pthread_join(threads[i], NULL);
  for (i = 0; i < SENDERS * EACH; ++i) wait_text(bob, "one of many");
  pawl_client_release(alice);
  send_text(to_bob, "the conversation holds its client");
  wait_text(bob, "the conversation holds its client");
  pawl_conversation_release(to_bob);
  pawl_client_release(bob);
}

static void full_queue(const world* w) {
  char paths[2][512];
  pawl_client* client = NULL;
  pawl_client_options options = world_options(w, "full", paths);
  uint64_t request = 0;
  int refused = 0, i;
  options.queue_capacity = 4;
  OK(pawl_client_open(&options, &client));
  for (i = 0; i < 10; ++i) {
    const pawl_status status = pawl_account_remove_device(client, 1, &request);
    CHECK(status == PAWL_OK || (status == PAWL_E_WOULD_BLOCK && request == 0));
    refused += status == PAWL_E_WOULD_BLOCK;
  }
  CHECK(refused == 6);
  wait_event(client, PAWL_EVENT_DRAINED, "room again");
  OK(pawl_account_remove_device(client, 1, &request));
  wait_done(client, request, "what was asked when there was room");
  pawl_client_release(client);
}

int main(void) {
  world w;
  world_begin(&w, "--plain");
  closing(&w);
  descriptor(&w);
  many_senders(&w);
  full_queue(&w);
  world_end(&w);
  puts("threads may do as they like");
  return 0;
}
