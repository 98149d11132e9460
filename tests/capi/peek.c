/* A notification service beside a client: it sees what waits while the client is closed, running,
 * suspended or another one; takes nothing, changes nothing, holds nothing. */

#include <pthread.h>

#include "peek_world.h"

typedef struct people {
  world* w;
  pawl_client *alice, *bob;
  pawl_conversation* to_bob;
  char bobs[512];
} people;

static void close_bob(people* p) {
  pawl_client_close(p->bob);
  pawl_client_release(p->bob);
  p->bob = NULL;
}

static void check_message(const pawl_peeked_item* item) {
  CHECK(item != NULL && item->kind == PAWL_PEEK_MESSAGE && item->status == PAWL_OK);
  CHECK(strcmp(item->address, "alice@example.org") == 0 && item->device_id == 1);
  CHECK(item->received_ms > 0 && item->text == NULL);
  CHECK(item->message->direction == PAWL_INCOMING);
  CHECK(item->message->state == PAWL_MESSAGE_RECEIVED);
  CHECK(strcmp(item->message->sender, "alice@example.org") == 0);
  CHECK(item->message->content->kind == PAWL_CONTENT_TEXT);
}

static void while_closed(people* p) {
  pawl_peek* peek;
  pawl_peeked* page;
  uint64_t before;
  pawl_id first, conversation;
  int i;
  close_bob(p);
  first = send_text(p->to_bob, "one");
  send_text(p->to_bob, "two");
  send_text(p->to_bob, "three");
  OK(pawl_conversation_id(p->to_bob, &conversation));
  before = store_hash(p->bobs);
  peek = peek_open(p->w, "bob");
  CHECK(held_locks(p->bobs) == 0);
  for (i = 0; i < 2; ++i) { /* nothing is taken: a second look sees the same */
    page = peek_for(peek, "three");
    check_message(find_text(page, "one"));
    check_message(find_text(page, "two"));
    check_message(find_text(page, "three"));
    CHECK(count_kind(page, PAWL_PEEK_MESSAGE) == 3 && count_kind(page, PAWL_PEEK_UNREADABLE) == 0);
    CHECK(memcmp(&find_text(page, "one")->message->id, &first, sizeof(first)) == 0);
    CHECK(memcmp(&find_text(page, "one")->message->conversation, &conversation,
                 sizeof(conversation)) == 0);
    CHECK(pawl_peeked_beyond(page) == 0);
    CHECK(pawl_peeked_at(page, pawl_peeked_count(page)) == NULL);
    CHECK(held_locks(p->bobs) == 0);
    pawl_peeked_release(page);
  }
  CHECK(store_hash(p->bobs) == before);
  pawl_peek_release(peek);
}

/* The client comes, gets everything as if nobody had looked, and keeps its connection. */
static void while_running(people* p) {
  char paths[2][512];
  pawl_client* second = NULL;
  pawl_peek* peek = peek_open(p->w, "bob");
  pawl_peeked* page = NULL;
  pawl_client_options options = world_options(p->w, "bob", paths);
  pawl_error_info error = PAWL_ERROR_INFO_INIT;
  p->bob = world_open(p->w, "bob");
  wait_text(p->bob, "one");
  wait_text(p->bob, "two");
  wait_text(p->bob, "three");
  EXPECT(PAWL_E_STORE_LOCKED, pawl_client_open(&options, &second));
  OK(pawl_last_error(&error));
  CHECK(strstr(error.message, "suspend") != NULL && error.retryable == 1);
  OK(pawl_peek_fetch(peek, 20000, &page));
  CHECK(count_kind(page, PAWL_PEEK_MESSAGE) == 0 && count_kind(page, PAWL_PEEK_UNREADABLE) == 0);
  pawl_peeked_release(page);
  send_text(p->to_bob, "four"); /* arrives on the connection that was not displaced */
  for (;;) {
    pawl_events* events = NULL;
    const pawl_event* event;
    int is_there;
    const pawl_status status = pawl_client_wait_events(p->bob, 1, 20000, &events);
    CHECK(status == PAWL_OK);
    event = pawl_events_at(events, 0);
    CHECK(event->type != PAWL_EVENT_CONNECTION || event->state == PAWL_CONNECTION_ONLINE);
    is_there = event->type == PAWL_EVENT_MESSAGE;
    if (event->seq != 0) OK(pawl_client_ack(p->bob, event->seq));
    pawl_events_release(events);
    if (is_there) break;
  }
  pawl_peek_release(peek);
}

