#ifndef PAWL_TESTS_CAPI_WORLD_H_
#define PAWL_TESTS_CAPI_WORLD_H_

/* A real relay process on a free loopback port, and clients of it, in a folder of their own. */

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

typedef struct world {
  char dir[256];
  char url[256];
  int port_holder; /* keeps the port for the relay, also while none runs */
  char port[16];
  uint8_t pin[32];
  int has_pin;
  pid_t relay;
} world;

static inline void join(char out[512], const char* a, const char* between, const char* b) {
  CHECK(snprintf(out, 512, "%s%s%s", a, between, b) < 512);
}

static inline void world_path(const world* w, const char* name, char out[512]) {
  join(out, w->dir, "/", name);
}

static inline void world_parse_pin(world* w, const char* hex) {
  size_t i;
  for (i = 0; i < sizeof(w->pin); ++i) {
    unsigned byte = 0;
    CHECK(sscanf(hex + 2 * i, "%2x", &byte) == 1);
    w->pin[i] = (uint8_t)byte;
  }
  w->has_pin = 1;
}

/* Reads the relay's "url" and "pin" lines. */
static inline void world_read_greeting(world* w, int fd) {
  char line[512];
  FILE* lines = fdopen(fd, "r");
  CHECK(lines != NULL);
  w->url[0] = '\0';
  while (w->url[0] == '\0' || (strncmp(w->url, "wss", 3) == 0 && !w->has_pin)) {
    char word[16], value[256];
    CHECK(fgets(line, sizeof(line), lines) != NULL);
    if (sscanf(line, "%15s %255s", word, value) != 2) continue;
    if (strcmp(word, "url") == 0) snprintf(w->url, sizeof(w->url), "%s", value);
    if (strcmp(word, "pin") == 0) world_parse_pin(w, value);
  }
  fclose(lines); /* the relay says nothing more there */
}

/* Chooses the port. A socket that is bound and does not listen leaves it to a listener that is
 * bound with SO_REUSEADDR, too, and to nobody whom the system gives a port. */
