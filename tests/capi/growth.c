/* Ten million calls leave nothing behind: the second half of each kind must not need more memory
 * than the first left. PAWL_GROWTH_CALLS is how many there are of all kinds together. */

#include "world.h"

#define MOST_GROWTH_KIB 512

typedef struct talk {
  pawl_identity *alice, *bob;
  pawl_buffer *alice_bundle, *bob_bundle;
  pawl_session *to_bob, *to_alice;
  uint8_t out[4096];
} talk;

/* Memory of its own, in RAM or swapped out: pages of files come and go as the system likes. */
static long own_kib(void) {
  char line[256];
  long kib = 0, part;
  int parts = 0;
  FILE* status = fopen("/proc/self/status", "r");
  CHECK(status != NULL);
  while (fgets(line, sizeof(line), status) != NULL) {
    if (sscanf(line, "RssAnon: %ld kB", &part) != 1 && sscanf(line, "VmSwap: %ld kB", &part) != 1) {
      continue;
    }
    kib += part;
    ++parts;
  }
  fclose(status);
  CHECK(parts == 2 && kib > 0);
  return kib;
}

static void one_way(talk* t, pawl_session* from, pawl_session* to) {
  static const uint8_t kText[256] = {1};
  uint8_t plain[512];
  size_t length = 0, plain_length = 0;
  OK(pawl_session_encrypt(from, kText, sizeof(kText), t->out, sizeof(t->out), &length));
  OK(pawl_session_decrypt(to, t->out, length, plain, sizeof(plain), &plain_length));
  CHECK(plain_length == sizeof(kText));
}

static void message(talk* t) {
  one_way(t, t->to_bob, t->to_alice);
  one_way(t, t->to_alice, t->to_bob);
}

static void forged(talk* t) {
  uint8_t plain[512];
  size_t length = 0;
  memset(t->out, 0x5a, 400);
  CHECK(pawl_session_decrypt(t->to_alice, t->out, 400, plain, sizeof(plain), &length) < 0);
}

static void too_small(talk* t) {
  size_t length = 0;
  EXPECT(PAWL_E_BUFFER_TOO_SMALL, pawl_session_encrypt(t->to_bob, t->out, 16, NULL, 0, &length));
}

static void trivial(talk* t) {
  pawl_session_info info = PAWL_SESSION_INFO_INIT;
  OK(pawl_session_get_info(t->to_bob, &info));
}

static void bundle(talk* t) {
  pawl_buffer* made = NULL;
  OK(pawl_identity_bundle(t->alice, &made));
  pawl_buffer_release(made);
}

static void handle(talk* t) {
  pawl_session* session = NULL;
  OK(pawl_session_initiate(t->alice, pawl_buffer_data(t->bob_bundle),
                           pawl_buffer_size(t->bob_bundle), NULL, &session));
  pawl_session_release(session);
}

static void refused_open(talk* t) {
  pawl_client* client = NULL;
  pawl_client_options options = PAWL_CLIENT_OPTIONS_INIT;
  (void)t;
  CHECK(pawl_client_open(&options, &client) < 0);
}

static void begin(talk* t) {
  size_t sealed = 0, plain = 0;
  memset(t, 0, sizeof(*t));
  OK(pawl_identity_create("alice@example.org", &t->alice));
  OK(pawl_identity_create("bob@example.org", &t->bob));
  OK(pawl_identity_bundle(t->alice, &t->alice_bundle));
  OK(pawl_identity_bundle(t->bob, &t->bob_bundle));
  OK(pawl_session_initiate(t->alice, pawl_buffer_data(t->bob_bundle),
                           pawl_buffer_size(t->bob_bundle), NULL, &t->to_bob));
  OK(pawl_session_encrypt(t->to_bob, (const uint8_t*)"hello", 5, t->out, sizeof(t->out), &sealed));
  OK(pawl_session_accept(t->bob, pawl_buffer_data(t->alice_bundle),
                         pawl_buffer_size(t->alice_bundle), NULL, t->out, sealed, t->out,
                         sizeof(t->out), &plain, &t->to_alice));
}

static void end(talk* t) {
  pawl_session_release(t->to_bob);
  pawl_session_release(t->to_alice);
  pawl_buffer_release(t->alice_bundle);
  pawl_buffer_release(t->bob_bundle);
  pawl_identity_release(t->alice);
  pawl_identity_release(t->bob);
}

static void repeat(talk* t, void (*call)(talk*), long calls) {
  long i;
  for (i = 0; i < calls; ++i) call(t);
}

int main(void) {
  /* What makes keys costs thousands of times what a trivial call does, and gets as many fewer
   * calls. */
  static const struct {
    const char* name;
    void (*call)(talk*);
    long share; /* of 10,000 */
  } kKinds[] = {
      {"trivial", trivial, 6000},
      {"too small", too_small, 2500},
      {"refused open", refused_open, 1200},
      {"forged", forged, 200},
      {"message", message, 50},
      {"bundle", bundle, 48},
      {"handle", handle, 2},
  };
  const char* asked = getenv("PAWL_GROWTH_CALLS");
  const long calls = asked != NULL ? atol(asked) : 10000000;
  size_t i;
  talk t;
  CHECK(calls >= 10000);
  begin(&t);
  for (i = 0; i < sizeof(kKinds) / sizeof(kKinds[0]); ++i) {
    const long half = calls / 10000 * kKinds[i].share / 2;
    long before, grown;
    repeat(&t, kKinds[i].call, half);
    before = own_kib();
    repeat(&t, kKinds[i].call, half);
    grown = own_kib() - before;
    printf("%-12s %8ld calls: %+ld KiB\n", kKinds[i].name, 2 * half, grown);
    CHECK(grown <= MOST_GROWTH_KIB);
  }
  end(&t);
  return 0;
}