/* Suspended, no lock is left; another process takes over, and the first one goes on from there. */
static void while_suspended(people* p) {
  pawl_conversation* to_alice = talk_to(p->bob, "alice@example.org");
  pawl_messages* history = NULL;
  pawl_peek* peek = peek_open(p->w, "bob");
  pawl_client* other;
  uint64_t request = 0;
  pawl_id id;
  int32_t has_changed = 7;
  CHECK(held_locks(p->bobs) > 0);
  OK(pawl_client_suspend(p->bob));
  OK(pawl_client_suspend(p->bob));
  CHECK(held_locks(p->bobs) == 0);
  EXPECT(PAWL_E_WRONG_STATE, pawl_conversation_history(to_alice, 0, 1, &history));
  OK(pawl_conversation_send_text(to_alice, "said while suspended", &id, &request));
  send_text(p->to_bob, "five");
  pawl_peeked_release(peek_for(peek, "five"));
  CHECK(held_locks(p->bobs) == 0);

  other = world_open(p->w, "bob"); /* as a second process would */
  wait_text(other, "five");
  EXPECT(PAWL_E_STORE_LOCKED, pawl_client_resume(p->bob, &has_changed));
  CHECK(has_changed == 0);
  pawl_client_close(other);
  pawl_client_release(other);

  OK(pawl_client_resume(p->bob, &has_changed));
  CHECK(has_changed == 1);
  EXPECT(PAWL_OK, wait_done(p->bob, request, "what was said while suspended").status);
  wait_text(p->alice, "said while suspended");
  send_text(p->to_bob, "six");
  wait_text(p->bob, "six");
  OK(pawl_conversation_history(to_alice, 0, 100, &history));
  CHECK(pawl_messages_count(history) == 7);
  pawl_messages_release(history);

  OK(pawl_client_suspend(p->bob));
  OK(pawl_client_resume(p->bob, &has_changed));
  CHECK(has_changed == 0);
  OK(pawl_client_resume(p->bob, NULL));
  send_text(to_alice, "and back again");
  wait_text(p->alice, "and back again");
  OK(pawl_client_suspend(p->bob)); /* closing a suspended client is fine */
  pawl_conversation_release(to_alice);
  close_bob(p);
  pawl_peek_release(peek);
}

static void strangers(people* p) {
  pawl_client* carol = world_open(p->w, "carol");
  pawl_peek* peek = peek_open(p->w, "bob");
  uint64_t request = 0;
  uint64_t before = store_hash(p->bobs);
  const time_t until = time(NULL) + 30;
  int found_it = 0;
  register_as(carol, "carol@example.org");
  OK(pawl_contact_request(carol, "bob@example.org", "Carol", &request));
  EXPECT(PAWL_OK, wait_done(carol, request, "contact request").status);
  while (!found_it && time(NULL) < until) {
    pawl_peeked* page = NULL;
    size_t i;
    OK(pawl_peek_fetch(peek, 20000, &page));
    for (i = 0; i < pawl_peeked_count(page); ++i) {
      const pawl_peeked_item* item = pawl_peeked_at(page, i);
      if (item->kind != PAWL_PEEK_REQUEST) continue;
      CHECK(strcmp(item->address, "carol@example.org") == 0 && item->device_id == 1);
      CHECK(strcmp(item->text, "Carol") == 0 && item->message == NULL);
      found_it = 1;
    }
    pawl_peeked_release(page);
  }
  CHECK(found_it);
  CHECK(store_hash(p->bobs) == before);
  pawl_peek_release(peek);
  pawl_client_release(carol);
}

static void garbage(people* p) {
  pawl_peek* peek = peek_open(p->w, "bob");
  pawl_peeked* page = NULL;
  static uint8_t noise[70000];
  memset(noise, 0x5a, sizeof(noise));
  OK(pawl_peek_envelope(peek, noise, 4096, &page));
  CHECK(pawl_peeked_count(page) == 1);
  CHECK(pawl_peeked_at(page, 0)->kind == PAWL_PEEK_UNREADABLE);
  CHECK(pawl_peeked_at(page, 0)->status != PAWL_OK);
  CHECK(pawl_peeked_at(page, 0)->address == NULL && pawl_peeked_at(page, 0)->message == NULL);
  pawl_peeked_release(page);
  OK(pawl_peek_envelope(peek, NULL, 0, &page));
  CHECK(pawl_peeked_at(page, 0)->kind == PAWL_PEEK_UNREADABLE);
  pawl_peeked_release(page);
  EXPECT(PAWL_E_TOO_LARGE, pawl_peek_envelope(peek, noise, sizeof(noise), &page));
  EXPECT(PAWL_E_INVALID_ARGUMENT, pawl_peek_envelope(peek, NULL, 5, &page));
  EXPECT(PAWL_E_INVALID_ARGUMENT, pawl_peek_fetch(peek, 0, &page));
  CHECK(page == NULL);
  CHECK(pawl_peeked_count(NULL) == 0 && pawl_peeked_at(NULL, 0) == NULL);
  CHECK(pawl_peeked_beyond(NULL) == 0);
  pawl_peek_close(peek);
  EXPECT(PAWL_E_CLOSED, pawl_peek_envelope(peek, noise, 256, &page));
  pawl_peek_release(peek);
  EXPECT(PAWL_E_BAD_HANDLE, pawl_peek_fetch(peek, 1000, &page));
}

