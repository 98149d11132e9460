/* Option structs by the rules of struct_size, and what opening a client may be refused for. */

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static char dir[256];
static char store[512], anchors[512];

static pawl_client_options base(void) {
  pawl_client_options options = PAWL_CLIENT_OPTIONS_INIT;
  options.flags = PAWL_CLIENT_CREATE | PAWL_CLIENT_OFFLINE;
  options.store_dir = store;
  options.anchor_dir = anchors;
  options.host_key = kKey;
  options.host_key_len = sizeof(kKey);
  options.relay_url = "ws://127.0.0.1:9";
  return options;
}

static pawl_status try_open(const pawl_client_options* options) {
  pawl_client* client = NULL;
  const pawl_status status = pawl_client_open(options, &client);
  CHECK((status == PAWL_OK) == (client != NULL));
  pawl_client_release(client);
  return status;
}

static void sizes(void) {
  struct {
    pawl_client_options known;
    uint64_t newer;
  } grown;
  pawl_client_options options = base();
  options.struct_size = 0;
  EXPECT(PAWL_E_INVALID_ARGUMENT, try_open(&options));
  options.struct_size = 4;
  EXPECT(PAWL_E_INVALID_ARGUMENT, try_open(&options));
  options.struct_size = sizeof(options) - 8;
  EXPECT(PAWL_E_INVALID_ARGUMENT, try_open(&options));
  options.struct_size = 1 << 30;
  EXPECT(PAWL_E_INVALID_ARGUMENT, try_open(&options));

  grown.known = base();
  grown.known.struct_size = sizeof(grown);
  grown.newer = 0;
  OK(try_open(&grown.known));
  grown.newer = 1;
  EXPECT(PAWL_E_INVALID_ARGUMENT, try_open(&grown.known));
}

static void results(void) {
  pawl_client_options options = base();
  pawl_client* client = NULL;
  struct {
    pawl_account_info known;
    uint64_t newer;
  } grown;
  OK(pawl_client_open(&options, &client));
  memset(&grown, 0, sizeof(grown));
  grown.known.struct_size = sizeof(grown);
  grown.newer = 77;
  OK(pawl_account_get_info(client, &grown.known));
  CHECK(grown.newer == 77 && grown.known.struct_size == sizeof(grown));
  CHECK(grown.known.state == PAWL_ACCOUNT_NONE);
  grown.known.struct_size = 8;
  EXPECT(PAWL_E_INVALID_ARGUMENT, pawl_account_get_info(client, &grown.known));
  pawl_client_release(client);
}

static void refusals(void) {
  static const uint8_t kPins[33] = {1};
  pawl_client_options o = base();
  o.flags = 1u << 30;
  EXPECT(PAWL_E_INVALID_ARGUMENT, try_open(&o));
  o = base();
  o.store_dir = NULL;
  EXPECT(PAWL_E_INVALID_ARGUMENT, try_open(&o));
  o = base();
  o.host_key_len = 31;
  EXPECT(PAWL_E_INVALID_ARGUMENT, try_open(&o));
  o = base();
  o.passphrase = "and a passphrase";
  EXPECT(PAWL_E_INVALID_ARGUMENT, try_open(&o));
  o = base();
  o.host_key = NULL;
  o.host_key_len = 0;
  EXPECT(PAWL_E_INVALID_ARGUMENT, try_open(&o));
  o = base();
  o.pinned_spki = kPins;
  o.pinned_spki_len = 33;
  EXPECT(PAWL_E_INVALID_ARGUMENT, try_open(&o));
  o = base();
  o.relay_url = "ws://relay.example.org";
  EXPECT(PAWL_E_INVALID_ARGUMENT, try_open(&o));
  o.relay_url = "http://127.0.0.1";
  EXPECT(PAWL_E_INVALID_ARGUMENT, try_open(&o));
  o = base();
  o.log_level = 9;
  EXPECT(PAWL_E_INVALID_ARGUMENT, try_open(&o));
  o = base();
  o.queue_capacity = UINT32_MAX;
  EXPECT(PAWL_E_INVALID_ARGUMENT, try_open(&o));
}

