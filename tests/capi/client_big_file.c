/* A big file goes through in constant memory: what both clients of this process, and the relay,
 * ever had resident is far less than the file, and less than 64 MiB. */

#include "files.h"
#include "world.h"

#define FILE_MIB 160
#define MOST_RESIDENT_MIB 64

/* Sanitizers keep memory of their own. */
#if defined(PAWL_SANITIZED)
#define COUNTED 0
#else
#define COUNTED 1
#endif

/* Mostly holes, which read as zeros; each MiB says which it is. */
static void make_file(const char* path) {
  FILE* file = fopen(path, "wb");
  long i;
  CHECK(file != NULL);
  for (i = 0; i < FILE_MIB; ++i) {
    CHECK(fseek(file, i * MIB, SEEK_SET) == 0);
    CHECK(fprintf(file, "this is MiB number %ld", i) > 0);
  }
  CHECK(fseek(file, (long)FILE_MIB * MIB - 1, SEEK_SET) == 0 && fputc('.', file) == '.');
  CHECK(fclose(file) == 0);
}

/* The most that the process ever had resident, in KiB. */
static long peak_of(pid_t pid) {
  char path[64], line[256];
  long peak = -1;
  FILE* status;
  snprintf(path, sizeof(path), "/proc/%ld/status", (long)pid);
  status = fopen(path, "r");
  if (status == NULL) return -1;
  while (peak < 0 && fgets(line, sizeof(line), status) != NULL) sscanf(line, "VmHWM: %ld", &peak);
  fclose(status);
  return peak;
}

static void check_peak(const char* who, pid_t pid) {
  const long peak = peak_of(pid);
  fprintf(stderr, "%s had at most %ld KiB resident\n", who, peak);
  if (COUNTED && peak >= 0) CHECK(peak < MOST_RESIDENT_MIB * 1024L);
}

int main(void) {
  world w;
  pawl_client *alice, *bob;
  pawl_conversation* to_bob;
  char from[512], to[512];
  uint64_t request = 0;
  pawl_attachment_options options = PAWL_ATTACHMENT_OPTIONS_INIT;
  pawl_id id;
  world_begin(&w, "--dev-cert");
  world_path(&w, "big", from);
  world_path(&w, "got", to);
  alice = world_open(&w, "alice");
  bob = world_open(&w, "bob");
  register_as(alice, "alice@example.org");
  register_as(bob, "bob@example.org");
  befriend(alice, bob, "bob@example.org");
  to_bob = talk_to(alice, "bob@example.org");

  make_file(from);
  options.caption = "big";
  OK(pawl_attachment_send_file(to_bob, from, &options, &id, &request));
  EXPECT(PAWL_OK, wait_done(alice, request, "upload").status);
  wait_text(bob, "big");
  OK(pawl_attachment_download(bob, &id, to, &request));
  EXPECT(PAWL_OK, wait_done(bob, request, "download").status);
  CHECK(check_same(from, to) == (size_t)FILE_MIB * MIB);
  check_peak("this process, with both clients,", getpid());
  check_peak("the relay", w.relay);

  pawl_conversation_release(to_bob);
  pawl_client_release(alice);
  pawl_client_release(bob);
  world_end(&w);
  return 0;
}