static void refused(people* p) {
  static const uint8_t kOther[PAWL_KEY_SIZE] = {8};
  char paths[2][512], nothing[512];
  pawl_peek* peek = NULL;
  pawl_client* nobody;
  pawl_peek_options options = PAWL_PEEK_OPTIONS_INIT;
  world_options(p->w, "bob", paths);
  options.store_dir = paths[0];
  options.anchor_dir = paths[1];
  EXPECT(PAWL_E_INVALID_ARGUMENT, pawl_peek_open(&options, &peek));
  options.host_key = kOther;
  options.host_key_len = sizeof(kOther);
  EXPECT(PAWL_E_WRONG_KEY, pawl_peek_open(&options, &peek));
  options.host_key = kKey;
  world_path(p->w, "nothing", nothing);
  options.store_dir = nothing;
  EXPECT(PAWL_E_NOT_FOUND, pawl_peek_open(&options, &peek));
  CHECK(access(nothing, F_OK) != 0);
  nobody = world_open(p->w, "nobody");
  world_path(p->w, "nobody", nothing);
  EXPECT(PAWL_E_WRONG_STATE, pawl_peek_open(&options, &peek));
  pawl_client_release(nobody);
  options.struct_size = 4;
  EXPECT(PAWL_E_INVALID_ARGUMENT, pawl_peek_open(&options, &peek));
  CHECK(peek == NULL);
}

typedef struct {
  pawl_peek* peek;
  time_t seconds;
} closing;

static void* close_soon(void* of) {
  const closing* it = of;
  const struct timespec moment = {it->seconds, 300 * 1000 * 1000};
  nanosleep(&moment, NULL);
  pawl_peek_close(it->peek);
  return NULL;
}

/* Who closed before the call began closes later the next time. */
static pawl_peek* closed_meanwhile(people* p) {
  closing it = {NULL, 0};
  for (;;) {
    pawl_peeked* page = NULL;
    pthread_t closer;
    pawl_status status;
    it.peek = peek_open(p->w, "bob");
    CHECK(pthread_create(&closer, NULL, close_soon, &it) == 0);
    status = pawl_peek_fetch(it.peek, 120000, &page);
    pthread_join(closer, NULL);
    CHECK(page == NULL);
    if (status == PAWL_E_CANCELLED) return it.peek;
    EXPECT(PAWL_E_CLOSED, status);
    pawl_peek_release(it.peek);
    it.seconds = 2 * it.seconds + 1;
    CHECK(it.seconds < 60);
  }
}

/* Bounded in time, and ended by close, when there is no relay. */
static void without_relay(people* p) {
  pawl_peek* peek = peek_open(p->w, "bob");
  pawl_peeked* page = NULL;
  struct timespec began, ended;
  pawl_status status;
  world_stop_relay(p->w, SIGTERM);
  clock_gettime(CLOCK_MONOTONIC, &began);
  status = pawl_peek_fetch(peek, 700, &page);
  clock_gettime(CLOCK_MONOTONIC, &ended);
  CHECK(status == PAWL_E_DISCONNECTED || status == PAWL_E_TIMEOUT);
  CHECK(ended.tv_sec - began.tv_sec < 30);
  pawl_peek_release(peek);
  peek = closed_meanwhile(p);
  EXPECT(PAWL_E_CLOSED, pawl_peek_fetch(peek, 60000, &page));
  CHECK(page == NULL && held_locks(p->bobs) == 0);
  pawl_peek_release(peek);
}

int main(void) {
  world w;
  people p;
  world_begin(&w, "--dev-cert");
  memset(&p, 0, sizeof(p));
  p.w = &w;
  world_path(&w, "bob", p.bobs);
  p.alice = world_open(&w, "alice");
  p.bob = world_open(&w, "bob");
  register_as(p.alice, "alice@example.org");
  register_as(p.bob, "bob@example.org");
  befriend(p.alice, p.bob, "bob@example.org");
  p.to_bob = talk_to(p.alice, "bob@example.org");
  while_closed(&p);
  while_running(&p);
  while_suspended(&p);
  strangers(&p);
  garbage(&p);
  refused(&p);
  without_relay(&p);
  pawl_conversation_release(p.to_bob);
  pawl_client_release(p.alice);
  world_end(&w);
  puts("peeked, and nobody noticed");
  return 0;
}
