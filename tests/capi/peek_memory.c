/* Peeking at a hundred messages stays below 8 MiB of memory beyond the library itself: measured in
 * a process of its own, from after the program is loaded to its peak, TLS and database included. */

#include "peek_world.h"

enum { kMessages = 100, kBoundKib = 8 * 1024 };

/* A number of /proc/self/status, in KiB. */
static long status_kib(const char* name) {
  char line[256];
  long value = -1;
  FILE* status = fopen("/proc/self/status", "r");
  CHECK(status != NULL);
  while (fgets(line, sizeof(line), status) != NULL) {
    if (strncmp(line, name, strlen(name)) == 0) value = strtol(line + strlen(name) + 1, NULL, 10);
  }
  fclose(status);
  CHECK(value >= 0);
  return value;
}

#if defined(PAWL_SANITIZED) /* its memory is not the program's: what is peeked at is looked at */
static long touched_kib(void) { return status_kib("VmRSS:"); }
static void notice(long before) { CHECK(before > 0); }
static int is_bounded(long before, long peak, long bound) {
  return before > 0 && peak > 0 && bound > 0;
}
#else
/* Every page of the program and its libraries: what is read of them later is not growth. */
static void touch_code(void) {
  char line[512];
  volatile uint8_t sum = 0;
  FILE* maps = fopen("/proc/self/maps", "r");
  CHECK(maps != NULL);
  while (fgets(line, sizeof(line), maps) != NULL) {
    unsigned long from, to, at;
    char access[8];
    if (sscanf(line, "%lx-%lx %7s", &from, &to, access) != 3) continue;
    if (access[0] != 'r' || strchr(line, '/') == NULL) continue;
    for (at = from; at < to; at += 4096) sum = (uint8_t)(sum + *(const volatile uint8_t*)at);
  }
  fclose(maps);
}

/* What is resident with all of them, which is the peak so far: pages that the system took away
 * meanwhile are read again. */
static long touched_kib(void) {
  long resident;
  int tries = 0;
  do {
    CHECK(++tries <= 100);
    touch_code();
    resident = status_kib("VmRSS:");
  } while (status_kib("VmHWM:") - resident > 256);
  return resident;
}

/* What is measured is what it is: memory beyond the bound shows. */
static void notice(long before) {
  const size_t size = (size_t)kBoundKib * 1024 + 65536;
  volatile uint8_t* waste = malloc(size);
  size_t at;
  CHECK(waste != NULL);
  for (at = 0; at < size; at += 1024) waste[at] = 1;
  touch_code();
  CHECK(status_kib("VmHWM:") - before > kBoundKib);
  free((void*)waste);
}

static int is_bounded(long before, long peak, long bound) { return peak - before <= bound; }
#endif

static int measure(const char* store, const char* anchors) {
  pawl_peek_options options = PAWL_PEEK_OPTIONS_INIT;
  pawl_peek* peek = NULL;
  pawl_peeked* page = NULL;
  long before, peak;
  options.store_dir = store;
  options.anchor_dir = anchors;
  options.host_key = kKey;
  options.host_key_len = sizeof(kKey);
  before = touched_kib();
  OK(pawl_peek_open(&options, &peek));
  OK(pawl_peek_fetch(peek, 30000, &page));
  CHECK(count_kind(page, PAWL_PEEK_MESSAGE) == kMessages);
  CHECK(find_text(page, "message 0") != NULL && find_text(page, "message 99") != NULL);
  peak = status_kib("VmHWM:");
  printf("%d messages: %ld KiB more than the library's %ld KiB\n", kMessages, peak - before,
         before);
  CHECK(is_bounded(before, peak, kBoundKib));
  notice(before);
  pawl_peeked_release(page);
  pawl_peek_release(peek);
  return 0;
}

int main(int argc, char** argv) {
  world w;
  pawl_client *alice, *bob;
  pawl_conversation* to_bob;
  char paths[2][512];
  int i, status = 0;
  pid_t child;
  if (argc == 3) return measure(argv[1], argv[2]);
  world_begin(&w, "--dev-cert");
  alice = world_open(&w, "alice");
  bob = world_open(&w, "bob");
  register_as(alice, "alice@example.org");
  register_as(bob, "bob@example.org");
  befriend(alice, bob, "bob@example.org");
  pawl_client_release(bob);
  to_bob = talk_to(alice, "bob@example.org");
  for (i = 0; i < kMessages; ++i) {
    static char text[40000]; /* every twentieth is about as long as a message gets */
    pawl_id id;
    uint64_t request = 0;
    memset(text, i % 20 == 10 ? 'x' : 0, sizeof(text) - 1);
    if (i % 20 != 10) snprintf(text, sizeof(text), "message %d", i);
    OK(pawl_conversation_send_text(to_bob, text, &id, &request));
    EXPECT(PAWL_OK, wait_done(alice, request, text).status);
  }
  /* All are at the relay when the last one is. */
  {
    pawl_peek* peek = peek_open(&w, "bob");
    pawl_peeked_release(peek_for(peek, "message 99"));
    pawl_peek_release(peek);
  }
  world_options(&w, "bob", paths);
  child = fork();
  CHECK(child >= 0);
  if (child == 0) {
    execl("/proc/self/exe", argv[0], paths[0], paths[1], (char*)NULL);
    _exit(127);
  }
  CHECK(waitpid(child, &status, 0) == child);
  pawl_conversation_release(to_bob);
  pawl_client_release(alice);
  world_end(&w);
  CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  return 0;
}