static void stores(void) {
  static const uint8_t kOther[PAWL_KEY_SIZE] = {1};
  char missing[600];
  pawl_client_options o = base();
  pawl_client *client = NULL, *second = NULL;
  OK(try_open(&o));
  o.host_key = kOther;
  EXPECT(PAWL_E_WRONG_KEY, try_open(&o));
  o = base();
  o.host_key = NULL;
  o.host_key_len = 0;
  o.passphrase = "not how it was made";
  EXPECT(PAWL_E_WRONG_KEY, try_open(&o));
  o = base();
  o.flags = PAWL_CLIENT_OFFLINE;
  snprintf(missing, sizeof(missing), "%s-none", store);
  o.store_dir = missing;
  EXPECT(PAWL_E_NOT_FOUND, try_open(&o));
  o = base();
  OK(pawl_client_open(&o, &client));
  EXPECT(PAWL_E_STORE_LOCKED, pawl_client_open(&o, &second));
  pawl_client_close(client);
  OK(pawl_client_open(&o, &second)); /* close gave the store back */
  pawl_client_release(second);
  pawl_client_release(client);
  o.relay_url = NULL; /* remembered */
  OK(try_open(&o));
}

/* The generation that the host is asked to keep. */
static uint64_t wait_anchor(pawl_client* client) {
  int tries;
  for (tries = 0; tries < 100; ++tries) {
    pawl_events* events = NULL;
    uint64_t generation = 0;
    size_t i;
    if (pawl_client_wait_events(client, 16, 500, &events) != PAWL_OK) continue;
    for (i = 0; i < pawl_events_count(events); ++i) {
      const pawl_event* event = pawl_events_at(events, i);
      if (event->type == PAWL_EVENT_ANCHOR) generation = event->generation;
    }
    pawl_events_release(events);
    if (generation != 0) return generation;
  }
  CHECK(!"the host was never asked");
  return 0;
}

static void the_host_may_keep_the_anchor(void) {
  pawl_client_options o = base();
  pawl_client* client = NULL;
  uint64_t kept;
  o.flags |= PAWL_CLIENT_HOST_ANCHOR;
  OK(pawl_client_open(&o, &client));
  kept = wait_anchor(client);
  OK(pawl_client_anchor_kept(client, kept));
  pawl_client_release(client);
  o.anchor_generation = kept + 1000; /* as if this were an older copy: it opens, and goes beyond */
  OK(pawl_client_open(&o, &client));
  CHECK(wait_anchor(client) > kept + 1000);
  pawl_client_release(client);
}

/* A lock of a sanitizer's allocator that the client's thread held would be held in the child for
 * ever: there the client has no threads meanwhile. */
#if defined(PAWL_SANITIZED)
static void before_fork(pawl_client* client) { OK(pawl_client_suspend(client)); }
static void after_fork(pawl_client* client) { OK(pawl_client_resume(client, NULL)); }
#else
static void before_fork(pawl_client* client) { (void)client; }
static void after_fork(pawl_client* client) { (void)client; }
#endif

static void a_forked_child_is_told(void) {
  pawl_client_options o = base();
  pawl_client* client = NULL;
  pawl_identity* identity = NULL;
  int status = 0;
  pid_t child;
  OK(pawl_client_open(&o, &client));
  OK(pawl_identity_create("a@b.c", &identity));
  before_fork(client);
  child = fork();
  CHECK(child >= 0);
  if (child == 0) {
    char out[64];
    size_t length;
    pawl_identity* own = NULL;
    EXPECT(PAWL_E_FORKED, pawl_client_set_online(client, 1));
    EXPECT(PAWL_E_FORKED, pawl_identity_address(identity, out, sizeof(out), &length));
    pawl_client_close(client);
    pawl_client_release(client);
    pawl_identity_release(identity);
    OK(pawl_identity_create("c@d.e", &own));
    pawl_identity_release(own);
    _exit(0);
  }
  CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
  after_fork(client);
  OK(pawl_client_set_online(client, 0));
  pawl_identity_release(identity);
  pawl_client_release(client);
}

static int lines;
static void count_line(void* user, int32_t level, const char* line) {
  CHECK(user == &lines && level >= PAWL_LOG_DEBUG && level <= PAWL_LOG_ERROR && line[0] != '\0');
  ++lines;
}

static void logging(void) {
  pawl_client_options o = base();
  pawl_client* client = NULL;
  o.flags = PAWL_CLIENT_CREATE;
  o.log = count_line;
  o.log_user = &lines;
  o.log_level = PAWL_LOG_DEBUG;
  OK(pawl_client_open(&o, &client));
  pawl_client_release(client);
}

int main(void) {
  char command[600];
  snprintf(dir, sizeof(dir), "%s/pawl-options-XXXXXX",
           access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
  CHECK(mkdtemp(dir) != NULL);
  snprintf(store, sizeof(store), "%s/store", dir);
  snprintf(anchors, sizeof(anchors), "%s/anchors", dir);
  sizes();
  results();
  refusals();
  stores();
  the_host_may_keep_the_anchor();
  a_forked_child_is_told();
  logging();
  snprintf(command, sizeof(command), "rm -rf '%s'", dir);
  CHECK(system(command) == 0);
  puts("options are as documented");
  return 0;
}