static inline void world_hold_port(world* w) {
  const int on = 1;
  struct sockaddr_in address;
  socklen_t size = sizeof(address);
  memset(&address, 0, sizeof(address));
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  w->port_holder = socket(AF_INET, SOCK_STREAM, 0);
  CHECK(w->port_holder >= 0 && fcntl(w->port_holder, F_SETFD, FD_CLOEXEC) == 0);
  CHECK(setsockopt(w->port_holder, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0);
  CHECK(bind(w->port_holder, (struct sockaddr*)&address, size) == 0);
  CHECK(getsockname(w->port_holder, (struct sockaddr*)&address, &size) == 0);
  snprintf(w->port, sizeof(w->port), "%d", ntohs(address.sin_port));
}

static inline void world_start_relay(world* w, const char* tls) {
  const char* program = getenv("PAWL_RELAY");
  char data[512], listen[64], log[512];
  int ends[2];
  world_path(w, "relay", data);
  world_path(w, "relay.log", log);
  snprintf(listen, sizeof(listen), "127.0.0.1:%s", w->port);
  CHECK(pipe(ends) == 0);
  w->relay = fork();
  CHECK(w->relay >= 0);
  if (w->relay == 0) {
    const int err = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    dup2(ends[1], 1);
    dup2(err, 2);
    close(ends[0]);
    execl(program, program, "--listen", listen, "--data", data, "--domain", "example.org", tls,
          "--rate-scale", "1000", (char*)NULL);
    _exit(127);
  }
  close(ends[1]);
  world_read_greeting(w, ends[0]);
}

static inline void world_stop_relay(world* w, int sig) {
  int status = 0;
  if (w->relay <= 0) return;
  kill(w->relay, sig);
  CHECK(waitpid(w->relay, &status, 0) == w->relay);
  w->relay = 0;
}

/* Ends the program as skipped where there is no relay to run. */
static inline void world_begin(world* w, const char* tls) {
  char* made;
  memset(w, 0, sizeof(*w));
  if (getenv("PAWL_RELAY") == NULL) {
    fprintf(stderr, "skipped: PAWL_RELAY does not name a relay\n");
    exit(77);
  }
  snprintf(w->dir, sizeof(w->dir), "%s/pawl-capi-XXXXXX",
           access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
  made = mkdtemp(w->dir);
  CHECK(made != NULL);
  world_hold_port(w);
  world_start_relay(w, tls);
}

static inline void world_end(world* w) {
  char command[512];
  world_stop_relay(w, SIGTERM);
  close(w->port_holder);
  snprintf(command, sizeof(command), "rm -rf '%s'", w->dir);
  CHECK(system(command) == 0);
}

static inline pawl_client_options world_options(const world* w, const char* name,
                                                char paths[2][512]) {
  pawl_client_options options = PAWL_CLIENT_OPTIONS_INIT;
  world_path(w, name, paths[0]);
  join(paths[1], paths[0], "-", "anchor");
  options.flags = PAWL_CLIENT_CREATE;
  options.store_dir = paths[0];
  options.anchor_dir = paths[1];
  options.host_key = kKey;
  options.host_key_len = sizeof(kKey);
  options.relay_url = w->url;
  if (w->has_pin) {
    options.pinned_spki = w->pin;
    options.pinned_spki_len = sizeof(w->pin);
  }
  options.own_copy_delay_ms = 1;
  return options;
}

static inline pawl_client* world_open_with(const world* w, const char* name, uint32_t flags) {
  char paths[2][512];
  pawl_client* client = NULL;
  pawl_client_options options = world_options(w, name, paths);
  options.flags |= flags;
  OK(pawl_client_open(&options, &client));
  return client;
}

static inline pawl_client* world_open(const world* w, const char* name) {
  return world_open_with(w, name, 0);
}

/* --- waiting for events --- */

typedef struct wanted {
  int32_t type;
  int32_t state;       /* -1: any */
  uint64_t request_id; /* 0: any */
  const char* text;    /* of a message; NULL: any */
} wanted;

/* What the event that was waited for said, copied. */
typedef struct found {
  uint64_t seq;
  pawl_status status;
  int32_t state;
  pawl_id message_id;
  char address[PAWL_ADDRESS_SIZE];
  char text[4096];
  uint8_t data[8192];
  size_t data_len;
  uint64_t bytes_done;
} found;

static inline int matches(const pawl_event* event, const wanted* what) {
  if (event->type != what->type) return 0;
  if (what->state >= 0 && event->state != what->state) return 0;
  if (what->request_id != 0 && event->request_id != what->request_id) return 0;
  if (what->text == NULL) return 1;
  return event->message != NULL && event->message->content != NULL &&
         event->message->content->text != NULL &&
         strcmp(event->message->content->text, what->text) == 0;
}

static inline void copy_found(const pawl_event* event, found* out) {
  memset(out, 0, sizeof(*out));
  out->seq = event->seq;
  out->status = event->status;
  out->state = event->state;
  out->bytes_done = event->bytes_done;
  if (event->message_id != NULL) out->message_id = *event->message_id;
  if (event->address != NULL) snprintf(out->address, sizeof(out->address), "%s", event->address);
  if (event->text != NULL) snprintf(out->text, sizeof(out->text), "%s", event->text);
  if (event->data_len <= sizeof(out->data)) {
    if (event->data_len > 0) memcpy(out->data, event->data, event->data_len);
    out->data_len = event->data_len;
  }
}

enum { kPatienceS = 60 };

/* Of a clock that nobody sets. */
static inline time_t seconds_now(void) {
  struct timespec now;
  CHECK(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
  return now.tv_sec;
}

/* Waits for the event, acknowledging what comes before it. Fails the test when no event at all
 * comes for a minute. */
static inline found wait_for(pawl_client* client, wanted what, const char* why) {
  time_t until = seconds_now() + kPatienceS;
  found out;
  while (seconds_now() < until) {
    pawl_events* events = NULL;
    int is_found;
    const pawl_event* event;
    const pawl_status status = pawl_client_wait_events(client, 1, 500, &events);
    if (status == PAWL_E_TIMEOUT) continue;
    CHECK(status == PAWL_OK);
    event = pawl_events_at(events, 0);
    CHECK(event != NULL && pawl_events_at(events, 1) == NULL);
    until = seconds_now() + kPatienceS;
    is_found = matches(event, &what);
    if (event->seq != 0) OK(pawl_client_ack(client, event->seq));
    if (is_found) copy_found(event, &out);
    pawl_events_release(events);
    if (is_found) return out;
  }
  fprintf(stderr, "no event came: %s\n", why);
  exit(1);
}

/* A thread that takes events until the client is closed. */
static inline void* wait_forever(void* client) {
  pawl_events* events = NULL;
  pawl_status status = PAWL_OK;
  while (status == PAWL_OK) {
    status = pawl_client_wait_events(client, 16, -1, &events);
    pawl_events_release(events);
  }
  CHECK(status == PAWL_E_CLOSED || status == PAWL_E_BAD_HANDLE);
  return NULL;
}

static inline found wait_event(pawl_client* client, int32_t type, const char* why) {
  const wanted what = {type, -1, 0, NULL};
  return wait_for(client, what, why);
}

/* Waits for a request's end and gives its status. */
static inline found wait_done(pawl_client* client, uint64_t request, const char* why) {
  const wanted what = {PAWL_EVENT_COMPLETED, -1, request, NULL};
  return wait_for(client, what, why);
}

static inline found wait_text(pawl_client* client, const char* text) {
  const wanted what = {PAWL_EVENT_MESSAGE, -1, 0, text};
  return wait_for(client, what, text);
}

static inline found wait_state(pawl_client* client, int32_t type, int32_t state, const char* why) {
  const wanted what = {type, state, 0, NULL};
  return wait_for(client, what, why);
}

static inline void register_as(pawl_client* client, const char* address) {
  uint64_t request = 0;
  OK(pawl_account_register(client, address, NULL, &request));
  EXPECT(PAWL_OK, wait_done(client, request, "registration").status);
}

/* Makes contacts of two registered clients. */
static inline void befriend(pawl_client* a, pawl_client* b, const char* address_of_b) {
  uint64_t request = 0;
  found asked;
  OK(pawl_contact_request(a, address_of_b, "A", &request));
  EXPECT(PAWL_OK, wait_done(a, request, "contact request").status);
  asked = wait_event(b, PAWL_EVENT_CONTACT_REQUEST, "the request at the other side");
  OK(pawl_contact_answer(b, asked.address, 1, &request));
  EXPECT(PAWL_OK, wait_done(b, request, "contact answer").status);
  wait_state(a, PAWL_EVENT_CONTACT_ANSWER, PAWL_CONTACT_ACCEPTED, "the answer");
}

static inline pawl_conversation* talk_to(pawl_client* client, const char* address) {
  pawl_conversation* conversation = NULL;
  OK(pawl_conversation_open(client, address, &conversation));
  return conversation;
}

static inline pawl_id send_text(pawl_conversation* conversation, const char* text) {
  pawl_id id;
  uint64_t request = 0;
  OK(pawl_conversation_send_text(conversation, text, &id, &request));
  return id;
}

#endif /* PAWL_TESTS_CAPI_WORLD_H_ */
